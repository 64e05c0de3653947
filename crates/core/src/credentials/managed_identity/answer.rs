use crate::{
    credentials::token_answer::{malformed, TokenAnswer},
    transport::Answer,
    types::{AccessToken, CredentialKind, Error, UnixMillis},
};

/// Returns the token of a successful answer.
pub(in crate::credentials) fn token(answer: &Answer, now: UnixMillis) -> Result<AccessToken, Error> {
    let parsed = TokenAnswer::parse(answer)?;
    let end = parsed.end(now);
    let token = parsed.token(end, now, (CredentialKind::ManagedIdentity, None));
    token.map_err(|fault| malformed(answer, fault.in_words()))
}
