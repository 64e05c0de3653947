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
mod login_files;
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
pub(crate) use login_files::LoginFiles;
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
use std::sync::Arc;

/// What every kind of credential does, including a chain.
#[async_trait]
pub(crate) trait Credential: KeyPart + NamePart + Send + Sync {
    /// Asks for a token once, without a cache. `kind`: the kind, if several kinds share this structure.
    async fn token(&self, kind: CredentialKind, acquisition: &Acquisition) -> Result<AccessToken, Error>;

    /// Runs before the default chain asks this credential. If it fails, the chain tries the next one.
    async fn prepare(&self, _: &Acquisition) -> Result<(), Error> {
        Ok(())
    }

    /// Adds to a token's name in a fleet's store what must be read first. Returns nothing if it cannot be read; the
    /// request for a token then says why.
    async fn add_what_is_read(&self, name: KeyBuilder, _: &Acquisition) -> Option<KeyBuilder> {
        Some(name)
    }

    /// Returns the application, if the credential belongs to one.
    fn principal(&self) -> Option<&ServicePrincipal> {
        None
    }

    /// Returns the tenant, if the settings name one.
    fn tenant(&self) -> Option<&TenantId> {
        self.principal().map(|principal| &principal.tenant)
    }

    /// Returns whether the settings name this tenant or none.
    fn admits(&self, tenant: &TenantId) -> bool {
        self.tenant().is_none_or(|own| own.as_str().eq_ignore_ascii_case(tenant.as_str()))
    }

    /// Returns whether it asks Entra ID in an application's own name (`client_credentials`).
    fn is_of_application(&self) -> bool {
        false
    }

    /// Returns the files that decide who is logged in to a program of the machine.
    fn login_files(&self) -> LoginFiles {
        LoginFiles::default()
    }

    /// Sets the name of the cloud that az must be set to.
    fn set_cloud_name(&mut self, _: Option<&str>) {}

    /// Sets whether a managed identity is probed first.
    fn set_probe(&mut self, _: bool) {}
}

/// The token that is wanted, and everything that is needed to get it.
#[derive(Clone, Debug)]
pub(crate) struct Acquisition {
    pub(crate) scopes: Scopes,
    /// The tenant of this call, in place of the credential's own.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) claims: RequestedClaims,
    pub(crate) cloud: Cloud,
    pub(crate) deadline: Deadline,
    pub(crate) transport: Arc<Transport>,
    /// A transport without a proxy, for services of the host itself.
    pub(crate) direct: Arc<Transport>,
    pub(crate) host: Host,
    pub(crate) log: Log,
    /// The certificates that were already read.
    pub(crate) certificates: CertificateCache,
    /// The metadata services that have given a token.
    pub(crate) known_hosts: KnownHosts,
    /// The cached token that a resource has refused with this call's claims challenge.
    pub(crate) refused: Option<Arc<AccessToken>>,
    /// The identity that the token must have.
    pub(crate) expected: TokenIdentity,
    /// The registry whose own token replaces Entra ID's.
    pub(crate) registry: Option<Registry>,
    /// The program's choices for trying again.
    pub(crate) retry: RetryChoice,
}

impl Acquisition {
    /// Returns a new exchange with a service.
    pub(crate) fn exchange(&self, rules: &RetryRules, transport: &Arc<Transport>) -> Arc<Exchange> {
        let logging = (self.log.clone(), self.host.clock.clone());
        Exchange::new(rules.chosen(&self.retry), Arc::clone(transport), self.deadline.clone(), logging)
    }

    /// Returns the credential's token if it has the expected identity, or the registry's token in exchange for it.
    pub(crate) async fn token_of(&self, credential: &CredentialSpec) -> Result<AccessToken, Error> {
        let token = credential.token(self).await?;
        check_identity(&token, &self.expected)?;
        match &self.registry {
            Some(registry) => registry_exchange::exchanged(token, registry, self).await,
            None => Ok(token),
        }
    }

    /// Checks the identity of a token. A registry's token does not contain it; there Entra ID's token was checked.
    pub(crate) fn checked(&self, token: &AccessToken) -> Result<(), Error> {
        if self.registry.is_some() {
            return Ok(());
        }
        check_identity(token, &self.expected)
    }

    /// Returns the tenant to ask: this call's, or else the credential's own.
    pub(crate) fn tenant_or<'a>(&'a self, own: &'a TenantId) -> &'a TenantId {
        self.tenant.as_ref().unwrap_or(own)
    }
}
