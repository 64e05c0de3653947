//! Floor 4: how each kind of credential gets its token. One file a kind.

mod advice;
mod assertion;
mod azure_identity;
mod claims;
mod client_assertion;
mod client_certificate;
mod client_secret;
pub(crate) mod entra;
mod on_behalf_of;
mod pipeline;
mod route;
mod token_proxy;

pub(crate) use azure_identity::Principal;
pub(crate) use claims::RequestedClaims;

use crate::{
    certificates::Shelf,
    config::CredentialSpec,
    host::{Host, Log},
    transport::{Answer, Deadline, Exchange, RetryRules, Transport},
    types::{AccessToken, Cloud, Error, Scopes, TenantId},
};
use async_trait::async_trait;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A way to get a token.
#[async_trait]
pub(crate) trait TokenSource: Send + Sync {
    /// Asks for a token, once, without a cache.
    async fn token(&self, acquisition: &Acquisition) -> Result<AccessToken, Error>;
}

/// What is wanted, and what it is got with.
#[derive(Clone, Debug)]
pub(crate) struct Acquisition {
    pub(crate) scopes: Scopes,
    /// This call's tenant, in place of the credential's own.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) claims: RequestedClaims,
    pub(crate) cloud: Cloud,
    pub(crate) deadline: Deadline,
    pub(crate) transport: Arc<Transport>,
    /// The transport without a proxy: for services of the host itself.
    pub(crate) direct: Arc<Transport>,
    pub(crate) host: Host,
    pub(crate) log: Log,
    /// The certificates that were read before.
    pub(crate) certificates: Shelf,
}

impl Acquisition {
    /// A conversation with a service on its behalf.
    pub(crate) fn exchange(
        &self,
        rules: &'static RetryRules,
        transport: &Arc<Transport>,
        normalise: fn(&Answer) -> Result<Zeroizing<Vec<u8>>, Error>,
    ) -> Arc<Exchange> {
        let told = (self.log.clone(), self.host.clock.clone());
        Exchange::new(rules, Arc::clone(transport), self.deadline.clone(), told, normalise)
    }

    /// The tenant to ask: this call's, else the credential's own.
    pub(crate) fn tenant_or<'a>(&'a self, own: &'a TenantId) -> &'a TenantId {
        self.tenant.as_ref().unwrap_or(own)
    }
}

/// The source that a specification asks for.
pub(crate) fn source(spec: &CredentialSpec) -> Result<Box<dyn TokenSource>, Error> {
    Ok(match spec {
        CredentialSpec::ClientSecret(spec) => Box::new(client_secret::ClientSecret::new(spec.clone())),
        CredentialSpec::ClientCertificate(spec) => Box::new(client_certificate::ClientCertificate::new(spec.clone())),
        CredentialSpec::ClientAssertion(spec) => Box::new(client_assertion::ClientAssertion::new(spec.clone())),
        CredentialSpec::OnBehalfOf(spec) => Box::new(on_behalf_of::OnBehalfOf::new(spec.clone())),
        _ => return Err(unbuilt(spec)),
    })
}

fn unbuilt(spec: &CredentialSpec) -> Error {
    let kind = spec.kind();
    Error::configuration(format!("this version cannot get tokens with the {}", kind.in_words()), [kind.as_str()])
}
