use super::super::{entra::malformed, expiry};
use crate::{
    transport::Answer,
    types::{AccessToken, CredentialKind, Error, Secret, UnixMillis},
};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// A token as all of these services answer with it, in the letters and numbers of each.
#[derive(Deserialize)]
struct TokenAnswer<'a> {
    #[serde(borrow)]
    access_token: Option<Cow<'a, str>>,
    #[serde(default)]
    expires_on: Value,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    refresh_in: Value,
}

/// The token of a successful answer.
pub(in crate::credentials) fn token(answer: &Answer, now: UnixMillis) -> Result<AccessToken, Error> {
    let parsed: TokenAnswer<'_> = serde_json::from_slice(&answer.body).map_err(|_| malformed(answer, "is not JSON"))?;
    let token = parsed.access_token.as_deref().unwrap_or_default();
    if token.is_empty() {
        return Err(malformed(answer, "has no access_token"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed(answer, "has an access_token with characters that no header can carry"));
    }
    let named = expiry::moment(&parsed.expires_on).or_else(|| expiry::ahead(&parsed.expires_in, now));
    let Some(moment) = named else { return Err(malformed(answer, "does not say when the token expires")) };
    let Some(expires_on) = expiry::plausible(moment, now) else {
        return Err(malformed(answer, "has a token that has already expired (is the machine's clock right?)"));
    };
    Ok(AccessToken {
        token: Secret::new(token),
        expires_on,
        refresh_after: expiry::ahead(&parsed.refresh_in, now).filter(|moment| (now..expires_on).contains(moment)),
        tenant: None,
        source: CredentialKind::ManagedIdentity,
        attempts: Vec::new(),
        cached_in: None,
    })
}
