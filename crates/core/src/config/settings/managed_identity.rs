use crate::types::Secret;

crate::types::opaque!(ManagedIdentityId, ManagedIdentityHost);

/// The host's managed identity.
#[derive(Clone, Debug)]
pub struct ManagedIdentitySpec {
    /// Which of the host's identities.
    pub identity: ManagedIdentityId,
    /// Whom to ask for it.
    pub host: ManagedIdentityHost,
    /// Whether to look first, for a second, if anybody is there: in a chain that has more to offer.
    pub probe: bool,
}

/// Which of a host's identities.
#[derive(Clone, PartialEq, Eq)]
pub enum ManagedIdentityId {
    /// The system-assigned one (or the only one).
    SystemAssigned,
    /// The user-assigned one with this client id.
    ClientId(String),
    /// The user-assigned one with this object (principal) id.
    ObjectId(String),
    /// The user-assigned one with this Azure resource id.
    ResourceId(String),
}

/// Whom to ask for a managed identity's token: decided by the variables that each host sets.
#[derive(Clone, PartialEq, Eq)]
pub enum ManagedIdentityHost {
    /// The instance metadata service of virtual machines, scale sets, AKS nodes.
    Imds {
        /// `AZURE_POD_IDENTITY_AUTHORITY_HOST`, else `http://169.254.169.254`.
        authority_host: String,
    },
    /// App Service, Functions, Container Apps.
    AppService {
        /// `IDENTITY_ENDPOINT`.
        endpoint: String,
        /// `IDENTITY_HEADER`.
        header: Secret,
    },
    /// Service Fabric.
    ServiceFabric {
        /// `IDENTITY_ENDPOINT`.
        endpoint: String,
        /// `IDENTITY_HEADER`.
        header: Secret,
        /// `IDENTITY_SERVER_THUMBPRINT`.
        thumbprint: String,
    },
    /// Azure Machine Learning.
    MachineLearning {
        /// `MSI_ENDPOINT`.
        endpoint: String,
        /// `MSI_SECRET`.
        secret: Secret,
        /// `DEFAULT_IDENTITY_CLIENT_ID`: the identity where none is named.
        default_client_id: Option<String>,
    },
    /// Cloud Shell.
    CloudShell {
        /// `MSI_ENDPOINT`.
        endpoint: String,
    },
    /// Azure Arc.
    Arc {
        /// `IDENTITY_ENDPOINT`, else the agent's usual address.
        endpoint: String,
    },
}
