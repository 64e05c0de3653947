//! The only file that uses `azure_identity`: it makes a new credential for each acquisition, to build one request that
//! goes over our transport. The crate's cache, errors and environment variables are not used.

use super::{
    claims::AddField, entra::Answered, pipeline::client_options, principal::Principal, route::Route, Acquisition,
};
use crate::{
    transport::{Exchange, RetryRules},
    types::{AccessToken, Error, ErrorKind, Secret},
};
use ::azure_identity::{ClientAssertion, ClientAssertionCredential, ClientAssertionCredentialOptions};
use async_trait::async_trait;
use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::TokenCredential,
    http::{ClientMethodOptions, ClientOptions},
};
use std::{fmt, sync::Arc};

/// Sends one `client_credentials` request with the credential that `build` makes.
pub(super) async fn client_credentials(
    acquisition: &Acquisition,
    principal: &Principal<'_>,
    build: impl FnOnce(ClientOptions) -> azure_core::Result<Arc<dyn TokenCredential>>,
) -> Result<AccessToken, Error> {
    let route = Route::of_application(acquisition, principal.tenant)?;
    client_credentials_by(&route, acquisition, principal, build).await
}

/// Sends one `client_credentials` request with an existing assertion (RFC 7523 §2.2).
pub(super) async fn with_assertion(
    route: &Route,
    acquisition: &Acquisition,
    principal: &Principal<'_>,
    assertion: Secret,
) -> Result<AccessToken, Error> {
    client_credentials_by(route, acquisition, principal, |client_options| {
        let credential = ClientAssertionCredential::new(
            principal.tenant.as_str().to_owned(),
            principal.client_id.as_str().to_owned(),
            Ready(assertion),
            Some(ClientAssertionCredentialOptions { client_options }),
        )?;
        Ok(credential)
    })
    .await
}

/// An assertion that is already there. Getting it has its own errors.
struct Ready(Secret);

#[async_trait]
impl ClientAssertion for Ready {
    async fn secret(&self, _options: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        Ok(self.0.expose().to_owned())
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ready")
    }
}

async fn client_credentials_by(
    route: &Route,
    acquisition: &Acquisition,
    principal: &Principal<'_>,
    build: impl FnOnce(ClientOptions) -> azure_core::Result<Arc<dyn TokenCredential>>,
) -> Result<AccessToken, Error> {
    let exchange = acquisition.exchange(&RetryRules::ENTRA, &route.transport);
    let credential = build(options(route, acquisition, principal, &exchange)).map_err(|error| unexpected(&error))?;
    let scopes: Vec<_> = acquisition.scopes.as_slice().iter().map(String::as_str).collect();
    let result = exchange.during(credential.get_token(&scopes, None)).await;
    let mut answer = match (exchange.outcome(), &result) {
        (Some(outcome), _) => outcome?,
        (None, Err(error)) => return Err(unexpected(error)),
        (None, Ok(_)) => {
            return Err(Error::new(ErrorKind::Internal, "azure_identity returned a token without an answer"))
        }
    };
    answer.redaction = answer.redaction.and(route.sent_before.iter().cloned());
    let answered = Answered { principal, host: &route.service, answer: &answer };
    answered.token(acquisition.host.clock.now())
}

fn options(
    route: &Route,
    acquisition: &Acquisition,
    principal: &Principal<'_>,
    exchange: &Arc<Exchange>,
) -> ClientOptions {
    let mut custom = CustomConfiguration::default();
    acquisition.cloud.authority.as_str().clone_into(&mut custom.authority_host);
    let mut per_call_policies = acquisition.claims.policies();
    per_call_policies.extend(principal.fmi_path.map(|path| AddField::policy("fmi_path", path)));
    per_call_policies.push(route.policy());
    ClientOptions {
        per_call_policies,
        // Always set: without it the credential would read the process's environment.
        cloud: Some(Arc::new(CloudConfiguration::Custom(custom))),
        ..client_options(exchange)
    }
}

/// The settings are already checked, so this is a defect of this package and not the user's mistake.
fn unexpected(error: &azure_core::Error) -> Error {
    Error::new(ErrorKind::Internal, "the request for a token could not be made").with_causes(vec![error.to_string()])
}
