//! The only file that knows how `azure_identity` is driven: a fresh credential for each acquisition, as a builder
//! of one request, over our transport. Its cache, its errors and its environment reading are not used.

use super::{
    entra::{self, Refused},
    Acquisition,
};
use crate::{
    transport::{Exchange, RetryRule},
    types::{AccessToken, ClientId, CredentialKind, Error, ErrorKind, Secret, TenantId},
};
use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::TokenCredential,
    http::{ClientOptions, RetryOptions, Transport, UserAgentOptions},
};
use std::sync::Arc;

/// Who asks, for the errors.
pub(crate) struct Principal<'a> {
    pub(crate) kind: CredentialKind,
    pub(crate) tenant: &'a TenantId,
    pub(crate) client_id: &'a ClientId,
    /// The setting that holds what proves it.
    pub(crate) setting: &'a str,
}

/// One `client_credentials` request with the credential that `build` makes.
pub(super) async fn client_credentials(
    acquisition: &Acquisition,
    principal: &Principal<'_>,
    build: impl FnOnce(ClientOptions) -> azure_core::Result<Arc<dyn TokenCredential>>,
) -> Result<AccessToken, Error> {
    let exchange =
        Exchange::new(Arc::clone(&acquisition.transport), acquisition.deadline.clone(), entra::normalised_token);
    let credential = build(client_options(acquisition, &exchange)).map_err(|error| unexpected(&error))?;
    let scopes: Vec<_> = acquisition.scopes.as_slice().iter().map(String::as_str).collect();
    let result = credential.get_token(&scopes, None).await;
    let answer = match (exchange.outcome(), &result) {
        (Some(outcome), _) => outcome?,
        (None, Err(error)) => return Err(unexpected(error)),
        (None, Ok(_)) => return Err(Error::new(ErrorKind::Internal, "a token came from nowhere")),
    };
    if !answer.is_success() {
        return Err(Refused { principal, acquisition, answer: &answer }.into_error());
    }
    let token = result.map_err(|error| unexpected(&error))?;
    let lifetime = entra::lifetime(&answer, acquisition.clock.now())?;
    Ok(AccessToken {
        token: Secret::new(token.token.secret()),
        expires_on: lifetime.expires_on,
        refresh_after: lifetime.refresh_after,
        tenant: Some(principal.tenant.clone()),
        source: principal.kind,
        attempts: Vec::new(),
    })
}

fn client_options(acquisition: &Acquisition, exchange: &Arc<Exchange>) -> ClientOptions {
    let mut custom = CustomConfiguration::default();
    acquisition.cloud.authority.as_str().clone_into(&mut custom.authority_host);
    ClientOptions {
        per_call_policies: acquisition.claims.policies(),
        transport: Some(Transport::new(Arc::clone(exchange) as Arc<_>)),
        retry: RetryOptions::custom(RetryRule::new(Arc::clone(exchange))),
        // Always named: without it the credential would read the process's environment.
        cloud: Some(Arc::new(CloudConfiguration::Custom(custom))),
        user_agent: UserAgentOptions { application_id: Some("azure-client-token".to_owned()) },
        ..ClientOptions::default()
    }
}

/// The settings are checked before, so that this is a defect of ours, not the user's mistake.
fn unexpected(error: &azure_core::Error) -> Error {
    Error::new(ErrorKind::Internal, "the request for a token could not be made").with_causes(vec![error.to_string()])
}
