use crate::{
    config::{keys, lookup::Lookup, Considered, NetworkSettings},
    credentials::CredentialSpec,
    host::LogLevel,
    store::SharedTokens,
    types::{Authority, Cloud, Region, RetryChoice, TenantId, TokenIdentity},
};
use std::{fmt, sync::Arc, time::Duration};

/// The complete settings of a login, known before the first token is requested.
#[derive(Clone)]
pub struct Settings {
    /// The cloud whose tokens are wanted.
    pub cloud: CloudChoice,
    /// Where tokens are issued, in place of the cloud's own authority.
    pub authority: Option<Authority>,
    /// Which credential asks for them.
    pub credential: CredentialSpec,
    /// Tenants besides its own that a call may ask for; `*` allows all.
    pub additionally_allowed_tenants: Vec<String>,
    /// The region whose token service applications ask (`AZURE_REGIONAL_AUTHORITY_NAME`).
    pub region: Option<RegionChoice>,
    /// How the network is reached.
    pub network: NetworkSettings,
    /// Up to which level the log is printed on stderr (`AZURE_CLIENT_TOKEN_LOG`).
    pub log_level: Option<LogLevel>,
    /// How long a call may take that does not say it; absent: the service's default.
    pub timeout: Option<Duration>,
    /// Whose tokens alone are kept and handed out.
    pub expected: TokenIdentity,
    /// The store in which tokens are kept besides this process's memory.
    pub store: Option<Arc<SharedTokens>>,
    /// What the program chose of the rules by which services are asked again.
    pub retry: RetryChoice,
    /// What is configured of the identity, for what no token states.
    pub identity: ConfiguredIdentity,
    /// What is set without effect: for the log.
    pub warnings: Vec<String>,
    /// What they were made of: every source that was considered, and who supplied each value.
    pub considered: Considered,
}

/// Which cloud: known, or only named, so that its endpoints are asked for before the first token.
#[derive(Clone, PartialEq, Eq)]
pub enum CloudChoice {
    /// It is known.
    Known(Cloud),
    /// A document describes it.
    FromMetadata {
        /// The address of the host that has it, without a slash at its end: https, or http on this machine.
        host: String,
    },
    /// It is the one that the Azure CLI is set to.
    FromAzureCli,
}

/// Which region: named, or the one that the machine is in.
#[derive(Clone, PartialEq, Eq)]
pub enum RegionChoice {
    /// It is known.
    Known(Region),
    /// The instance metadata service knows it.
    FromImds {
        /// Where that is, without a slash at its end.
        authority_host: String,
    },
}

crate::types::opaque!(ConfiguredIdentity, RegionChoice, CloudChoice);

impl CloudChoice {
    /// The cloud, if it is known.
    pub fn known(&self) -> Option<&Cloud> {
        match self {
            Self::Known(cloud) => Some(cloud),
            Self::FromMetadata { .. } | Self::FromAzureCli => None,
        }
    }
}

impl Default for CloudChoice {
    /// The public one.
    fn default() -> Self {
        Self::Known(Cloud::public())
    }
}

/// What is configured of an identity.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConfiguredIdentity {
    /// The application, or the user-assigned identity.
    pub client_id: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
    /// The subscription, by id or name.
    pub subscription_id: Option<String>,
}

impl ConfiguredIdentity {
    /// What configuration and environment say.
    pub(super) fn of_login_context(lookup: &Lookup<'_>) -> Self {
        // The first two are reported with the credentials that read them.
        let unnoted = |setting| lookup.unnoted(setting).map(str::to_owned);
        Self {
            client_id: unnoted(&keys::CLIENT_ID),
            tenant_id: unnoted(&keys::TENANT_ID),
            subscription_id: lookup.text(&keys::SUBSCRIPTION_ID).map(str::to_owned),
        }
    }

    /// What a credential's own settings say.
    pub(super) fn of_credential(credential: &CredentialSpec) -> Self {
        Self {
            client_id: credential.principal().map(|principal| principal.client_id.as_str().to_owned()),
            tenant_id: credential.tenant().map(|tenant| tenant.as_str().to_owned()),
            subscription_id: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("credential", &self.credential)
            .field("network", &self.network)
            .field("considered", &self.considered)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Settings of the public cloud, without proxies, for a credential.
    pub fn of(credential: CredentialSpec) -> Self {
        Self {
            cloud: CloudChoice::default(),
            authority: None,
            identity: ConfiguredIdentity::of_credential(&credential),
            credential,
            additionally_allowed_tenants: Vec::new(),
            region: None,
            network: NetworkSettings::default(),
            log_level: None,
            timeout: None,
            expected: TokenIdentity::default(),
            store: None,
            retry: RetryChoice::default(),
            warnings: Vec::new(),
            considered: Considered::default(),
        }
    }

    /// Whether a call may ask for that tenant's token.
    pub fn allows_tenant(&self, tenant: &TenantId) -> bool {
        let listed = |allowed: &String| allowed == "*" || allowed.eq_ignore_ascii_case(tenant.as_str());
        self.credential.admits(tenant) || self.additionally_allowed_tenants.iter().any(listed)
    }
}
