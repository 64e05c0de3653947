//! Layer 8: the result of `explain()`: which credential is chosen, and why the others are not.

use crate::{
    config::Considered,
    credentials::CredentialSpec,
    service::{Client, Service, TokenRequest},
    types::{shown, AccessToken, Attempt, AttemptOutcome, CachedIn, CredentialKind, Error, Scopes},
};
use std::time::Duration;

/// What was considered and tried for a token. It contains names and never a value.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The kind that gave the token, or that failed.
    pub source: Option<CredentialKind>,
    /// Where its token was kept; absent if a service gave it, or if there is none.
    pub cached_in: Option<CachedIn>,
    /// The scopes as far as they may be shown; empty if the cloud, and so the default endpoint, could not be found.
    pub scopes: Vec<String>,
    /// Every credential that was considered, in order, and the origin of each setting.
    pub considered: Considered,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// Why there is no token.
    pub error: Option<Error>,
}

impl Service {
    /// Asks for a token, and returns how it was got or why it was not.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the request itself is invalid.
    pub async fn explain(&self, client: &Client, request: &TokenRequest) -> Result<Explanation, Error> {
        let (call, start) = (self.call(client, request)?, self.now());
        // A cloud that could not be found is not asked for again: the token would fail for the same reason.
        let (scopes, outcome) = match self.cloud(&call).await {
            Ok(cloud) => (Some(call.scopes_in(&cloud)), self.answer(call).await),
            Err(error) => (call.scopes, self.logged(client, Err(error))),
        };
        let (source, attempts) = match &outcome {
            Ok((token, _)) => of_token(token),
            Err(error) => of_error(&client.settings().credential, error, self.now() - start),
        };
        Ok(Explanation {
            source,
            cached_in: outcome.as_ref().ok().and_then(|(token, _)| token.cached_in),
            scopes: scopes.as_ref().map(shown_scopes).unwrap_or_default(),
            considered: client.settings().considered.clone(),
            attempts,
            error: outcome.err(),
        })
    }
}

/// A program may pass a token as a scope, or an address with a password in it.
fn shown_scopes(scopes: &Scopes) -> Vec<String> {
    scopes.as_slice().iter().map(|scope| shown("a scope", scope).into_owned()).collect()
}

fn of_token(token: &AccessToken) -> (Option<CredentialKind>, Vec<Attempt>) {
    (Some(token.source), token.attempts.clone())
}

/// If a call ends before a source is asked (its time is up, or the cloud cannot be found), that counts as the source's
/// failure.
fn of_error(credential: &CredentialSpec, error: &Error, duration: Duration) -> (Option<CredentialKind>, Vec<Attempt>) {
    let source = credential.kind();
    if let Some(last) = error.attempts().last() {
        let failed = (last.outcome == AttemptOutcome::Failed || source != CredentialKind::Chain).then_some(last.source);
        return (failed, error.attempts().to_vec());
    }
    if source == CredentialKind::Chain {
        return (None, Vec::new());
    }
    let reason = Some(error.message().to_owned());
    (Some(source), vec![Attempt { source, outcome: AttemptOutcome::Failed, reason, duration }])
}
