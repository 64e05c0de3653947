//! Layer 4: tokens that processes share over a store: their names, their encryption, and one acquisition at a time.

mod base32;
#[cfg(test)]
mod counted_service;
mod erase;
mod flight;
mod lease;
pub(crate) mod machine;
mod names;
mod opening;
mod round;
mod rules;
mod seal;
mod shared;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod tests;
mod timed;
mod value;
mod wanted;

pub(crate) use flight::Asked;
pub(crate) use seal::StoreKey;
pub use shared::SharedTokens;
pub(crate) use shared::StoreSettings;
#[cfg(test)]
pub(crate) use stand_in::FakeStore;
pub(crate) use wanted::Wanted;
