use super::{is_shown_id, AccessToken, Error, ErrorKind, TokenIdentity};

/// Returns an error for a token that does not have the expected identity, or does not state it.
///
/// # Errors
/// [`ErrorKind::UnexpectedIdentity`]
pub(crate) fn check_identity(token: &AccessToken, expected: &TokenIdentity) -> Result<(), Error> {
    if *expected == TokenIdentity::default() {
        return Ok(());
    }
    let found = TokenIdentity::of(token.token.expose());
    let pairs = expected.ids().into_iter().zip(found.ids());
    let differences: Vec<_> =
        pairs.filter_map(|((name, expected), (_, found))| difference(name, expected, found)).collect();
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the token of the {} is refused: {}. Choose the credential that expect describes, or correct expect",
        token.source.in_words(),
        differences.join(", and ")
    );
    Err(Error::new(ErrorKind::UnexpectedIdentity, message).with_identities(expected.clone(), shown_ids(&found)))
}

/// Entra ID's ids are GUIDs, in which case is ignored.
fn difference(name: &str, expected: Option<&str>, found: Option<&str>) -> Option<String> {
    let expected = expected?;
    match found {
        Some(found) if found.eq_ignore_ascii_case(expected) => None,
        Some(found) => Some(format!("its {name} is {}, and expect requires {expected}", shown(found))),
        None => Some(format!("it has no {name}, and expect requires {expected}")),
    }
}

fn shown_ids(identity: &TokenIdentity) -> TokenIdentity {
    let [tenant_id, client_id, object_id] = identity.ids().map(|(_, id)| id.map(shown));
    TokenIdentity { tenant_id, client_id, object_id }
}

fn shown(id: &str) -> String {
    if is_shown_id(id, []) {
        return id.to_owned();
    }
    format!("({} characters, not shown)", id.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{CredentialKind, Secret};
    use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
    use serde_json::{json, Value};

    const TENANT: &str = "7b795fb9-09d3-42f4-a494-38864f99ba3c";
    const CLIENT: &str = "e8b1c0de-0000-4000-8000-000000000001";

    fn token(text: String) -> AccessToken {
        AccessToken {
            token: Secret::new(text),
            expires_on: 1,
            refresh_after: None,
            tenant: None,
            identity: TokenIdentity::default(),
            source: CredentialKind::AzureCli,
            attempts: Vec::new(),
            cached_in: None,
        }
    }

    fn token_with(claims: &Value) -> AccessToken {
        token(format!("e30.{}.s", URL_SAFE_NO_PAD.encode(claims.to_string())))
    }

    fn expected(tenant: Option<&str>, client: Option<&str>, object: Option<&str>) -> TokenIdentity {
        let owned = |id: Option<&str>| id.map(str::to_owned);
        TokenIdentity { tenant_id: owned(tenant), client_id: owned(client), object_id: owned(object) }
    }

    #[test]
    fn a_token_of_another_identity_or_of_none_is_refused() {
        let own = token_with(&json!({ "tid": TENANT.to_uppercase(), "appid": CLIENT }));
        assert!(check_identity(&own, &expected(Some(TENANT), Some(CLIENT), None)).is_ok());
        assert!(check_identity(&token("opaque".to_owned()), &TokenIdentity::default()).is_ok());
        let rows = [
            (expected(Some(CLIENT), None, None), own.clone(), "its tenantId is"),
            (expected(None, Some(TENANT), None), own.clone(), "its clientId is"),
            (expected(Some(TENANT), None, Some(CLIENT)), own, "it has no objectId"),
            (expected(Some(TENANT), None, None), token("opaque".to_owned()), "it has no tenantId"),
        ];
        for (expected, token, words) in rows {
            let error = check_identity(&token, &expected).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedIdentity);
            assert!(error.message().contains(words) && !error.retryable(), "{error}");
            assert_eq!(error.identities().unwrap().0, expected);
        }
    }

    #[test]
    fn a_claim_that_is_no_guid_is_not_shown() {
        let secret = "Zk7wQp2LmX9vRt4Bn8sY";
        let claims = json!({ "tid": secret, "appid": secret, "oid": secret });
        let error = check_identity(&token_with(&claims), &expected(Some(TENANT), None, None)).unwrap_err();
        let found = &error.identities().unwrap().1;
        let hidden = "(20 characters, not shown)";
        assert!(error.message().contains(hidden) && !error.message().contains(secret), "{error}");
        assert!(found.ids().iter().all(|(_, id)| *id == Some(hidden)), "{found:?}");
    }
}
