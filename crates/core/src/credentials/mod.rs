//! Layer 4: the kinds of credentials, a file or a folder each: its settings, its part of a cache key, and its requests
//! for tokens.

mod advice;
mod assertion;
pub(crate) mod azure_cli;
mod azure_developer_cli;
mod azure_identity;
mod azure_powershell;
mod claims;
mod client_assertion;
mod client_certificate;
mod client_secret;
mod command;
mod descriptor;
pub(crate) mod entra;
mod expiry;
pub(crate) mod fuzz_entries;
pub(crate) mod managed_identity;
pub(crate) mod oidc;
mod on_behalf_of;
mod pipeline;
mod presented_assertion;
mod principal;
pub(crate) mod registry_exchange;
mod route;
mod specification;
mod token_answer;
mod token_proxy;
mod tool;
pub(crate) mod workload_identity;

pub use assertion::AssertionSpec;
pub(crate) use azure_cli::profile as azure_profile;
pub use azure_cli::AzureCliSpec;
pub use azure_developer_cli::AzureDeveloperCliSpec;
pub use azure_powershell::AzurePowerShellSpec;
pub use client_assertion::ClientAssertionSpec;
pub use client_certificate::{CertificateOrigin, CertificateSpec, ClientCertificateSpec};
pub use client_secret::ClientSecretSpec;
pub use command::CommandSpec;
pub use descriptor::{CredentialOption, Descriptor, Kind, OptionType};
pub use managed_identity::{ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec};
pub use on_behalf_of::{ApplicationProof, OnBehalfOfSpec};
pub use principal::ServicePrincipal;
pub use specification::{ChainMember, ChainSpec, CredentialSpec};
pub use token_proxy::TokenProxySpec;
pub(crate) use tool::shortage as shortage_of_program;
pub use tool::{DeveloperToolRun, DeveloperToolSpec};

pub(crate) use claims::RequestedClaims;
pub(crate) use descriptor::{CloudReading, Place};
pub(crate) use managed_identity::KnownHosts;
pub(crate) use principal::{Principal, Proof, CERTIFICATE_PROOF, CLIENT_SECRET_PROOF};
pub(crate) use specification::{is_developers_tool, KINDS};

use crate::{
    certificates::CertificateCache,
    host::{Host, Log},
    key::{KeyBuilder, KeyPart, NamePart},
    transport::{Deadline, Exchange, RetryRules, Transport},
    types::{
        check_identity, AccessToken, Cloud, CredentialKind, Error, Registry, RetryChoice, Scopes, TenantId,
        TokenIdentity,
    },
};
use async_trait::async_trait;
use std::{path::PathBuf, sync::Arc};

/// What the structure of each kind can be asked; the chain's, too.
#[async_trait]
pub(crate) trait Credential: KeyPart + NamePart + Send + Sync {
    /// Asks for a token, once, without a cache. `kind`: which of the kinds it is that have this structure.
    async fn token(&self, kind: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error>;

    /// What the default chain looks at before it asks: if that fails, it goes on.
    async fn prepare(&self, _: &Acquisition) -> Result<(), Error> {
        Ok(())
    }

    /// Adds to the name in a fleet's store what has to be read first. Nothing, where it cannot be read: asking for a
    /// token says why.
    async fn add_what_is_read(&self, name: KeyBuilder, _: &Acquisition) -> Option<KeyBuilder> {
        Some(name)
    }

    /// The application that it is for, where it is for one.
    fn principal(&self) -> Option<&ServicePrincipal> {
        None
    }

    /// The tenant that it belongs to, where its settings say so.
    fn tenant(&self) -> Option<&TenantId> {
        self.principal().map(|principal| &principal.tenant)
    }

    /// Whether its own settings leave that tenant open, or name it.
    fn admits(&self, tenant: &TenantId) -> bool {
        self.tenant().is_none_or(|own| own.as_str().eq_ignore_ascii_case(tenant.as_str()))
    }

    /// Whether it asks Entra ID in an application's own name (`client_credentials`).
    fn is_of_application(&self) -> bool {
        false
    }

    /// The files in which programs of the machine keep who is logged in: its tokens are dropped once one has changed.
    fn login_files(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Sets the name of the cloud that az must be set to.
    fn set_cloud_name(&mut self, _: Option<&str>) {}

    /// Has a managed identity looked for first, or not.
    fn set_probe(&mut self, _: bool) {}
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
    /// What the program chose of the rules by which services are asked again.
    pub(crate) retry: RetryChoice,
}

impl Acquisition {
    /// A conversation with a service on its behalf.
    pub(crate) fn exchange(&self, rules: &RetryRules, transport: &Arc<Transport>) -> Arc<Exchange> {
        let told = (self.log.clone(), self.host.clock.clone());
        Exchange::new(rules.chosen(&self.retry), Arc::clone(transport), self.deadline.clone(), told)
    }

    /// What a credential gives, if it is whose token it has to be; the registry's own in its place, where that is
    /// wanted.
    pub(crate) async fn token_of(&self, credential: &CredentialSpec) -> Result<AccessToken, Error> {
        let token = credential.token(self).await?;
        check_identity(&token, &self.expected)?;
        match &self.registry {
            Some(registry) => registry_exchange::exchanged(token, registry, self).await,
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
