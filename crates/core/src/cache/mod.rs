//! Layer 5: the cache of tokens: each is kept until it has to be renewed, and one request at a time renews it.

mod entry;
#[cfg(test)]
mod fleet_model;
mod lease;
mod lifetime;
mod login_fingerprint;
#[cfg(test)]
mod random;
mod sightings;
mod store;

pub use lease::Lease;
pub(crate) use login_fingerprint::{LoginFingerprint, LoginSource};
pub(crate) use sightings::Sightings;
pub(crate) use store::{Ask, Cache};
