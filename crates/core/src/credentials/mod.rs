//! Floor 4: the kinds of credentials, a file or a folder each: what it is made of, what of that decides whose token it
//! gets, and how it gets one.

mod advice;
mod assertion;
pub(crate) mod azure_cli;
pub(crate) mod azure_developer_cli;
mod azure_identity;
pub(crate) mod azure_powershell;
mod claims;
pub(crate) mod client_assertion;
pub(crate) mod client_certificate;
pub(crate) mod client_secret;
pub(crate) mod command;
mod descriptor;
pub(crate) mod entra;
mod expiry;
pub(crate) mod fuzzed;
pub(crate) mod managed_identity;
pub(crate) mod oidc;
pub(crate) mod on_behalf_of;
mod pipeline;
mod presented;
mod principal;
pub(crate) mod registry;
mod route;
mod specification;
mod token_proxy;
mod tool;
pub(crate) mod workload_identity;

pub use assertion::AssertionSpec;
pub(crate) use azure_cli::profile as azure_profile;
pub use azure_cli::AzureCliSpec;
pub use client_assertion::ClientAssertionSpec;
pub use client_certificate::{CertificateOrigin, CertificateSpec, ClientCertificateSpec};
pub use client_secret::ClientSecretSpec;
pub use command::CommandSpec;
pub use descriptor::{CredentialOption, Descriptor, OptionType};
pub use managed_identity::{ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec};
pub use on_behalf_of::{ApplicationProof, OnBehalfOfSpec};
pub use principal::ServicePrincipal;
pub use specification::{ChainMember, ChainSpec, CredentialSpec};
pub use token_proxy::TokenProxySpec;
pub use tool::{DeveloperToolRun, DeveloperToolSpec};

pub(crate) use claims::RequestedClaims;
pub(crate) use client_certificate::read_certificate;
pub(crate) use descriptor::CloudReading;
pub(crate) use managed_identity::KnownHosts;
pub(crate) use principal::{Principal, Proof, CERTIFICATE_PROOF, CLIENT_SECRET_PROOF};
pub(crate) use specification::has_login_files;

use crate::{
    certificates::CertificateCache,
    host::{Host, Log},
    transport::{Deadline, Exchange, RetryRules, Transport},
    types::{check_identity, AccessToken, Cloud, Error, ErrorKind, Registry, Scopes, TenantId, TokenIdentity},
};
use async_trait::async_trait;
use std::sync::Arc;

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
    pub(crate) certificates: CertificateCache,
    /// The metadata services that have given a token.
    pub(crate) known_hosts: KnownHosts,
    /// The kept token that a resource has refused: the one to which the claims challenge was the answer.
    pub(crate) refused: Option<Arc<AccessToken>>,
    /// Whose token it has to be.
    pub(crate) expected: TokenIdentity,
    /// Whose own token takes the place of Entra ID's.
    pub(crate) registry: Option<Registry>,
}

impl Acquisition {
    /// A conversation with a service on its behalf.
    pub(crate) fn exchange(&self, rules: &'static RetryRules, transport: &Arc<Transport>) -> Arc<Exchange> {
        let told = (self.log.clone(), self.host.clock.clone());
        Exchange::new(rules, Arc::clone(transport), self.deadline.clone(), told)
    }

    /// What a source gives, if it is whose token it has to be; the registry's own in its place, where that is wanted.
    pub(crate) async fn token_of(&self, source: &dyn TokenSource) -> Result<AccessToken, Error> {
        let token = source.token(self).await?;
        check_identity(&token, &self.expected)?;
        match &self.registry {
            Some(registry) => registry::exchanged(token, registry, self).await,
            None => Ok(token),
        }
    }

    /// Whether a token is whose it has to be. A registry's does not say it: there, Entra ID's was looked at.
    pub(crate) fn checked(&self, token: &AccessToken) -> Result<(), Error> {
        if self.registry.is_some() {
            return Ok(());
        }
        check_identity(token, &self.expected)
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
        CredentialSpec::ManagedIdentity(spec) => Box::new(managed_identity::ManagedIdentity::new(spec.clone())),
        CredentialSpec::AzureCli(spec) => Box::new(azure_cli::AzureCli::new(spec.clone())),
        CredentialSpec::AzureDeveloperCli(spec) => Box::new(azure_developer_cli::AzureDeveloperCli::new(spec.clone())),
        CredentialSpec::AzurePowerShell(spec) => Box::new(azure_powershell::AzurePowerShell::new(spec.clone())),
        CredentialSpec::Command(spec) => Box::new(command::Program::new(spec.clone())),
        CredentialSpec::Chain(_) => return Err(not_single()),
    })
}

fn not_single() -> Error {
    Error::new(ErrorKind::Internal, "a chain is asked member by member")
}
