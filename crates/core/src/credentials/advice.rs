//! The advice for Entra ID's most frequent errors. The meaning of each code is from
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.

/// Returns the advice for the first known code, or general advice.
pub(super) fn for_codes(codes: &[i64], setting: &str) -> String {
    let known = codes.iter().find_map(|code| for_code(*code, setting));
    known.unwrap_or_else(|| {
        codes.first().map_or_else(
            || "The service's logs have details under these ids".to_owned(),
            |code| format!("See https://login.microsoftonline.com/error?code={code}"),
        )
    })
}

/// Returns the advice for a tool with a login of its own, which no setting here can correct.
pub(super) fn for_login(codes: &[i64], application_login: &str) -> String {
    const SETTING: &str = "\u{0}";
    let is_about_proof = |code: &i64| for_code(*code, SETTING).is_some_and(|advice| advice.contains(SETTING));
    if codes.iter().any(is_about_proof) {
        return format!(
            "The application's secret, certificate or assertion that it logged in with is refused. Log in again with: \
             {application_login}"
        );
    }
    for_codes(codes, SETTING)
}

fn for_code(code: i64, setting: &str) -> Option<String> {
    Some(match code {
        7_000_215 => format!(
            "Check {setting}: it must be the secret's value, not its id, and belong to this application. A new one is made with: az ad app credential reset"
        ),
        7_000_222 => format!("The secret or certificate has expired: create a new one (az ad app credential reset) and set {setting} to it"),
        7_000_218 => format!("The request had no client secret or assertion: check {setting}"),
        700_016 => "Check the client id and the tenant: the application is not registered, or has no service principal, in this tenant".to_owned(),
        90_002 | 900_023 => "Check the tenant id, and that the authority is that of the tenant's cloud".to_owned(),
        70_011 | 1_002_012 => "Check the endpoint or scope: with client credentials it must be the resource's identifier followed by /.default".to_owned(),
        500_011 | 650_057 => "Check the endpoint or scope: the tenant has no service principal for this resource".to_owned(),
        53_003 | 53_000 | 530_034 => "A conditional access policy forbids it: ask the tenant's administrator".to_owned(),
        7_000_112 | 7_000_113 => "The application is disabled in this tenant: ask the tenant's administrator".to_owned(),
        7_000_229 => "The application has no service principal in this tenant: create it with: az ad sp create --id <client id>".to_owned(),
        _ => return of_assertions(code, setting),
    })
}

fn of_assertions(code: i64, setting: &str) -> Option<String> {
    Some(match code {
        700_027 => format!("Check {setting}: the certificate must be one of the application's (Microsoft Entra admin center, Certificates & secrets), not expired, and the machine's clock must be right"),
        700_030 => format!("Check {setting}: the certificate is not valid for this application; with a chain (x5c) its issuer and subject name must be trusted there"),
        700_023 => "The assertion's audience is not the token endpoint: check the tenant id and the authority".to_owned(),
        700_024 => format!("The assertion has expired or is not valid yet: check that {setting} gives a fresh one, and that the machine's clock is right"),
        700_021 => format!("The assertion names another application: its issuer and subject must be the client id. Check the client id and {setting}"),
        50_027 => format!("Check {setting}: Entra ID cannot read what it returns as a signed token"),
        70_021 | 700_213 | 7_002_137 | 7_002_138 => format!("No federated credential of the application has this subject: compare the subject in the answer with the application's federated credentials (letter case counts), and check {setting}"),
        700_211 => "No federated credential of the application has this issuer: add one (az ad app federated-credential create), or correct its issuer".to_owned(),
        700_212 => "No federated credential of the application has this audience: request the audience that it names (by default api://AzureADTokenExchange)".to_owned(),
        700_025 => "The application is registered as a public client, which proves nothing: allow it confidential flows, or check the client id".to_owned(),
        7_000_214 | 7_000_277 => format!("The certificate has been revoked: get a new one, add it to the application and set {setting} to it"),
        1_000_502 | 7_000_274 => format!("The certificate has expired or is not valid yet: renew it, add it to the application and set {setting} to it"),
        50_013 => "The user's assertion cannot be used: it must be an access token whose audience is this application, not expired, and issued by this tenant".to_owned(),
        500_131 => "The user's assertion is for another audience: it must be an access token for this application".to_owned(),
        65_001 => "Consent is missing: the user or an administrator has to grant the application the permissions that the scope asks for".to_owned(),
        50_076 | 50_079 => "The user has to sign in with more than a password: hand the claims of this error back to the client, which signs the user in with them".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_code_has_its_advice_and_names_the_setting() {
        assert!(for_codes(&[7_000_215], "ARM_CLIENT_SECRET").contains("Check ARM_CLIENT_SECRET"));
    }

    #[test]
    fn assertions_have_advice_of_their_own() {
        for code in [700_024, 700_027, 70_021, 700_211, 700_212, 700_213, 7_000_229, 700_030, 50_013, 65_001] {
            let advice = for_codes(&[code], "ARM_OIDC_TOKEN");
            assert!(!advice.contains("login.microsoftonline.com/error"), "{code}: {advice}");
        }
        assert!(for_codes(&[700_024], "ARM_OIDC_TOKEN").contains("ARM_OIDC_TOKEN"));
    }

    #[test]
    fn the_codes_with_advice_are_those_in_the_table_of_troubleshooting() {
        const PAPER: &str = include_str!("../../../../TROUBLESHOOTING.md");
        let (_, section) = PAPER.split_once("## ERR_AUTHENTICATION").unwrap();
        let (section, _) = section.split_once("\n## ").unwrap();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
        let mut documented: Vec<i64> =
            rows.flat_map(|codes| codes.split(',')).filter_map(|code| code.trim().parse().ok()).collect();
        documented.sort_unstable();
        // AADSTS numbers have five to seven digits.
        let advised: Vec<_> = (10_000..10_000_000).filter(|code| for_code(*code, "X").is_some()).collect();
        assert_eq!(documented, advised);
    }

    #[test]
    fn a_tool_has_no_setting_to_check() {
        for code in (10_000..10_000_000).filter(|code| for_code(*code, "X").is_some()) {
            let advice = for_login(&[code], "az login");
            assert!(!advice.contains('\u{0}') && !advice.contains("Check : "), "{code}: {advice}");
        }
        assert!(for_login(&[7_000_215], "az login --service-principal").ends_with("with: az login --service-principal"));
        assert!(for_login(&[500_011], "az login").starts_with("Check the endpoint"));
    }

    #[test]
    fn an_unknown_code_leads_to_its_page() {
        assert!(for_codes(&[123], "X").ends_with("code=123"));
        assert!(!for_codes(&[], "X").is_empty());
    }
}
