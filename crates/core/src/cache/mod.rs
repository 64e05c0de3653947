//! Floor 5: tokens are kept until they have to be renewed, and asked for once at a time.

mod binding;
mod entry;
mod lease;
mod life;
mod sightings;
mod store;

pub(crate) use binding::{Binding, Dependency};
pub use lease::Lease;
pub(crate) use sightings::Sightings;
pub(crate) use store::{Ask, Cache};
