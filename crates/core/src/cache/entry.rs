use super::{
    lifetime::{Freshness, Timestamps, TokenLifetime},
    login_fingerprint::LoginFingerprint,
    near_cache_lease::{LeasedToken, NearCacheLease},
};
use crate::flight::{answers_later_call, is_remembered, Flight, Outcome};
use crate::types::{AccessToken, CachedIn, Error, ErrorKind};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// How long the cache waits after a failed refresh before the next one. Azure's SDKs wait as long.
pub(super) const COOLDOWN: Duration = Duration::from_secs(30);

/// Everything that the cache knows about one key. Fields that are seldom set are boxed: there may be thousands of
/// entries.
#[derive(Default)]
pub(super) struct Entry {
    kept: Option<CachedToken>,
    failure: Option<Box<Failure>>,
    flight: Option<Box<Flight<LeasedToken>>>,
    cooldown_until: Option<Instant>,
}

/// A token with its lifetime and the login that it depends on.
#[derive(Clone)]
pub(super) struct CachedToken {
    leased: LeasedToken,
    life: TokenLifetime,
    binding: Option<Arc<LoginFingerprint>>,
}

struct Failure {
    error: Error,
    landed: Instant,
    /// The end of the time for which the service has asked not to be called.
    throttled_until: Option<Instant>,
}

impl Failure {
    fn new(error: &Error, now: Timestamps) -> Self {
        let throttled_until = throttled_until(error, now);
        Self { error: error.clone(), landed: now.steady(), throttled_until }
    }

    /// Returns the error for a call at this moment.
    fn for_caller(&self, now: Timestamps, forced_at: Option<Instant>) -> Option<Error> {
        if answers_later_call(self.landed, now.steady(), forced_at) {
            return Some(self.error.clone());
        }
        let left = self.throttled_until.filter(|_| forced_at.is_none())?.saturating_duration_since(now.steady());
        (!left.is_zero()).then(|| self.error.clone().with_retry_after(left))
    }
}

fn throttled_until(error: &Error, now: Timestamps) -> Option<Instant> {
    now.steady().checked_add(error.throttling()?)
}

/// The result of a look at an entry.
pub(super) enum CacheLookup {
    /// Return this result at once.
    Answer(Outcome<LeasedToken>),
    /// Return this token at once, and get a new one in the background.
    AnswerAndRefresh(LeasedToken),
    /// Wait for a new token. If none comes in time, return this one while it is valid.
    Wait(Option<CachedToken>),
}

impl CachedToken {
    /// Takes a token that has arrived and sets its `refresh_after`. Returns an error if the token has already expired.
    pub(super) fn new(
        mut token: AccessToken,
        lease: NearCacheLease,
        binding: Option<LoginFingerprint>,
        now: Timestamps,
    ) -> Result<Self, Error> {
        let life = TokenLifetime::of(&token, now);
        if life.freshness(now) == Freshness::Over {
            return Err(expired_on_arrival(&token));
        }
        token.refresh_after = Some(life.refresh_after());
        let binding = binding.and_then(|binding| binding.of(&token)).map(Arc::new);
        Ok(Self { leased: LeasedToken { token: Arc::new(token), lease }, life, binding })
    }

    pub(super) fn valid_token(&self, now: Timestamps) -> Option<&LeasedToken> {
        (self.life.freshness(now) != Freshness::Over).then_some(&self.leased)
    }

    /// Returns this token as a later call finds it: marked as taken from memory.
    fn kept_in_memory(&self) -> Self {
        let token = AccessToken { cached_in: Some(CachedIn::Memory), ..(*self.leased.token).clone() };
        Self { leased: LeasedToken { token: Arc::new(token), lease: self.leased.lease }, ..self.clone() }
    }

    pub(super) fn into_leased(self) -> LeasedToken {
        self.leased
    }

    pub(super) fn lease(&self) -> NearCacheLease {
        self.leased.lease
    }

    /// Returns whether the files on which the token depends are unchanged.
    fn still_applies(&self, binding: Option<&LoginFingerprint>) -> bool {
        self.binding.is_none() || self.binding.as_deref() == binding
    }
}

impl Entry {
    /// Decides what a call at this moment gets.
    pub(super) fn lookup(
        &self,
        now: Timestamps,
        forced_at: Option<Instant>,
        binding: Option<&LoginFingerprint>,
    ) -> CacheLookup {
        let Some(kept) = self.kept.as_ref().filter(|kept| forced_at.is_none() && kept.still_applies(binding)) else {
            return self.without_token(now, forced_at);
        };
        let token = kept.leased.clone();
        match kept.life.freshness(now) {
            Freshness::Over => self.without_token(now, forced_at),
            Freshness::Fresh => CacheLookup::Answer(Ok(token)),
            _ if self.cooldown(now).is_some() => CacheLookup::Answer(Ok(token)),
            Freshness::Due => CacheLookup::AnswerAndRefresh(token),
            Freshness::Short => CacheLookup::Wait(Some(kept.clone())),
        }
    }

    fn without_token(&self, now: Timestamps, forced_at: Option<Instant>) -> CacheLookup {
        let remembered = self.failure.as_ref().and_then(|failure| failure.for_caller(now, forced_at));
        remembered.map_or(CacheLookup::Wait(None), |error| CacheLookup::Answer(Err(error)))
    }

    /// Returns how long the token may be handed out again without another look. Zero: the caller must ask the cache.
    pub(super) fn trust(&self, now: Timestamps) -> Duration {
        let Some(kept) = &self.kept else { return Duration::ZERO };
        let unchanged = kept.life.unchanged_for(now);
        match (kept.life.freshness(now), self.cooldown(now)) {
            (Freshness::Fresh, _) => unchanged,
            (Freshness::Due | Freshness::Short, Some(rest)) => rest.min(unchanged),
            (Freshness::Due, None) if self.flight().is_some() => unchanged,
            _ => Duration::ZERO,
        }
    }

    /// Returns the token, valid or not.
    pub(super) fn token(&self) -> Option<Arc<AccessToken>> {
        self.kept.as_ref().map(|kept| Arc::clone(&kept.leased.token))
    }

    /// Returns the lease of the token.
    pub(super) fn lease(&self) -> Option<NearCacheLease> {
        self.kept.as_ref().map(CachedToken::lease)
    }

    /// Returns the login files on which the token depends.
    pub(super) fn binding(&self) -> Option<Arc<LoginFingerprint>> {
        self.kept.as_ref()?.binding.clone()
    }

    /// Returns the flight that is under way.
    pub(super) fn flight(&self) -> Option<&Flight<LeasedToken>> {
        self.flight.as_deref().filter(|flight| flight.is_under_way())
    }

    pub(super) fn fly(&mut self, flight: Flight<LeasedToken>) {
        self.flight = Some(Box::new(flight));
    }

    /// Records the result of a flight. If the cache was cleared meanwhile, another flight may be under way here.
    pub(super) fn land(&mut self, number: u64, outcome: &Result<CachedToken, Error>, now: Timestamps) {
        if self.flight.take_if(|flight| flight.number() == number).is_none() {
            return;
        }
        match outcome {
            Ok(kept) => *self = Self { kept: Some(kept.kept_in_memory()), ..Self::default() },
            Err(error) => self.fail(error, now),
        }
    }

    fn fail(&mut self, error: &Error, now: Timestamps) {
        self.start_cooldown(now);
        self.cooldown_until = self.cooldown_until.max(throttled_until(error, now));
        self.failure = is_remembered(error).then(|| Box::new(Failure::new(error, now)));
    }

    /// Starts the cooldown after a refresh that was given up or has panicked. If the cache was cleared meanwhile, this
    /// is a new entry, and the number of the old flight does not match.
    pub(super) fn give_up(&mut self, number: u64, now: Timestamps) {
        if self.flight.as_ref().is_some_and(|flight| flight.number() == number) {
            self.start_cooldown(now);
        }
    }

    /// Starts the cooldown after a failed refresh. A longer time for which the service has asked stays.
    fn start_cooldown(&mut self, now: Timestamps) {
        self.cooldown_until = self.cooldown_until.max(Some(now.steady() + COOLDOWN));
    }

    fn cooldown(&self, now: Timestamps) -> Option<Duration> {
        let rest = self.cooldown_until?.saturating_duration_since(now.steady());
        (!rest.is_zero()).then_some(rest)
    }

    /// Returns whether the entry has anything that a call could use.
    pub(super) fn is_of_use(&self, now: Timestamps) -> bool {
        let valid = self.kept.as_ref().is_some_and(|kept| kept.valid_token(now).is_some());
        let remembered = self.failure.as_ref().is_some_and(|failure| failure.for_caller(now, None).is_some());
        valid || remembered || self.flight().is_some()
    }

    /// Returns how long the entry is still of use. Those with the least are dropped first, and those in flight last.
    pub(super) fn worth(&self, now: Timestamps) -> Duration {
        if self.flight().is_some() {
            return Duration::MAX;
        }
        self.kept.as_ref().map_or(Duration::ZERO, |kept| kept.life.left(now))
    }
}

fn expired_on_arrival(token: &AccessToken) -> Error {
    let message = format!(
        "the token that came from the {} has expired already, by this machine's clock: check the clock",
        token.source.in_words()
    );
    Error::new(ErrorKind::Network, message)
}
