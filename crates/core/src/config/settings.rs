use super::NetworkSettings;
use crate::types::{ClientId, Cloud, CredentialKind, Secret, TenantId};

/// Everything that is known before the first token is asked for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The cloud whose tokens are wanted.
    pub cloud: Cloud,
    /// Which credential asks for them.
    pub credential: CredentialSpec,
    /// How the network is reached.
    pub network: NetworkSettings,
}

/// Which credential was asked for, complete and checked; [`sources`](crate::sources) knows how each gets its token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CredentialSpec {
    /// A service principal with a client secret.
    ClientSecret(ClientSecretSpec),
}

impl CredentialSpec {
    /// Its kind.
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::ClientSecret(_) => CredentialKind::ClientSecret,
        }
    }
}

/// A service principal with a client secret.
#[derive(Clone, Debug)]
pub struct ClientSecretSpec {
    /// The tenant that knows the application.
    pub tenant: TenantId,
    /// The application.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: Secret,
    /// The setting that gave the secret: named when the secret is refused.
    pub secret_setting: String,
}
