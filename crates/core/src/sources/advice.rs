//! What to do about Entra ID's most frequent refusals. The meaning of each code is from
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.

/// The advice for the first code that is known, or a general one.
pub(super) fn for_codes(codes: &[i64], setting: &str) -> String {
    let known = codes.iter().find_map(|code| for_code(*code, setting));
    known.unwrap_or_else(|| {
        codes.first().map_or_else(
            || "The service's logs have more under the ids given here".to_owned(),
            |code| format!("See https://login.microsoftonline.com/error?code={code}"),
        )
    })
}

fn for_code(code: i64, setting: &str) -> Option<String> {
    Some(match code {
        7_000_215 => format!(
            "Check {setting}: it must be the secret's value, not its id, and belong to this application. A new one is made with: az ad app credential reset"
        ),
        7_000_222 => format!("The secret has expired: make a new one (az ad app credential reset) and set {setting} to its value"),
        7_000_218 => format!("No secret arrived: check {setting}"),
        700_016 => "Check the client id and the tenant: the application is not registered, or has no service principal, in this tenant".to_owned(),
        90_002 | 900_023 => "Check the tenant id, and that the authority is that of the tenant's cloud".to_owned(),
        70_011 | 1_002_012 => "Check the endpoint or scope: with client credentials it must be the resource's identifier followed by /.default".to_owned(),
        500_011 | 650_057 => "Check the endpoint or scope: the tenant has no service principal for this resource".to_owned(),
        53_003 | 53_000 | 530_034 => "A conditional access policy forbids it: ask the tenant's administrator".to_owned(),
        7_000_112 | 7_000_113 => "The application is disabled in this tenant: ask the tenant's administrator".to_owned(),
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
    fn an_unknown_code_leads_to_its_page() {
        assert!(for_codes(&[123], "X").ends_with("code=123"));
        assert!(!for_codes(&[], "X").is_empty());
    }
}
