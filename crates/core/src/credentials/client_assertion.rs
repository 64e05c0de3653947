//! A service principal that authenticates with an assertion: of an OIDC provider, of AKS, or of the program itself.

use super::{
    assertion::{fetched, is_renewable, AssertionSpec},
    azure_identity::with_assertion,
    descriptor::{Descriptor, CACHE_KEY, CLIENT_ID, FMI_PATH, GET_ASSERTION, TENANT_ID},
    presented_assertion,
    principal::{Principal, ServicePrincipal},
    route::Route,
    token_proxy::{self, TokenProxySpec},
    Acquisition, Credential,
};
use crate::{
    config::options::Options,
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    types::{AccessToken, CredentialKind, Error, Secret},
};
use async_trait::async_trait;

/// A service principal with an assertion that another identity provider signs: of the kinds `clientAssertion`, `oidc`
/// and `workloadIdentity`.
#[derive(Clone, Debug)]
pub struct ClientAssertionSpec {
    /// The application that the assertion authenticates.
    pub principal: ServicePrincipal,
    /// Where the assertion comes from.
    pub assertion: AssertionSpec,
    /// The setting that contains or names it.
    pub setting: String,
    /// The AKS identity-binding proxy, if one is used.
    pub token_proxy: Option<TokenProxySpec>,
}

pub(crate) const DESCRIPTOR: Descriptor<ClientAssertionSpec> =
    Descriptor::of_application(&[TENANT_ID, CLIENT_ID, GET_ASSERTION, CACHE_KEY, FMI_PATH], |_, options| {
        ClientAssertionSpec::of_options(options)
    });

impl ClientAssertionSpec {
    pub(crate) fn of_options(options: &Options<'_>) -> Result<Self, Error> {
        Ok(Self {
            principal: ServicePrincipal::of_options(options)?,
            assertion: AssertionSpec::of_callback(options)?,
            setting: options.named("getAssertion"),
            token_proxy: None,
        })
    }
}

impl KeyPart for ClientAssertionSpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { principal, assertion, setting: _, token_proxy } = self;
        let key = key.with(principal).with(assertion);
        match token_proxy {
            Some(proxy) => key.part([1]).with(proxy),
            None => key.part([0]),
        }
    }
}

impl NamePart for ClientAssertionSpec {
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { principal, assertion, setting: _, token_proxy } = self;
        let name = assertion.add_to_name(reach, principal.add_to_name(reach, name)?)?;
        match (reach, token_proxy) {
            (Reach::Machine(_), Some(proxy)) => Some(name.part([1]).with(proxy)),
            (Reach::Machine(_), None) | (Reach::Fleet, _) => Some(name.part([0])),
        }
    }
}

/// Entra ID's code for an assertion that has expired.
const ASSERTION_EXPIRED: i64 = 700_024;

impl ClientAssertionSpec {
    async fn fetched(&self, acquisition: &Acquisition) -> Result<Secret, Error> {
        fetched(&self.assertion, &self.setting, acquisition).await
    }
}

#[async_trait]
impl Credential for ClientAssertionSpec {
    async fn token(&self, kind: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error> {
        let principal = Principal {
            kind,
            tenant: acquisition.tenant_or(&self.principal.tenant),
            client_id: &self.principal.client_id,
            setting: &self.setting,
            fmi_path: self.principal.fmi_path.as_deref(),
        };
        let mut route = match &self.token_proxy {
            Some(proxy) => token_proxy::route(proxy, acquisition, principal.tenant).await?,
            None => Route::of_application(acquisition, principal.tenant)?,
        };
        let assertion = self.fetched(acquisition).await?;
        route.sent_before = self.assertion.secrets();
        match presented(&route, acquisition, &principal, &assertion).await {
            Err(expired) if is_expired(&expired) && is_renewable(&self.assertion) => {
                // The assertion may have been renewed meanwhile. The same one would be refused again.
                let renewed = self.fetched(acquisition).await?;
                if renewed == assertion {
                    return Err(expired);
                }
                route.sent_before.push(assertion);
                presented(&route, acquisition, &principal, &renewed).await
            }
            other => other,
        }
    }

    fn set_probe(&mut self, probe: bool) {
        self.assertion.set_probe(probe);
    }

    fn principal(&self) -> Option<&ServicePrincipal> {
        Some(&self.principal)
    }

    fn is_of_application(&self) -> bool {
        true
    }
}

/// Gets the token for that assertion. The error of a refusal says what was presented, without its secrets.
async fn presented(
    route: &Route,
    acquisition: &Acquisition,
    principal: &Principal<'_>,
    assertion: &Secret,
) -> Result<AccessToken, Error> {
    let explained = |error| presented_assertion::explained(error, assertion, &route.sent_before);
    with_assertion(route, acquisition, principal, assertion.clone()).await.map_err(explained)
}

/// Returns whether Entra ID refused the assertion because it has expired.
pub(super) fn is_expired(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.error_codes.contains(&ASSERTION_EXPIRED))
}
