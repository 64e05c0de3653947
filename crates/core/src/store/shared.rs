use super::{seal::StoreKey, timed::TimedStore};
use crate::host::TokenStoreHandle;
use std::{fmt, time::Duration};

/// A store of tokens that several processes share, and how it is used.
pub struct SharedTokens {
    pub(super) store: TimedStore,
    /// The first seals, all open.
    pub(super) keys: Vec<StoreKey>,
    pub(super) prefix: String,
    pub(super) lease: Duration,
}

/// What a store is used with.
pub(crate) struct StoreSettings {
    pub(crate) store: TokenStoreHandle,
    pub(crate) keys: Vec<StoreKey>,
    pub(crate) prefix: String,
    pub(crate) patience: Duration,
    pub(crate) lease: Duration,
}

impl SharedTokens {
    pub(crate) fn new(settings: StoreSettings) -> Self {
        let StoreSettings { store, keys, prefix, patience, lease } = settings;
        Self { store: TimedStore::new(&store, patience), keys, prefix, lease }
    }
}

impl fmt::Debug for SharedTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SharedTokens").finish_non_exhaustive()
    }
}
