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
    /// The cloud that issues the tokens.
    pub cloud: CloudChoice,
    /// The authority, in place of the cloud's own.
    pub authority: Option<Authority>,
    /// The credential that asks for them.
    pub credential: CredentialSpec,
    /// The tenants besides its own that a call may name; `*` allows all.
    pub additionally_allowed_tenants: Vec<String>,
    /// The region whose token service applications use (`AZURE_REGIONAL_AUTHORITY_NAME`).
    pub region: Option<RegionChoice>,
    /// How to reach the network.
    pub network: NetworkSettings,
    /// The level up to which the log is printed on stderr (`AZURE_CLIENT_TOKEN_LOG`).
    pub log_level: Option<LogLevel>,
    /// The time limit of a call that names none; absent: the service's default.
    pub timeout: Option<Duration>,
    /// The identity that every token must have.
    pub expected: TokenIdentity,
    /// The store for tokens outside the memory of this process.
    pub store: Option<Arc<SharedTokens>>,
    /// The program's choices for trying again.
    pub retry: RetryChoice,
    /// The configured ids, for those that a token does not state.
    pub identity: ConfiguredIdentity,
    /// Settings without effect, for the log.
    pub warnings: Vec<String>,
    /// How the settings were made: every source that was considered, and the origin of each value.
    pub considered: Considered,
}

/// The cloud. Its endpoints are known, or are requested before the first token.
#[derive(Clone, PartialEq, Eq)]
pub enum CloudChoice {
    /// A cloud whose endpoints are known.
    Known(Cloud),
    /// A cloud that a document describes.
    FromMetadata {
        /// The address of the document's host, without a slash at its end: https, or http on this machine.
        host: String,
    },
    /// The active cloud of the Azure CLI.
    FromAzureCli,
}

/// The region: a named one, or that of the machine.
#[derive(Clone, PartialEq, Eq)]
pub enum RegionChoice {
    /// A named region.
    Known(Region),
    /// The region that the instance metadata service returns.
    FromImds {
        /// The address of that service, without a slash at its end.
        authority_host: String,
    },
}

crate::types::opaque!(ConfiguredIdentity, RegionChoice, CloudChoice);

impl CloudChoice {
    /// Returns the cloud, if its endpoints are known.
    pub fn known(&self) -> Option<&Cloud> {
        match self {
            Self::Known(cloud) => Some(cloud),
            Self::FromMetadata { .. } | Self::FromAzureCli => None,
        }
    }
}

impl Default for CloudChoice {
    /// The public cloud.
    fn default() -> Self {
        Self::Known(Cloud::public())
    }
}

/// The configured ids of an identity.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConfiguredIdentity {
    /// The client id of the application or user-assigned identity.
    pub client_id: Option<String>,
    /// The tenant id.
    pub tenant_id: Option<String>,
    /// The subscription, by id or name.
    pub subscription_id: Option<String>,
}

impl ConfiguredIdentity {
    /// Reads the ids from configuration and environment.
    pub(super) fn of_login_context(lookup: &Lookup<'_>) -> Self {
        // The first two are reported with the credentials that read them.
        let unnoted = |setting| lookup.unnoted(setting).map(str::to_owned);
        Self {
            client_id: unnoted(&keys::CLIENT_ID),
            tenant_id: unnoted(&keys::TENANT_ID),
            subscription_id: lookup.text(&keys::SUBSCRIPTION_ID).map(str::to_owned),
        }
    }

    /// Returns the ids in a credential's own settings.
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
    /// The settings of a credential in the public cloud, without proxies.
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

    /// Returns the ids of applications and tenants that the settings name.
    pub(crate) fn ids(&self) -> Vec<&str> {
        let of_context = [&self.identity.client_id, &self.identity.tenant_id].into_iter().flatten().map(String::as_str);
        let singles = self.credential.singles();
        let applications = singles.iter().filter_map(|single| single.principal());
        let of_credentials = applications.flat_map(|own| [own.client_id.as_str(), own.tenant.as_str()]);
        of_context.chain(of_credentials).collect()
    }

    /// Returns whether a call may ask for a token of that tenant.
    pub fn allows_tenant(&self, tenant: &TenantId) -> bool {
        let listed = |allowed: &String| allowed == "*" || allowed.eq_ignore_ascii_case(tenant.as_str());
        self.credential.admits(tenant) || self.additionally_allowed_tenants.iter().any(listed)
    }
}
