//! Layer 2: configuration: the names of all settings, their look-up, the options of a credential, the network.

pub(crate) mod considered_sources;
mod context;
mod inputs;
pub mod keys;
pub(crate) mod lookup;
mod network;
pub(crate) mod options;

pub use considered_sources::{Considered, ConsideredSource, Decision, SeenSetting, Supplier};
pub(crate) use context::Context;
pub use inputs::{
    CacheOption, ConfigSource, CredentialOptions, Inputs, MachineStoreOptions, Protection, PulumiConfig,
    SharedStoreOption,
};
pub(crate) use network::NetworkId;
pub use network::{Exemptions, NetworkSettings, Proxy, ProxySettings, TrustSettings};
