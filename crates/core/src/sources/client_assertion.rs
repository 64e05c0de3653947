//! A service principal that another identity provider vouches for: OIDC, AKS workload identity, the program itself.

use super::{
    assertion::{fetched, is_renewable},
    azure_identity::with_assertion,
    presented,
    principal::Principal,
    route::Route,
    token_proxy, Acquisition, TokenSource,
};
use crate::{
    config::ClientAssertionSpec,
    types::{AccessToken, Error, Secret},
};
use async_trait::async_trait;

/// The assertion had expired when it arrived.
const ASSERTION_EXPIRED: i64 = 700_024;

pub(super) struct ClientAssertion(ClientAssertionSpec);

impl ClientAssertion {
    pub(super) fn new(spec: ClientAssertionSpec) -> Self {
        Self(spec)
    }

    async fn fetched(&self, acquisition: &Acquisition) -> Result<Secret, Error> {
        fetched(&self.0.assertion, &self.0.setting, acquisition).await
    }
}

#[async_trait]
impl TokenSource for ClientAssertion {
    async fn token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let spec = &self.0;
        let principal = Principal {
            kind: spec.kind,
            tenant: acquisition.tenant_or(&spec.principal.tenant),
            client_id: &spec.principal.client_id,
            setting: &spec.setting,
            fmi_path: spec.principal.fmi_path.as_deref(),
        };
        let route = match &spec.token_proxy {
            Some(proxy) => token_proxy::route(proxy, acquisition, principal.tenant).await?,
            None => Route::of_application(acquisition, principal.tenant)?,
        };
        let assertion = self.fetched(acquisition).await?;
        let told = |error| presented::told(error, &assertion);
        match with_assertion(&route, acquisition, &principal, assertion.clone()).await.map_err(told) {
            Err(expired) if is_expired(&expired) && is_renewable(&spec.assertion) => {
                // It may have been renewed in the meantime; the same one again would be refused again.
                let renewed = self.fetched(acquisition).await?;
                if renewed == assertion {
                    return Err(expired);
                }
                with_assertion(&route, acquisition, &principal, renewed.clone())
                    .await
                    .map_err(|error| presented::told(error, &renewed))
            }
            other => other,
        }
    }
}

/// Whether the service found the assertion too old.
pub(super) fn is_expired(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.error_codes.contains(&ASSERTION_EXPIRED))
}
