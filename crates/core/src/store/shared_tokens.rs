use super::{
    circuit_breaker::{CircuitBreaker, LogContext},
    open_store::{KeySource, OpenStore},
    rules::Rules,
    seal::StoreKey,
};
use crate::{
    host::{Clock, Log, StoreFailure, TokenStoreHandle},
    key::Reach,
    types::CachedIn,
};
use std::{fmt, sync::Arc, time::Duration};

/// How much longer than a lease other processes wait for its holder.
const GRACE: Duration = Duration::from_secs(2);

/// A store of tokens that several processes share, and its settings.
pub struct SharedTokens {
    pub(super) store: CircuitBreaker,
    opening: Arc<dyn KeySource>,
    /// The prefix of its names; absent: they are names of files.
    pub(super) prefix: Option<String>,
    pub(super) rules: Rules,
}

/// The settings of a fleet's store.
pub(crate) struct StoreSettings {
    pub(crate) store: TokenStoreHandle,
    pub(crate) keys: Vec<StoreKey>,
    pub(crate) prefix: String,
    pub(crate) patience: Duration,
    pub(crate) lease: Duration,
}

impl SharedTokens {
    /// Makes the store of a fleet.
    pub(crate) fn new(settings: StoreSettings) -> Self {
        Self::that_reaches(Reach::Fleet, settings)
    }

    /// Makes the store of the processes that it reaches.
    pub(crate) fn that_reaches(reach: Reach, settings: StoreSettings) -> Self {
        let StoreSettings { store, keys, prefix, patience, lease } = settings;
        let rules = Rules {
            name: "shared store of tokens",
            advice: "Check the store that the option cache names",
            cached_in: CachedIn::Shared,
            patience,
            lease,
            longest_wait: lease + GRACE,
            first_poll: Duration::from_millis(100),
            longest_poll: Duration::from_millis(800),
            is_disk: false,
            shares_failures: false,
        };
        Self::with(&store, Arc::new(OpenStore { keys: keys.into(), reach }), Some(prefix), rules)
    }

    pub(super) fn with(
        store: &TokenStoreHandle,
        opening: Arc<dyn KeySource>,
        prefix: Option<String>,
        rules: Rules,
    ) -> Self {
        let store = CircuitBreaker::new(store, &rules);
        Self { store, opening, prefix, rules }
    }

    /// Finds its keys before a call needs them.
    pub(crate) async fn prepare(&self, log: &Log, clock: &Clock) {
        let _ = self.open(LogContext { log, clock }).await;
    }

    /// Returns its keys and which processes share it.
    pub(super) async fn open(&self, context: LogContext<'_>) -> Result<OpenStore, StoreFailure> {
        self.opening.open(context).await
    }
}

impl fmt::Debug for SharedTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SharedTokens").finish_non_exhaustive()
    }
}
