use super::rules::Rules;
use crate::{
    host::{Clock, Log, LogLevel, StoreFailure, StoreWrite, TokenStore, TokenStoreHandle},
    transport::RetryRules,
};
use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::{timeout, Instant};

/// After as many failures in a row the store is left alone …
const MOST_FAILURES: u32 = 3;
/// … for about as long …
const REST: Duration = Duration::from_secs(10);
/// … and that is told no more often than this.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// A store whose every command has its time: one that hangs costs patience, and after a few times nothing.
pub(super) struct TimedStore {
    store: Arc<dyn TokenStore>,
    patience: Duration,
    /// What it is called, and what to do where it fails.
    words: [&'static str; 2],
    is_disk: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    alone_until: Option<Instant>,
    warned: Option<Instant>,
}

/// Who is told when the store does not answer.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) log: &'a Log,
    pub(super) clock: &'a Clock,
}

impl TimedStore {
    pub(super) fn new(store: &TokenStoreHandle, rules: &Rules) -> Self {
        let words = [rules.name, rules.advice];
        Self { store: store.store(), patience: rules.patience, words, is_disk: rules.is_disk, state: Mutex::default() }
    }

    pub(super) async fn get(&self, key: &str, told: Told<'_>) -> Result<Option<String>, StoreFailure> {
        self.timed(self.store.get(key), told).await
    }

    pub(super) async fn set(
        &self,
        key: &str,
        value: &str,
        write: StoreWrite,
        told: Told<'_>,
    ) -> Result<bool, StoreFailure> {
        self.timed(self.store.set(key, value, write), told).await
    }

    pub(super) async fn delete(&self, key: &str, value: &str, told: Told<'_>) -> Result<(), StoreFailure> {
        self.timed(self.store.delete(key, value), told).await
    }

    pub(super) async fn extend(
        &self,
        key: &str,
        value: &str,
        ttl: Duration,
        told: Told<'_>,
    ) -> Result<(), StoreFailure> {
        self.timed(self.store.extend(key, value, ttl), told).await
    }

    pub(super) fn has_news(&self, key: &str) -> bool {
        self.store.has_news(key)
    }

    async fn timed<T>(
        &self,
        command: impl Future<Output = Result<T, StoreFailure>>,
        told: Told<'_>,
    ) -> Result<T, StoreFailure> {
        if self.is_left_alone() {
            return Err(StoreFailure);
        }
        let outcome = timeout(self.patience, command).await.unwrap_or(Err(StoreFailure));
        let warns = self.state().count(outcome.is_ok());
        if warns {
            told.log.write(told.clock, LogLevel::Warn, || {
                let (seconds, [name, advice]) = (REST.as_secs(), self.words);
                format!("the {name} has failed {MOST_FAILURES} times in a row, and is left alone for about {seconds} s: tokens are asked for without it. {advice}")
            });
        }
        outcome
    }

    /// Says of a disk, no more often than other warnings, that it does not do what it is asked.
    pub(super) fn complain(&self, told: Told<'_>) {
        if self.is_disk && self.state().is_warning_due() {
            told.log.write(told.clock, LogLevel::Warn, || {
                let [name, advice] = self.words;
                format!(
                    "the {name} does not take a token or a lock: other processes ask for their own tokens. {advice}"
                )
            });
        }
    }

    fn is_left_alone(&self) -> bool {
        self.state().alone_until.is_some_and(|until| Instant::now() < until)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts how a command ended; whether that has to be told.
    fn count(&mut self, is_success: bool) -> bool {
        if is_success {
            (self.failures, self.alone_until) = (0, None);
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures < MOST_FAILURES {
            return false;
        }
        self.alone_until = Some(Instant::now() + RetryRules::scattered(REST));
        self.is_warning_due()
    }

    fn is_warning_due(&mut self) -> bool {
        let now = Instant::now();
        let is_due = self.warned.is_none_or(|earlier| now - earlier >= WARNING_INTERVAL);
        if is_due {
            self.warned = Some(now);
        }
        is_due
    }
}
