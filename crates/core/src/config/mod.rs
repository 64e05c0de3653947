//! Floor 2: what is wanted. [`resolve`] turns what the caller and the machine say into complete [`Settings`];
//! it is pure, synchronous and total, and names the settings concerned in every error, never a value.

mod considered;
mod inputs;
pub mod keys;
mod lookup;
mod network;
mod resolve;
mod settings;

pub use considered::{Considered, ConsideredSource, Decision, SeenSetting, Supplier};
pub use inputs::{ConfigSource, CredentialOptions, Inputs, PulumiConfig};
pub(crate) use network::NetworkId;
pub use network::{Exemptions, NetworkSettings, Proxy, ProxySettings, TrustSettings};
pub use resolve::{consider, resolve};
pub use settings::*;
