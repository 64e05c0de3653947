//! Layer 4: processes share tokens in a store: the tokens' names there, their encryption, and one request at a time.

mod base32;
mod circuit_breaker;
#[cfg(test)]
mod counted_service;
mod erase;
#[cfg(test)]
mod fake_store;
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
mod tests;
mod value;
mod wanted;

#[cfg(test)]
pub(crate) use fake_store::FakeStore;
pub(crate) use flight::Asked;
pub(crate) use seal::StoreKey;
pub use shared::SharedTokens;
pub(crate) use shared::StoreSettings;
pub(crate) use wanted::Wanted;
