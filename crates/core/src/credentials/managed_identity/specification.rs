use crate::{
    key::{KeyBuilder, KeyPart, NamePart, Reach},
    transport::secrets_of_address,
    types::{check_header, opaque, Error, Secret},
};
use url::Url;

opaque!(ManagedIdentityId, ManagedIdentityHost);

/// The host's managed identity.
#[derive(Clone, Debug)]
pub struct ManagedIdentitySpec {
    /// The identity, of those that the host has.
    pub identity: ManagedIdentityId,
    /// The service that gives the token. In place of IMDS, a call uses the agent of Azure Arc if that is installed.
    pub host: ManagedIdentityHost,
    /// Whether to probe the service for a second first: true in a chain that has other methods after this one.
    pub probe: bool,
}

/// One of a host's identities.
#[derive(Clone, PartialEq, Eq)]
pub enum ManagedIdentityId {
    /// The system-assigned one, or the only one.
    SystemAssigned,
    /// The user-assigned one with this client id.
    ClientId(String),
    /// The user-assigned one with this object (principal) id.
    ObjectId(String),
    /// The user-assigned one with this Azure resource id.
    ResourceId(String),
}

/// The service that gives a managed identity's token. The variables that each host sets decide it.
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
        /// `DEFAULT_IDENTITY_CLIENT_ID`: the identity if the settings name none.
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

impl ManagedIdentitySpec {
    /// Checks whether the host supports this identity. `client_id` is the name of the setting that contains a client
    /// id.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for an identity that the host cannot choose,
    /// because it would return the token of its own identity; and for an address that is not valid.
    pub fn check(&self, client_id: &str) -> Result<(), Error> {
        if let (Some(advice), Some(option)) = (self.refusal(), self.identity.option(client_id)) {
            let host = self.host.in_words();
            let message = format!("{host} does not support a user-assigned managed identity by {option}: {advice}");
            return Err(Error::configuration(message, [option]));
        }
        let address = self.host.address()?;
        if matches!(self.host, ManagedIdentityHost::ServiceFabric { .. }) && address.scheme() != "https" {
            return Err(not_https());
        }
        self.host.check_secret()
    }

    /// What the user can do if the host cannot choose the identity.
    fn refusal(&self) -> Option<&'static str> {
        match (&self.host, &self.identity) {
            (ManagedIdentityHost::CloudShell { .. }, _) => {
                Some("it has the identity of its user alone, so leave the id out")
            }
            (ManagedIdentityHost::ServiceFabric { .. }, _) => {
                Some("name the identity in the application's manifest instead")
            }
            (
                ManagedIdentityHost::MachineLearning { .. },
                ManagedIdentityId::ObjectId(_) | ManagedIdentityId::ResourceId(_),
            ) => Some("name it by its clientId"),
            _ => None,
        }
    }
}

impl ManagedIdentityId {
    /// The option that names a user-assigned identity, with the name that `client_id` has.
    fn option<'a>(&self, client_id: &'a str) -> Option<&'a str> {
        match self {
            Self::SystemAssigned => None,
            Self::ClientId(_) => Some(client_id),
            Self::ObjectId(_) => Some("objectId"),
            Self::ResourceId(_) => Some("resourceId"),
        }
    }
}

impl ManagedIdentityHost {
    /// The secret that proves to the service that a program of this machine sends the request.
    pub(crate) fn secret(&self) -> Option<&Secret> {
        match self {
            Self::AppService { header, .. } | Self::ServiceFabric { header, .. } => Some(header),
            Self::MachineLearning { secret, .. } => Some(secret),
            Self::Imds { .. } | Self::CloudShell { .. } | Self::Arc { .. } => None,
        }
    }

    /// All secrets in a request to the service, also those in its address.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let of_address = self.address().map(|address| secrets_of_address(address.as_str())).unwrap_or_default();
        self.secret().into_iter().cloned().chain(of_address).collect()
    }

    /// Its name in a sentence.
    pub fn in_words(&self) -> &'static str {
        match self {
            Self::Imds { .. } => "the instance metadata service (IMDS)",
            Self::AppService { .. } => "App Service",
            Self::ServiceFabric { .. } => "Service Fabric",
            Self::MachineLearning { .. } => "Azure Machine Learning",
            Self::CloudShell { .. } => "Cloud Shell",
            Self::Arc { .. } => "Azure Arc's agent",
        }
    }

    /// Whether a request contains a secret that the host gave to its own processes.
    fn has_secret(&self) -> bool {
        match self {
            Self::AppService { .. } | Self::ServiceFabric { .. } | Self::MachineLearning { .. } => true,
            Self::Imds { .. } | Self::CloudShell { .. } | Self::Arc { .. } => false,
        }
    }

    /// Whether the host is IMDS at Azure's own address, not a service that replaces it.
    fn is_imds_at_its_own_address(&self) -> bool {
        matches!(self, Self::Imds { authority_host } if authority_host.trim_end_matches('/') == IMDS)
    }

    /// The variable that names the service's address.
    pub fn setting(&self) -> &'static str {
        match self {
            Self::Imds { .. } => "AZURE_POD_IDENTITY_AUTHORITY_HOST",
            Self::AppService { .. } | Self::ServiceFabric { .. } | Self::Arc { .. } => "IDENTITY_ENDPOINT",
            Self::MachineLearning { .. } | Self::CloudShell { .. } => "MSI_ENDPOINT",
        }
    }

    /// Checks the secret, which becomes a header of the request.
    fn check_secret(&self) -> Result<(), Error> {
        match self {
            Self::AppService { header, .. } | Self::ServiceFabric { header, .. } => {
                check_header(header, "IDENTITY_HEADER")
            }
            Self::MachineLearning { secret, .. } => check_header(secret, "MSI_SECRET"),
            _ => Ok(()),
        }
    }

    /// The address of the service.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if it is not an address of http or https.
    pub fn address(&self) -> Result<Url, Error> {
        let parsed = match self {
            Self::Imds { authority_host } => {
                Url::parse(&format!("{}{IMDS_PATH}", authority_host.trim_end_matches('/')))
            }
            Self::AppService { endpoint, .. }
            | Self::ServiceFabric { endpoint, .. }
            | Self::MachineLearning { endpoint, .. }
            | Self::CloudShell { endpoint }
            | Self::Arc { endpoint } => Url::parse(endpoint),
        };
        let parsed = parsed.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        parsed.ok_or_else(|| {
            let setting = self.setting();
            Error::configuration(format!("{setting} is not an http address"), [setting])
        })
    }
}

/// The address of the instance metadata service on every virtual machine of Azure.
pub(super) const IMDS: &str = "http://169.254.169.254";

/// The path at which the instance metadata service gives tokens.
const IMDS_PATH: &str = "/metadata/identity/oauth2/token";

fn not_https() -> Error {
    let message = "IDENTITY_ENDPOINT must be https if IDENTITY_SERVER_THUMBPRINT names its certificate";
    Error::configuration(message, ["IDENTITY_ENDPOINT", "IDENTITY_SERVER_THUMBPRINT"])
}

impl KeyPart for ManagedIdentitySpec {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { identity, host, probe: _ } = self;
        key.with(identity).with(host)
    }
}

impl NamePart for ManagedIdentitySpec {
    /// Only the host knows which identity an unnamed one is. It is the same for two processes if both have the host's
    /// own secret, or if both use the machine's own identity from IMDS at Azure's own address.
    fn add_to_name(&self, reach: Reach, name: KeyBuilder) -> Option<KeyBuilder> {
        let Self { identity, host, probe: _ } = self;
        let Reach::Machine(mark) = reach else { return None };
        if !matches!(identity, ManagedIdentityId::SystemAssigned) || host.has_secret() {
            return Some(name.with(self));
        }
        let mark = mark.filter(|_| host.is_imds_at_its_own_address())?;
        Some(name.with(self).part(mark.as_bytes()))
    }
}

impl KeyPart for ManagedIdentityId {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        match self {
            Self::SystemAssigned => key.part("system"),
            Self::ClientId(id) => key.part("client").part(id),
            Self::ObjectId(id) => key.part("object").part(id),
            Self::ResourceId(id) => key.part("resource").part(id),
        }
    }
}

impl KeyPart for ManagedIdentityHost {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        match self {
            Self::Imds { authority_host } => key.part("imds").part(authority_host),
            Self::AppService { endpoint, header } => key.part("app service").part(endpoint).part(header.expose()),
            Self::ServiceFabric { endpoint, header, thumbprint } => {
                key.part("service fabric").part(endpoint).part(header.expose()).part(thumbprint)
            }
            Self::MachineLearning { endpoint, secret, default_client_id } => {
                key.part("ml").part(endpoint).part(secret.expose()).optional(default_client_id.as_deref())
            }
            Self::CloudShell { endpoint } => key.part("cloud shell").part(endpoint),
            Self::Arc { endpoint } => key.part("arc").part(endpoint),
        }
    }
}
