//! Gets Microsoft Entra ID access tokens: the credential core of azure-client-token.
//!
//! A [`Client`] is made of a snapshot of the environment; a [`Service`] gets its tokens, with one request
//! at a time for each, and keeps them until they have to be renewed.
//!
//! ```no_run
//! use azure_client_token_core::{resolve, Client, Environment, Inputs, Secret, Service, TokenRequest};
//!
//! # async fn example() -> Result<(), azure_client_token_core::Error> {
//! let environment: Environment = [
//!     ("ARM_TENANT_ID", Secret::new("7b795fb9-09d3-42f4-a494-38864f99ba3c")),
//!     ("ARM_CLIENT_ID", Secret::new("e8b1c0de-0000-4000-8000-000000000001")),
//!     ("ARM_CLIENT_SECRET", Secret::new("from a vault")),
//! ]
//! .into_iter()
//! .collect();
//! let client = Client::new(resolve(&Inputs::of_environment(&environment))?);
//! let token = Service::new().client_token(&client, &TokenRequest::default()).await?;
//! println!("expires at {} ms", token.expires_on);
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![forbid(clippy::print_stderr, clippy::print_stdout, clippy::dbg_macro)]

mod cache;
#[doc(hidden)]
pub mod certificates;
mod chain;
mod client_config;
mod clouds;
pub mod config;
pub mod credentials;
mod explanation;
mod flight;
#[doc(hidden)]
pub mod fuzzing;
pub mod host;
mod key;
pub mod login;
mod lru;
mod service;
mod store;
mod transport;
mod types;
mod x509;

/// Replaces the network in tests, and gives benches access. Not part of the library's interface.
#[doc(hidden)]
pub mod testing {
    pub use crate::transport::{HttpStub, StubAnswer, StubRequest};
    use crate::{key::KeyBuilder, Settings};

    /// Returns the credential's part of a cache key, for benches.
    pub fn credential_key(settings: &Settings) -> impl Copy + Eq {
        KeyBuilder::new().with(&settings.credential).build()
    }
}

pub use cache::NearCacheLease;
pub use client_config::ClientConfig;
pub use config::{
    CacheOption, ConfigSource, Considered, ConsideredSource, CredentialOptions, Decision, Inputs, MachineStoreOptions,
    Protection, PulumiConfig, SeenSetting, SharedStoreOption, Supplier,
};
pub use explanation::Explanation;
pub use host::{
    AssertionCallback, Clock, Environment, Host, LogEntry, LogLevel, StoreFailure, StoreWrite, TokenStore,
    TokenStoreHandle,
};
pub use login::{consider, resolve, CloudChoice, Settings};
pub use service::{Client, Service, TokenRequest, DEFAULT_TIMEOUT};
pub use store::machine::{KeptOnMachine, Maintenance};
#[doc(hidden)]
pub use store::SharedTokens;
pub use types::{
    shown_value, AccessToken, Attempt, AttemptOutcome, Authority, CachedIn, ClientId, Cloud, CredentialKind,
    EntraRefusal, Error, ErrorKind, HelpAnchor, Phase, Region, Registry, Resource, RetryChoice, Scopes, Secret,
    TenantId, TokenIdentity, UnixMillis, UnreachedCause,
};
