use super::{keys, lookup::Lookup};
use crate::{host::Environment, types::Error};
use ring::digest::{Context, SHA256};
use std::{
    hash::{Hash, Hasher},
    net::SocketAddr,
    path::PathBuf,
};

mod exemptions;
mod proxy;

pub use exemptions::Exemptions;
pub use proxy::{Proxy, ProxySettings};

/// How to reach the network. Equal settings share one transport and its connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NetworkSettings {
    /// Which certificates to trust.
    pub trust: TrustSettings,
    /// Which proxy to use.
    pub proxy: ProxySettings,
    /// A host name with fixed addresses, which is not resolved.
    pub known_host: Option<(String, Vec<SocketAddr>)>,
}

/// Which certificates to trust.
///
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` replace the system's store (as in OpenSSL and Go), `NODE_EXTRA_CA_CERTS` and
/// the option `ca` add to either (as in Node.js).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct TrustSettings {
    /// `SSL_CERT_FILE`.
    pub file: Option<PathBuf>,
    /// The folders in `SSL_CERT_DIR`, separated as in `PATH`.
    pub folders: Vec<PathBuf>,
    /// `NODE_EXTRA_CA_CERTS`.
    pub extra_file: Option<PathBuf>,
    /// The option `ca`: PEM texts.
    pub extra: Vec<String>,
    /// PEM text of the authorities that replace all others: those of an AKS token proxy.
    pub only: Option<String>,
}

crate::types::opaque!(TrustSettings);

impl NetworkSettings {
    /// Reads the settings from the environment.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the address of a proxy is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, Error> {
        Self::of_variables(&|name| environment.var(name))
    }

    /// Reads the settings through a look-up, which records those that are set.
    pub(crate) fn of_lookup(lookup: &Lookup<'_>) -> Result<Self, Error> {
        Self::of_variables(&|name| lookup.variable(name))
    }

    fn of_variables<'a>(variable: &dyn Fn(&str) -> Option<&'a str>) -> Result<Self, Error> {
        let (trust, proxy) = (TrustSettings::of_variables(variable), ProxySettings::of_variables(variable)?);
        Ok(Self { trust, proxy, known_host: None })
    }

    /// Returns a hash of all settings.
    pub(crate) fn id(&self) -> NetworkId {
        let mut digest = Digest(Context::new(&SHA256));
        self.hash(&mut digest);
        let mut id = [0; 32];
        id.copy_from_slice(digest.0.finish().as_ref());
        NetworkId(id)
    }

    /// Returns the same settings without a proxy, for services of the host itself.
    pub fn direct(&self) -> Self {
        Self { proxy: ProxySettings::default(), ..self.clone() }
    }
}

/// The hash of network settings. It stands for them in keys, because they may hold certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NetworkId([u8; 32]);

impl AsRef<[u8]> for NetworkId {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Collects what a value writes to its hasher.
struct Digest(Context);

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

impl TrustSettings {
    fn of_variables<'a>(variable: &dyn Fn(&str) -> Option<&'a str>) -> Self {
        let path = |name| variable(name).map(PathBuf::from);
        let file = path(keys::SSL_CERT_FILE);
        let folders = variable(keys::SSL_CERT_DIR).map(|list| std::env::split_paths(list).collect::<Vec<_>>());
        let named = |folder: &PathBuf| !folder.as_os_str().is_empty();
        Self {
            file,
            folders: folders.unwrap_or_default().into_iter().filter(named).collect(),
            extra_file: path(keys::NODE_EXTRA_CA_CERTS),
            extra: Vec::new(),
            only: None,
        }
    }
}
