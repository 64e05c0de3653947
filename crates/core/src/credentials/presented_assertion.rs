//! Adds the issuer, subject and audience of a refused assertion to the error: Entra ID compares them, case included,
//! with the application's federated credentials.

use crate::{
    transport::Redaction,
    types::{claims_in, suspicion, Error, Secret, Suspicion},
};
use serde_json::Value;

/// No federated credential matches (70021), its issuer (700211), audience (700212), subject (700213), its pattern
/// (7002137), or the subject but for letter case (7002138).
const UNMATCHED: [i64; 6] = [70_021, 700_211, 700_212, 700_213, 7_002_137, 7_002_138];

/// The longest id that is shown. A subject has at most 600 characters (Microsoft Graph, federatedIdentityCredential);
/// most have about fifty.
const LONGEST: usize = 200;

const GITHUB: &str = "token.actions.githubusercontent.com";

/// Sources: GitHub's changelog of 2026-04-23; Microsoft Learn, "Migrate GitHub Actions federated credentials to
/// immutable subjects".
const IMMUTABLE: &str = " Since July 15, 2026 GitHub writes the ids of the owner and the repository into the subject \
    (repo:owner@id/repository@id:…) where a repository is new, renamed, transferred or has opted in: the federated \
    credential must have the same form";

/// Adds issuer, subject and audience of the refused assertion to the error. Secrets that were sent to get the assertion
/// are removed, because its service may have put them there.
pub(super) fn explained(error: Error, assertion: &Secret, sent_before: &[Secret]) -> Error {
    let is_unmatched =
        error.refusal().is_some_and(|refusal| refusal.error_codes.iter().any(|code| UNMATCHED.contains(code)));
    let Some(claims) = is_unmatched.then(|| claims_in::<Value>(assertion.expose())).flatten() else { return error };
    let redaction = Redaction::default().and(sent_before.iter().cloned());
    let [issuer, subject, audience] = ["iss", "sub", "aud"].map(|name| text(&claims[name], &redaction));
    let immutable = if issuer.contains(GITHUB) { IMMUTABLE } else { "" };
    let message = format!(
        "{}. The presented token has the issuer {issuer}, the subject {subject} and the audience {audience}.{immutable}",
        error.message()
    );
    error.with_message(message)
}

fn text(value: &Value, redaction: &Redaction) -> String {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Array(values) => values.first().and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    };
    if text.is_empty() {
        return "(none)".to_owned();
    }
    // `repo:owner@id` is not the user part of an address.
    let is_secret = |suspicion| suspicion != Suspicion::User || text.contains("://");
    if suspicion(text).is_some_and(is_secret) {
        return format!("({} characters, not shown)", text.chars().count());
    }
    redaction.readable(text).chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::EntraRefusal;
    use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};

    fn message(code: i64, claims: &str) -> String {
        let assertion = Secret::new(format!("eyJ.{}.signature", URL_SAFE_NO_PAD.encode(claims)));
        let refusal = EntraRefusal { error_codes: vec![code], ..EntraRefusal::default() };
        explained(Error::refused("refused", refusal), &assertion, &[Secret::new("Zk7wQp2LmX9vRt4Bn8sY")])
            .message()
            .to_owned()
    }

    #[test]
    fn the_error_shows_what_was_presented_if_nothing_matches_it() {
        let claims =
            r#"{"iss":"https://sts.example","sub":"sc://o/p/c","aud":["api://AzureADTokenExchange"],"jti":"m"}"#;
        let wanted = "refused. The presented token has the issuer https://sts.example, the subject sc://o/p/c and the \
                      audience api://AzureADTokenExchange.";
        assert_eq!(message(700_213, claims), wanted);
        assert_eq!(message(700_024, claims), "refused");
        assert_eq!(message(700_213, "no claims"), "refused");
    }

    #[test]
    fn githubs_change_is_named_for_githubs_tokens() {
        let claims = r#"{"iss":"https://token.actions.githubusercontent.com","sub":"repo:o/r:ref:refs/heads/main"}"#;
        let message = message(700_213, claims);
        assert!(message.contains("the subject repo:o/r:ref:refs/heads/main and the audience (none)"), "{message}");
        let immutable = super::text(&"repo:o@1/r@2:ref:refs/heads/main".into(), &Redaction::default());
        assert_eq!(immutable, "repo:o@1/r@2:ref:refs/heads/main");
        assert!(message.contains("July 15, 2026") && message.contains("repo:owner@id/repository@id"), "{message}");
    }

    #[test]
    fn what_looks_like_a_secret_is_not_shown() {
        let message = message(700_213, &format!(r#"{{"sub":"{}"}}"#, "Ab1+".repeat(20)));
        assert!(message.contains("the subject (80 characters, not shown)"), "{message}");
        let user = r#"{"iss":"https://user:w0rd@host","sub":"repo:o@1/r@2"}"#;
        let message = super::tests::message(700_213, user);
        assert!(message.contains("the issuer (22 characters, not shown), the subject repo:o@1/r@2"), "{message}");
    }

    #[test]
    fn secrets_sent_to_get_the_assertion_are_removed_before_anything_is_cut() {
        let subject = format!("{}Zk7wQp2LmX9vRt4Bn8sY", "x ".repeat(95));
        let message = message(700_213, &format!(r#"{{"sub":"{subject}","aud":["to Zk7wQp2LmX9vRt4Bn8sY"]}}"#));
        assert!(message.contains("x *** and the audience to ***") && !message.contains("Zk7w"), "{message}");
    }
}
