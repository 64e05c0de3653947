//! Layer 4: processes share tokens in a store: the tokens' names there, their encryption, and one request at a time.

mod base32;
mod circuit_breaker;
#[cfg(test)]
mod counted_service;
mod erase;
#[cfg(test)]
mod fake_store;
mod lease;
pub(crate) mod machine;
mod names;
mod open_store;
mod rules;
mod seal;
mod shared_acquisition;
mod shared_tokens;
#[cfg(test)]
mod tests;
mod token_query;
mod try_outcome;
mod value;

#[cfg(test)]
pub(crate) use fake_store::FakeStore;
pub(crate) use seal::StoreKey;
pub(crate) use shared_acquisition::StoreRequest;
pub use shared_tokens::SharedTokens;
pub(crate) use shared_tokens::StoreSettings;
pub(crate) use token_query::TokenQuery;
