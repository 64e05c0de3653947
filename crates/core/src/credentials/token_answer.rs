//! Reads the answer of a token service, and checks every token of a service or program.

use super::expiry;
use crate::{
    transport::Answer,
    types::{AccessToken, CredentialKind, Error, ErrorKind, Phase, Secret, TenantId, TokenIdentity, UnixMillis},
};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// Why a token cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenFault {
    Missing,
    Characters,
    NoExpiry,
    Expired,
}

impl TokenFault {
    /// Returns the fault as the end of a sentence: "the answer has no token".
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Missing => "has no access_token",
            Self::Characters => "has an access_token with characters that no header can carry",
            Self::NoExpiry => "does not say when the token expires",
            Self::Expired => "has a token that has already expired (check the machine's clock)",
        }
    }
}

/// Checks that a header can carry the token.
pub(super) fn check_text(token: &str) -> Result<(), TokenFault> {
    if token.is_empty() {
        return Err(TokenFault::Missing);
    }
    token.bytes().all(|byte| byte.is_ascii_graphic()).then_some(()).ok_or(TokenFault::Characters)
}

/// Returns the token's end if it is plausible.
pub(super) fn checked_end(end: Option<UnixMillis>, now: UnixMillis) -> Result<UnixMillis, TokenFault> {
    expiry::plausible(end.ok_or(TokenFault::NoExpiry)?, now).ok_or(TokenFault::Expired)
}

/// A token in the form in which Entra ID (RFC 6749 §5.1) and the hosts of managed identities return it. Each has its
/// own letter case and number format.
#[derive(Deserialize)]
pub(super) struct TokenAnswer<'a> {
    #[serde(borrow)]
    access_token: Option<Cow<'a, str>>,
    token_type: Option<String>,
    #[serde(default)]
    expires_on: Value,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    refresh_in: Value,
}

impl<'a> TokenAnswer<'a> {
    pub(super) fn parse(answer: &'a Answer) -> Result<Self, Error> {
        let parsed: Self = serde_json::from_slice(&answer.body).map_err(|_| malformed(answer, "is not JSON"))?;
        check_text(parsed.text()).map_err(|fault| malformed(answer, fault.in_words()))?;
        Ok(parsed)
    }

    /// Returns the end: the named time, or the one that is the given lifetime ahead.
    pub(super) fn end(&self, now: UnixMillis) -> Option<UnixMillis> {
        expiry::moment(&self.expires_on).or_else(|| self.end_by_lifetime(now))
    }

    /// Returns the time that is the given lifetime ahead.
    pub(super) fn end_by_lifetime(&self, now: UnixMillis) -> Option<UnixMillis> {
        expiry::ahead(&self.expires_in, now)
    }

    /// Returns whether it is a bearer token. Services that return no other type may omit the type.
    pub(super) fn is_bearer(&self) -> bool {
        self.token_type.as_deref().is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"))
    }

    /// Returns the token with this end.
    pub(super) fn token(
        self,
        end: Option<UnixMillis>,
        now: UnixMillis,
        (source, tenant): (CredentialKind, Option<TenantId>),
    ) -> Result<AccessToken, TokenFault> {
        let expires_on = checked_end(end, now)?;
        let refresh_after = expiry::ahead(&self.refresh_in, now);
        Ok(AccessToken {
            token: Secret::new(self.access_token.unwrap_or_default()),
            expires_on,
            refresh_after: refresh_after.filter(|moment| (now + 1..expires_on).contains(moment)),
            tenant,
            identity: TokenIdentity::default(),
            source,
            attempts: Vec::new(),
            cached_in: None,
        })
    }

    fn text(&self) -> &str {
        self.access_token.as_deref().unwrap_or_default()
    }
}

/// Returns the error for an answer that is not the service's own. Its body is never shown.
pub(super) fn malformed(answer: &Answer, what: &str) -> Error {
    let kind = answer.content_type.as_deref().unwrap_or("no content type");
    let message = format!(
        "the answer {what} (status {}, {}, {} bytes): check whether a proxy on the way to the token endpoint answers in its place",
        answer.status,
        answer.redaction.readable(kind),
        answer.body.len()
    );
    Error::new(ErrorKind::Network, message).with_phase(Phase::Response)
}
