use super::{
    opening::{Opened, Opening},
    seal::StoreKey,
    timed::{TimedStore, Told},
};
use crate::{
    host::{StoreFailure, TokenStoreHandle},
    key::Reach,
    types::CachedIn,
};
use std::{fmt, sync::Arc, time::Duration};

/// Above what a lease lasts, others wait for its holder no longer than this.
const GRACE: Duration = Duration::from_secs(2);

/// A store of tokens that several processes share, and how it is used.
pub struct SharedTokens {
    pub(super) store: TimedStore,
    opening: Arc<dyn Opening>,
    /// What its names begin with; nothing: they are names of files.
    pub(super) prefix: Option<String>,
    pub(super) rules: Rules,
}

/// How a store is used.
pub(super) struct Rules {
    /// What it is called in a sentence.
    pub(super) name: &'static str,
    /// What to do where it fails.
    pub(super) advice: &'static str,
    /// Where its tokens come from, for those who get them.
    pub(super) cached_in: CachedIn,
    /// How long one of its commands may take.
    pub(super) patience: Duration,
    /// How long the right to ask lasts, unless it is extended.
    pub(super) lease: Duration,
    /// Who has that right is waited for no longer than this …
    pub(super) longest_wait: Duration,
    /// … and looked for after this, and after ever longer times up to the next one.
    pub(super) first_poll: Duration,
    pub(super) longest_poll: Duration,
    /// Whether it is a disk, which does not fail for a moment: the first failure is told, and not tried again.
    pub(super) is_disk: bool,
    /// Whether those who have waited for a request share its failure.
    pub(super) shares_failures: bool,
}

/// What the store of a fleet is used with.
pub(crate) struct StoreSettings {
    pub(crate) store: TokenStoreHandle,
    pub(crate) keys: Vec<StoreKey>,
    pub(crate) prefix: String,
    pub(crate) patience: Duration,
    pub(crate) lease: Duration,
}

impl SharedTokens {
    /// The store of a fleet.
    pub(crate) fn new(settings: StoreSettings) -> Self {
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
        Self::with(&store, Arc::new(Opened { keys: keys.into(), reach: Reach::Fleet }), Some(prefix), rules)
    }

    pub(super) fn with(
        store: &TokenStoreHandle,
        opening: Arc<dyn Opening>,
        prefix: Option<String>,
        rules: Rules,
    ) -> Self {
        let store = TimedStore::new(store, &rules);
        Self { store, opening, prefix, rules }
    }

    /// Its keys, and who shares it.
    pub(super) async fn open(&self, told: Told<'_>) -> Result<Opened, StoreFailure> {
        self.opening.open(told).await
    }
}

impl fmt::Debug for SharedTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SharedTokens").finish_non_exhaustive()
    }
}
