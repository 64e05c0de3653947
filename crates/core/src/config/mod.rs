//! Floor 2: what is wanted. [`resolve`] turns what the caller and the machine say into complete [`Settings`];
//! it is pure, synchronous and total, and names the settings concerned in every error, never a value.

pub mod keys;
mod network;
mod resolve;
mod settings;

pub use network::{Exemptions, NetworkSettings, Proxy, ProxySettings, TrustSettings};
pub use resolve::{resolve, Inputs};
pub use settings::*;
