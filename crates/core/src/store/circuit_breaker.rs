use super::rules::Rules;
use crate::{
    host::{patiently, Clock, Log, LogLevel, StoreFailure, StoreWrite, TokenStore, TokenStoreHandle},
    transport::RetryRules,
};
use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::{timeout, Instant};

/// After this many failures in a row the store is not used …
const MOST_FAILURES: u32 = 3;
/// … for about this time …
const PAUSE: Duration = Duration::from_secs(10);
/// … and the log reports it no more often than this.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// A store with a time limit for each command. A store that hangs delays a few calls by that limit and then none,
/// because it is not used for a while after several failures in a row.
pub(super) struct CircuitBreaker {
    store: Arc<dyn TokenStore>,
    patience: Duration,
    /// The name of the store in messages, and what to do if it fails.
    words: [&'static str; 2],
    is_disk: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
    warned: Option<Instant>,
}

/// The log for failures of the store, and the clock for its lines.
#[derive(Clone, Copy)]
pub(super) struct LogContext<'a> {
    pub(super) log: &'a Log,
    pub(super) clock: &'a Clock,
}

impl CircuitBreaker {
    pub(super) fn new(store: &TokenStoreHandle, rules: &Rules) -> Self {
        let words = [rules.name, rules.advice];
        Self { store: store.store(), patience: rules.patience, words, is_disk: rules.is_disk, state: Mutex::default() }
    }

    pub(super) async fn get(&self, key: &str, context: LogContext<'_>) -> Result<Option<String>, StoreFailure> {
        self.guarded(self.store.get(key), context).await
    }

    pub(super) async fn set(
        &self,
        key: &str,
        value: &str,
        write: StoreWrite,
        context: LogContext<'_>,
    ) -> Result<bool, StoreFailure> {
        self.guarded(self.store.set(key, value, write), context).await
    }

    pub(super) async fn delete(&self, key: &str, value: &str, context: LogContext<'_>) -> Result<(), StoreFailure> {
        self.guarded(self.store.delete(key, value), context).await
    }

    pub(super) async fn extend(
        &self,
        key: &str,
        value: &str,
        ttl: Duration,
        context: LogContext<'_>,
    ) -> Result<(), StoreFailure> {
        self.guarded(self.store.extend(key, value, ttl), context).await
    }

    pub(super) fn has_news(&self, key: &str) -> bool {
        self.store.has_news(key)
    }

    async fn guarded<T>(
        &self,
        command: impl Future<Output = Result<T, StoreFailure>>,
        context: LogContext<'_>,
    ) -> Result<T, StoreFailure> {
        if self.is_open() {
            return Err(StoreFailure);
        }
        let outcome = self.answer(command).await.unwrap_or(Err(StoreFailure));
        let warns = self.state().count(outcome.is_ok());
        if warns {
            context.log.write(context.clock, LogLevel::Warn, || {
                let (seconds, [name, advice]) = (PAUSE.as_secs(), self.words);
                format!("the {name} has failed {MOST_FAILURES} times in a row, and is not used for about {seconds} s: tokens are requested without it. {advice}")
            });
        }
        outcome
    }

    /// A disk answers late if the whole machine is busy. The program itself says how long it waits for another store.
    async fn answer<T>(&self, command: impl Future<Output = T>) -> Option<T> {
        if self.is_disk {
            return patiently(self.patience, command).await;
        }
        timeout(self.patience, command).await.ok()
    }

    /// Logs that a disk does not store what is written to it, no more often than other warnings.
    pub(super) fn complain(&self, context: LogContext<'_>) {
        if self.is_disk && self.state().is_warning_due() {
            context.log.write(context.clock, LogLevel::Warn, || {
                let [name, advice] = self.words;
                format!(
                    "the {name} does not store a token or a lock: other processes request their own tokens. {advice}"
                )
            });
        }
    }

    fn is_open(&self) -> bool {
        self.state().open_until.is_some_and(|until| Instant::now() < until)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts the outcome of a command, and returns whether to log it.
    fn count(&mut self, is_success: bool) -> bool {
        if is_success {
            (self.failures, self.open_until) = (0, None);
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures < MOST_FAILURES {
            return false;
        }
        self.open_until = Some(Instant::now() + RetryRules::scattered(PAUSE));
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
