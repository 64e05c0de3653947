use async_trait::async_trait;
use std::{fmt, sync::Arc, time::Duration};

/// A store that several processes share: keys and values, each with its own end. Its content is encrypted before it
/// arrives here.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Returns the value of a key, if there is one.
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure>;

    /// Writes a value, and returns whether it was written.
    async fn set(&self, key: &str, value: &str, write: StoreWrite) -> Result<bool, StoreFailure>;

    /// Deletes a key if it has that value.
    async fn delete(&self, key: &str, value: &str) -> Result<(), StoreFailure>;

    /// Extends the life of a key to `ttl` from now if it has that value.
    async fn extend(&self, key: &str, value: &str, ttl: Duration) -> Result<(), StoreFailure>;

    /// Returns whether a caller that found this key taken may find something new beside it. A store that cannot know
    /// returns true.
    fn has_news(&self, _key: &str) -> bool {
        true
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreWrite {
    /// How long it is kept.
    pub ttl: Duration,
    /// Whether an existing value stays.
    pub if_absent: bool,
}

/// The store did not execute the command, or did not confirm it in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreFailure;

/// A store, as settings contain it.
#[derive(Clone)]
pub struct TokenStoreHandle(Arc<dyn TokenStore>);

impl TokenStoreHandle {
    /// Wraps a store.
    pub fn new(store: impl TokenStore + 'static) -> Self {
        Self(Arc::new(store))
    }

    /// Returns the store.
    pub fn store(&self) -> Arc<dyn TokenStore> {
        Arc::clone(&self.0)
    }
}

impl fmt::Debug for TokenStoreHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenStoreHandle")
    }
}
