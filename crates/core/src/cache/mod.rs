//! Floor 5: tokens are kept until they have to be renewed, and asked for once at a time.

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
