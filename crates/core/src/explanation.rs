//! Floor 8: which credential the settings lead to, and why not the others.

use crate::{
    config::{ConsideredSource, CredentialSpec},
    service::{scopes, Client, Service, TokenRequest},
    types::{AccessToken, Attempt, AttemptOutcome, CredentialKind, Error, ErrorKind},
};
use std::{sync::Arc, time::Duration};

/// What was considered and tried for a token; names only, never a value.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The kind that gave the token, or would have been the one to do so.
    pub source: Option<CredentialKind>,
    /// What was asked for; nothing where the cloud, and with it the default endpoint, could not be found out.
    pub scopes: Vec<String>,
    /// Every credential that was considered, in order.
    pub considered: Vec<ConsideredSource>,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
}

impl Service {
    /// Asks for a token, and tells what led to it or kept it from coming.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] where the request itself makes no sense.
    pub async fn explain(&self, client: &Client, request: &TokenRequest) -> Result<Explanation, Error> {
        let start = self.means(client, self.until(client, request)).host.clock.instant();
        let outcome = self.client_token(client, request).await;
        let (source, attempts) = match outcome {
            Ok(token) => told_by_token(&token),
            Err(error) if is_about_the_request(&error) => return Err(error),
            Err(error) => told_by_error(&client.settings().credential, &error, start.elapsed()),
        };
        let cloud = self.cloud(client, self.until(client, request)).await.ok().and_then(Result::ok);
        let scopes = cloud.map(|cloud| scopes(&cloud, request)).transpose()?;
        let scopes = scopes.map(|scopes| scopes.as_slice().to_vec()).unwrap_or_default();
        Ok(Explanation { source, scopes, considered: client.settings().considered.clone(), attempts })
    }
}

fn told_by_token(token: &Arc<AccessToken>) -> (Option<CredentialKind>, Vec<Attempt>) {
    (Some(token.source), token.attempts.clone())
}

/// A mistake that was found before anything was tried.
fn is_about_the_request(error: &Error) -> bool {
    error.kind() == ErrorKind::Configuration && error.attempts().is_empty() && error.host().is_none()
}

/// What ended before a source was asked (the time was up, the cloud could not be found out) counts as its failure.
fn told_by_error(
    credential: &CredentialSpec,
    error: &Error,
    duration: Duration,
) -> (Option<CredentialKind>, Vec<Attempt>) {
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
