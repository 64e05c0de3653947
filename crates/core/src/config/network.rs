use super::keys;
use crate::host::Environment;
use std::path::PathBuf;

/// How to reach the network; equal settings share one transport, and with it its connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NetworkSettings {
    /// Whose certificates to trust.
    pub trust: TrustSettings,
}

/// Whose certificates to trust.
///
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` replace the system's store (as in OpenSSL and Go), `NODE_EXTRA_CA_CERTS` adds
/// to either (as in Node.js).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TrustSettings {
    /// `SSL_CERT_FILE`.
    pub file: Option<PathBuf>,
    /// `SSL_CERT_DIR`: the folders in it, separated as in `PATH`.
    pub folders: Vec<PathBuf>,
    /// `NODE_EXTRA_CA_CERTS`.
    pub extra_file: Option<PathBuf>,
}

impl NetworkSettings {
    /// What the environment says.
    pub fn from_environment(environment: &Environment) -> Self {
        let path = |name| environment.var(name).map(PathBuf::from);
        let folders = environment.var(keys::SSL_CERT_DIR).map(|list| std::env::split_paths(list).collect());
        Self {
            trust: TrustSettings {
                file: path(keys::SSL_CERT_FILE),
                folders: folders.unwrap_or_default(),
                extra_file: path(keys::NODE_EXTRA_CA_CERTS),
            },
        }
    }
}
