use super::NetworkSettings;
use crate::{
    host::LogLevel,
    types::{Cloud, TenantId},
};
use std::time::Duration;

mod credential;

pub use credential::{
    ApplicationProof, AssertionSpec, AzureCliSpec, CertificateOrigin, CertificateSpec, ChainMember, ChainSpec,
    ClientAssertionSpec, ClientCertificateSpec, ClientSecretSpec, CommandSpec, CredentialSpec, DeveloperToolRun,
    DeveloperToolSpec, ManagedIdentityHost, ManagedIdentityId, ManagedIdentitySpec, OnBehalfOfSpec, ServicePrincipal,
    TokenProxySpec,
};

/// Everything that is known before the first token is asked for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The cloud whose tokens are wanted.
    pub cloud: Cloud,
    /// Which credential asks for them.
    pub credential: CredentialSpec,
    /// Tenants besides its own that a call may ask for; `*` allows all.
    pub additionally_allowed_tenants: Vec<String>,
    /// The region whose own authority is asked, where one is named (`AZURE_REGIONAL_AUTHORITY_NAME`).
    pub regional_authority: Option<String>,
    /// How the network is reached.
    pub network: NetworkSettings,
    /// Up to which level the log is printed on stderr (`AZURE_CLIENT_TOKEN_LOG`).
    pub log_level: Option<LogLevel>,
    /// How long a call may take that does not say it; absent: the service's default.
    pub timeout: Option<Duration>,
}

impl Settings {
    /// Whether a call may ask for that tenant's token.
    pub fn allows_tenant(&self, tenant: &TenantId) -> bool {
        let own = self.credential.tenant().is_none_or(|own| own.as_str().eq_ignore_ascii_case(tenant.as_str()));
        let listed = |allowed: &String| allowed == "*" || allowed.eq_ignore_ascii_case(tenant.as_str());
        own || self.additionally_allowed_tenants.iter().any(listed)
    }
}
