use super::{
    entry::{CacheLookup, CachedToken, Entry},
    file_checks::LONGEST_CHECK_AGE,
    lifetime::Timestamps,
    login_fingerprint::LoginFingerprint,
    near_cache_lease::{LeasedToken, NearCacheLease},
};
use crate::{
    flight::{Flight, Outcome, Waiter},
    host::{Clock, Step},
    key::Key,
    transport::{Deadline, Jitter},
    types::{AccessToken, Error, ErrorKind, UnixMillis},
};
use std::{
    collections::HashMap,
    future::Future,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::Duration,
};
use tokio::time::{timeout, Instant};

/// The time limit of a refresh that no caller waits for.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(60);

/// The longest time for which calls fail because a service has asked for a pause. MSAL has the same limit.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// How long a token may be handed out again without another look at the cache.
const LONGEST_TRUST: Duration = Duration::from_secs(1);

/// The largest number of tokens. Beyond it, those that expire soonest are dropped.
const MOST_ENTRIES: usize = 16 * 1024;

/// With fewer entries than this, expired ones are not removed.
const FIRST_SWEEP: usize = 256;

/// The tokens of the process, and the acquisitions that are running.
#[derive(Clone)]
pub(crate) struct Cache {
    clock: Clock,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    generation: AtomicU64,
    /// When the cache was last cleared.
    cleared: Mutex<Option<Timestamps>>,
    flights: AtomicU64,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    map: HashMap<Key, Entry>,
    /// The key of each lease's token, while the token is kept.
    leases: HashMap<NearCacheLease, Key>,
    next_sweep: usize,
}

/// A request to the cache: which token, and under what conditions.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) key: Key,
    /// The end of the caller's time.
    pub(crate) until: Instant,
    /// When a call was made that must get a new token even if the cached one is fresh.
    pub(crate) forced_at: Option<Instant>,
    /// The current state of the login that the token depends on.
    pub(crate) binding: Option<LoginFingerprint>,
}

/// What a call does after the look at the cache.
enum CallState {
    Answered(Outcome<LeasedToken>),
    Waiting(Waiter<LeasedToken>, Option<CachedToken>),
}

impl Cache {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, shared: Arc::default() }
    }

    /// Returns the cached token while it is good, or the token of an acquisition, of which there is one at a time. If
    /// the caller's time ends first, the error says how far the acquisition has come.
    pub(crate) async fn token<F>(
        &self,
        ask: Ask,
        acquire: impl FnOnce(Deadline) -> F,
    ) -> Result<Outcome<LeasedToken>, Step>
    where
        F: Future<Output = Result<AccessToken, Error>> + Send + 'static,
    {
        let (waiter, fallback) = match self.call_state(&ask, acquire) {
            CallState::Answered(outcome) => return Ok(outcome),
            CallState::Waiting(waiter, fallback) => (waiter, fallback),
        };
        let outcome = waiter.outcome_until(ask.until).await;
        if let Ok(Ok(_)) = outcome {
            return outcome;
        }
        let still_valid = fallback.as_ref().and_then(|kept| kept.valid_token(self.now()));
        still_valid.map_or(outcome, |leased| Ok(Ok(leased.clone())))
    }

    /// Returns the token that is kept under that key, valid or not.
    pub(crate) fn kept(&self, key: Key) -> Option<Arc<AccessToken>> {
        self.entries().map.get(&key)?.token()
    }

    /// Returns how long a token that was handed out may be handed out again without asking. Zero: the caller must ask
    /// the cache. Login files are not read here, because a disk may take long to answer.
    pub(crate) fn trust(&self, lease: NearCacheLease, was_current: impl FnOnce(&LoginFingerprint) -> bool) -> Duration {
        let binding = self.binding(lease);
        let longest = if binding.is_some() { LONGEST_CHECK_AGE } else { LONGEST_TRUST };
        if binding.is_some_and(|binding| !was_current(&binding)) {
            return Duration::ZERO;
        }
        let now = self.now();
        let trust = self.entries().of_lease(lease).map_or(Duration::ZERO, |entry| entry.trust(now));
        trust.min(longest)
    }

    /// Waits for the end of the renewal of a lease's token, if one is running.
    pub(crate) fn renewal(
        &self,
        lease: NearCacheLease,
    ) -> Option<impl Future<Output = Outcome<LeasedToken>> + Send + 'static> {
        let renewal = self.entries().of_lease(lease)?.flight()?.observed();
        Some(async { renewal.await.unwrap_or_else(|| Err(given_up())) })
    }

    /// Returns the login on which a lease's token depends, if the token is kept and depends on one.
    pub(crate) fn binding(&self, lease: NearCacheLease) -> Option<Arc<LoginFingerprint>> {
        self.entries().of_lease(lease).and_then(Entry::binding)
    }

    /// Forgets every token and failure. Running acquisitions continue for their callers, and their tokens are not kept.
    pub(crate) fn clear(&self) {
        *self.cleared() = Some(self.now());
        self.shared.generation.fetch_add(1, Ordering::SeqCst);
        let forgotten = std::mem::take(&mut *self.entries());
        drop(forgotten);
    }

    /// Returns how often the cache was cleared.
    pub(crate) fn generation(&self) -> u64 {
        self.shared.generation.load(Ordering::SeqCst)
    }

    /// Returns when the cache was last cleared, by the current wall clock. If that clock was set since, the elapsed
    /// time decides.
    pub(crate) fn cleared_at(&self) -> UnixMillis {
        self.cleared().map_or(0, |cleared| self.now().wall_then(cleared))
    }

    fn call_state<F>(&self, ask: &Ask, acquire: impl FnOnce(Deadline) -> F) -> CallState
    where
        F: Future<Output = Result<AccessToken, Error>> + Send + 'static,
    {
        let now = self.now();
        let mut entries = self.entries();
        let entry = entries.entry(ask.key, now);
        match entry.lookup(now, ask.forced_at, ask.binding.as_ref()) {
            CacheLookup::Answer(outcome) => CallState::Answered(outcome),
            CacheLookup::AnswerAndRefresh(token) => {
                if entry.flight().is_none() {
                    self.refresh(entry, ask, now, acquire);
                }
                CallState::Answered(Ok(token))
            }
            CacheLookup::Wait(fallback) => {
                let joined = entry.flight().and_then(|flight| flight.join(ask.until));
                let waiter = joined.unwrap_or_else(|| match fallback {
                    Some(_) => self.refresh(entry, ask, now, acquire),
                    None => self.launch(entry, ask, ask.until, acquire),
                });
                CallState::Waiting(waiter, fallback)
            }
        }
    }

    /// Starts a flight that continues even if no caller waits for it: it has a waiter of its own.
    fn refresh<F>(
        &self,
        entry: &mut Entry,
        ask: &Ask,
        now: Timestamps,
        acquire: impl FnOnce(Deadline) -> F,
    ) -> Waiter<LeasedToken>
    where
        F: Future<Output = Result<AccessToken, Error>> + Send + 'static,
    {
        let waiter = self.launch(entry, ask, ask.until.max(now.steady() + REFRESH_TIMEOUT), acquire);
        let (cache, key, number, own_waiter) = (self.clone(), ask.key, waiter.flight(), waiter.clone());
        tokio::spawn(async move {
            let outcome = timeout(REFRESH_TIMEOUT, own_waiter.outcome()).await;
            if !matches!(outcome, Ok(Ok(_))) {
                cache.give_up(key, number);
            }
        });
        waiter
    }

    fn launch<F>(
        &self,
        entry: &mut Entry,
        ask: &Ask,
        until: Instant,
        acquire: impl FnOnce(Deadline) -> F,
    ) -> Waiter<LeasedToken>
    where
        F: Future<Output = Result<AccessToken, Error>> + Send + 'static,
    {
        let number = self.shared.flights.fetch_add(1, Ordering::Relaxed);
        let deadline = Deadline::at(until).with_jitter(Jitter::of(ask.key.seed()));
        let landed = self.keeper(number, ask);
        let (flight, waiter) = Flight::start(number, deadline.extender(), acquire(deadline), landed);
        entry.fly(flight);
        waiter
    }

    /// Puts the result of a flight into its entry. The flight's number is also its token's lease.
    fn keeper(
        &self,
        number: u64,
        ask: &Ask,
    ) -> impl FnOnce(Result<AccessToken, Error>) -> Outcome<LeasedToken> + Send + 'static {
        let (cache, key, binding) = (self.clone(), ask.key, ask.binding.clone());
        move |outcome| {
            let now = cache.now();
            let outcome = outcome.map_err(|error| throttled(error, Jitter::of(key.seed())));
            let arrived =
                outcome.and_then(|token| CachedToken::new(token, NearCacheLease::of_number(number), binding, now));
            cache.entries().land(key, number, &arrived, now);
            arrived.map(CachedToken::into_leased)
        }
    }

    fn give_up(&self, key: Key, number: u64) {
        let now = self.now();
        if let Some(entry) = self.entries().map.get_mut(&key) {
            entry.give_up(number, now);
        }
    }

    fn now(&self) -> Timestamps {
        Timestamps::now(&self.clock)
    }

    fn cleared(&self) -> MutexGuard<'_, Option<Timestamps>> {
        self.shared.cleared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.shared.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn given_up() -> Error {
    let message =
        format!("the renewal of a token was abandoned: it had not ended after {} s", REFRESH_TIMEOUT.as_secs());
    Error::new(ErrorKind::Timeout, message).with_retryable(true)
}

/// Adds the token's jitter to the time for which a service asks to wait. Until then its calls fail at once.
fn throttled(error: Error, jitter: Jitter) -> Error {
    match error.retry_after() {
        Some(wait) => error.with_retry_after(jitter.stretched(wait.min(LONGEST_RETRY_AFTER)).min(LONGEST_RETRY_AFTER)),
        None => error,
    }
}

impl Entries {
    fn entry(&mut self, key: Key, now: Timestamps) -> &mut Entry {
        if self.map.len() >= self.next_sweep && !self.map.contains_key(&key) {
            self.make_room(now);
        }
        self.map.entry(key).or_default()
    }

    /// A missing entry was cleared meanwhile.
    fn land(&mut self, key: Key, number: u64, arrived: &Result<CachedToken, Error>, now: Timestamps) {
        let Some(entry) = self.map.get_mut(&key) else { return };
        let before = entry.lease();
        entry.land(number, arrived, now);
        let after = entry.lease();
        if before != after {
            before.map(|lease| self.leases.remove(&lease));
            after.map(|lease| self.leases.insert(lease, key));
        }
    }

    fn of_lease(&self, lease: NearCacheLease) -> Option<&Entry> {
        self.map.get(self.leases.get(&lease)?)
    }

    /// Drops entries that no call can use, and if that is not enough, an eighth of the others, so that it happens
    /// seldom.
    fn make_room(&mut self, now: Timestamps) {
        self.map.retain(|_, entry| entry.is_of_use(now));
        if self.map.len() >= MOST_ENTRIES {
            self.evict(self.map.len() + MOST_ENTRIES / 8 - MOST_ENTRIES, now);
        }
        self.leases.retain(|_, key| self.map.contains_key(key));
        let length = self.map.len();
        self.next_sweep = (length * 2).clamp(FIRST_SWEEP, MOST_ENTRIES).max(length + length / 8);
    }

    fn evict(&mut self, count: usize, now: Timestamps) {
        let mut worths: Vec<_> = self.map.iter().map(|(key, entry)| (entry.worth(now), *key)).collect();
        let last = count.min(worths.len()) - 1;
        worths.select_nth_unstable_by_key(last, |(worth, _)| *worth);
        for (_, key) in worths[..=last].iter().filter(|(worth, _)| *worth < Duration::MAX) {
            self.map.remove(key);
        }
    }
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
