//! Floor 5: tokens are kept until they have to be renewed, and asked for once at a time.

mod binding;
mod entry;
mod flight;
mod identity;
mod key;
mod lease;
mod life;
mod store;

pub(crate) use binding::Dependency;
pub(crate) use key::{Key, KeyBuilder};
pub use lease::Lease;
pub(crate) use store::{Ask, Cache};
