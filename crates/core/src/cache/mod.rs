//! Layer 5: the token cache. It keeps each token until it has to be renewed, and renews it with one request at a time.

mod entry;
mod file_checks;
#[cfg(test)]
mod fleet_model;
mod lifetime;
mod login_fingerprint;
mod near_cache_lease;
#[cfg(test)]
mod random;
mod store;

pub(crate) use file_checks::FileChecks;
pub(crate) use login_fingerprint::{LoginFingerprint, LoginSource};
pub use near_cache_lease::NearCacheLease;
pub(crate) use store::{Ask, Cache};
