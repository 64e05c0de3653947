//! Floor 5: tokens are kept until they have to be renewed, and asked for once at a time.

mod flight;
mod identity;
mod key;
mod store;

pub(crate) use key::{Key, KeyBuilder};
pub(crate) use store::Cache;
