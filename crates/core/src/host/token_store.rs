use async_trait::async_trait;
use std::{fmt, sync::Arc, time::Duration};

/// A store that several processes share: keys and values, each of which ends by itself. What it holds is sealed before
/// it gets here.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The value of a key; nothing where there is none.
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure>;

    /// Writes a value; whether it was written.
    async fn set(&self, key: &str, value: &str, write: StoreWrite) -> Result<bool, StoreFailure>;

    /// Deletes a key if it holds that value.
    async fn delete(&self, key: &str, value: &str) -> Result<(), StoreFailure>;

    /// Lets a key live for `ttl` from now if it holds that value.
    async fn extend(&self, key: &str, value: &str, ttl: Duration) -> Result<(), StoreFailure>;

    /// Whether those who have found this key taken may find something new beside it; a store that cannot tell says so.
    fn has_news(&self, _key: &str) -> bool {
        true
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreWrite {
    /// How long it lives.
    pub ttl: Duration,
    /// Whether a value that is there stays.
    pub if_absent: bool,
}

/// The store did not do it, or has not said in time that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreFailure;

/// A store, as settings hand it on.
#[derive(Clone)]
pub struct TokenStoreHandle(Arc<dyn TokenStore>);

impl TokenStoreHandle {
    /// Takes a store.
    pub fn new(store: impl TokenStore + 'static) -> Self {
        Self(Arc::new(store))
    }

    /// The store itself.
    pub fn store(&self) -> Arc<dyn TokenStore> {
        Arc::clone(&self.0)
    }
}

impl fmt::Debug for TokenStoreHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenStoreHandle")
    }
}
