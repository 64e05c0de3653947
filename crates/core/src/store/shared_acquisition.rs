use super::{
    circuit_breaker::Told,
    lease::{poll_wait, Bid, Lease},
    names::Names,
    open_store::Opened,
    seal::{Content, StoreKey},
    shared_tokens::SharedTokens,
    token_query::Wanted,
    try_outcome::{unsaid_wait, Look, Round},
    value::{Note, StoredToken},
};
use crate::{
    flight::is_remembered,
    host::{Clock, FileIdentity, Log, LogLevel, StoreFailure, StoreWrite},
    key::KeyBuilder,
    transport::{Deadline, Jitter},
    types::{AccessToken, Error, Secret, UnixMillis},
};
use std::{
    future::Future,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::time::{sleep, sleep_until, timeout_at, Instant};

/// What a call keeps of its time, and of a shorter one half, for a request of its own: others are waited for no longer.
/// Of that, a quarter is for a last look.
const OWN_REQUEST: Duration = Duration::from_secs(2);
const PART_OF_LAST_LOOK: u32 = 4;

/// What a call keeps to hand out what it has, however long the store takes to write it.
const ANSWER_MARGIN: Duration = Duration::from_millis(20);

/// A failure is of interest to those who waited for it, who look after less than this.
const FAILURE_LIFE: Duration = Duration::from_secs(60);

/// What one acquisition asks of the store.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) store: Arc<SharedTokens>,
    /// What decides about the token besides its credential.
    pub(crate) call: KeyBuilder,
    /// What the files are in which developers' tools keep who is logged in.
    pub(crate) logins: Vec<(PathBuf, Option<FileIdentity>)>,
    /// Only what was written after that counts.
    pub(crate) written_after: UnixMillis,
    /// When the token ends that there is already: a better one is wanted.
    pub(crate) held_until: Option<UnixMillis>,
    /// Only what is written from now on counts.
    pub(crate) force_refresh: bool,
    /// For so long a refusal by the token service answers this call, too.
    pub(crate) refusal_memory: Duration,
}

impl Asked {
    /// The store's keys, and who shares it; nothing where it is not there.
    pub(crate) async fn open(&self, log: &Log, clock: &Clock) -> Option<Opened> {
        self.store.open(Told { log, clock }).await.ok()
    }

    /// The token from the store, else from the service that `acquire` asks: one process at a time asks it, and the
    /// others wait for what it writes.
    pub(crate) async fn token<F>(
        &self,
        wanted: &Wanted<'_>,
        acquire: impl Fn(Deadline) -> F,
    ) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        let prefix = self.store.prefix.as_deref();
        let names = wanted.opened.keys.iter().map(|key| Names::new(prefix, key, &wanted.token)).collect();
        let began = Instant::now();
        let mut flight = Flight {
            asked: self,
            wanted,
            names,
            baseline: OnceLock::new(),
            looks: 0,
            failures: 0,
            waits_since: None,
            began,
        };
        flight.fly(acquire).await
    }
}

/// One acquisition over the store.
struct Flight<'a> {
    asked: &'a Asked,
    wanted: &'a Wanted<'a>,
    /// Under each key, the one that seals first.
    names: Vec<Names>,
    /// What was in the store when the call began: of no use to one who forces a refresh.
    baseline: OnceLock<Vec<Option<String>>>,
    looks: u32,
    /// How often the store has not answered.
    failures: u32,
    /// Since when others are waited for …
    began: Instant,
    /// … and by the wall clock, if they are.
    waits_since: Option<UnixMillis>,
}

impl Flight<'_> {
    async fn fly<F>(&mut self, acquire: impl Fn(Deadline) -> F) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        loop {
            match self.round(&acquire).await.unwrap_or_else(|failure| self.after(failure)) {
                Round::Again => {}
                Round::Over(outcome) => return outcome,
                Round::Rest(wait, error) => {
                    if !self.rest(wait).await {
                        return Err(error);
                    }
                }
                Round::Wait if Instant::now() < self.alone_at() => self.wait().await,
                Round::Wait => return self.alone(acquire).await,
                Round::Alone => return acquire(self.wanted.deadline.clone()).await,
            }
        }
    }

    async fn round<F>(&self, acquire: &impl Fn(Deadline) -> F) -> Result<Round, StoreFailure>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        // Those who wait look where there may be something to see: they need not have the lease for that, one after the other.
        let is_idle = self.waits_since.is_some() && !self.asked.store.store.has_news(&self.names[0].lease());
        let seen = if is_idle { Look::Nothing } else { self.in_time(self.look()).await? };
        if let Some(round) = seen.ends() {
            return Ok(round);
        }
        let bid = Lease::bid(&self.asked.store, self.names[0].lease(), self.told());
        match self.in_time(bid).await? {
            Bid::Taken => Ok(Round::Wait),
            Bid::Won(lease) => self.lead(lease, acquire).await,
        }
    }

    /// Asks the service, and writes the outcome for the other processes. Between the look before and the lease, another
    /// process may have done so.
    async fn lead<F>(&self, lease: Lease, acquire: &impl Fn(Deadline) -> F) -> Result<Round, StoreFailure>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        if let Some(round) = self.in_time(self.look()).await?.ends() {
            self.in_passing(lease.release()).await;
            return Ok(round);
        }
        let outcome = lease.hold(acquire(self.wanted.deadline.clone().telling_throttling())).await;
        let telling = async {
            self.tell_others(&outcome).await;
            lease.release().await;
        };
        self.in_passing(telling).await;
        Ok(Round::after(outcome))
    }

    /// Without waiting for others any longer; what comes of it is theirs, too.
    async fn alone<F>(&self, acquire: impl Fn(Deadline) -> F) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        let token = acquire(self.wanted.deadline.clone()).await?;
        self.in_passing(self.write(&token)).await;
        Ok(token)
    }

    async fn wait(&mut self) {
        self.waits_since.get_or_insert(self.wanted.clock.now());
        let wait = poll_wait(&self.asked.store.rules, self.looks);
        sleep_until(self.alone_at().min(Instant::now() + wait)).await;
        self.looks = self.looks.saturating_add(1);
    }

    /// Everyone who waits for the same moment comes back a little later than it, each at another time; who has no time
    /// for that does not wait. Whether it has waited.
    async fn rest(&mut self, wait: Duration) -> bool {
        let wait = Jitter::default().stretched(wait);
        if !self.wanted.deadline.allows(wait) {
            return false;
        }
        sleep(wait).await;
        self.began = Instant::now();
        true
    }

    /// Until when this call waits for other processes: as long as the least patient caller allows, so that it still has
    /// time to get a token itself.
    fn alone_at(&self) -> Instant {
        let most = self.began + self.asked.store.rules.longest_wait;
        most.min(self.wanted.deadline.earliest() - self.own_time())
    }

    /// Until when the store may answer before the service is asked.
    fn last_look(&self) -> Instant {
        self.alone_at() + self.own_time() / PART_OF_LAST_LOOK
    }

    fn own_time(&self) -> Duration {
        (self.wanted.deadline.earliest().saturating_duration_since(self.began) / 2).min(OWN_REQUEST)
    }

    /// What is done for the others, for as long as this call has time: its own outcome is there. A lease whose return
    /// is cut short ends by itself.
    async fn in_passing(&self, work: impl Future<Output = ()>) {
        let _ = timeout_at(self.wanted.deadline.latest() - ANSWER_MARGIN, work).await;
    }

    /// What the store answers before the service has to be asked.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, StoreFailure>>) -> Result<T, StoreFailure> {
        timeout_at(self.last_look(), work).await.unwrap_or(Err(StoreFailure))
    }

    async fn look(&self) -> Result<Look, StoreFailure> {
        let mut seen = Vec::with_capacity(self.names.len());
        for place in 0..self.names.len() {
            let text = self.asked.store.store.get(&self.names[place].token(), self.told()).await?;
            if let Some(token) = text.as_deref().and_then(|text| self.usable(place, text)) {
                self.tell("a token was in the");
                return Ok(Look::Token(Box::new(token)));
            }
            seen.push(text);
        }
        self.baseline.get_or_init(|| seen);
        self.look_for_note().await
    }

    /// Who forces a refresh asks in any case.
    async fn look_for_note(&self) -> Result<Look, StoreFailure> {
        if self.asked.force_refresh {
            return Ok(Look::Nothing);
        }
        let names = &self.names[0];
        let text = self.asked.store.store.get(&names.note(), self.told()).await?;
        let opened = text.and_then(|text| names.open(self.first_key(), Content::Note, &text));
        let Some(note) = opened.and_then(|text| Note::parse(&text)) else { return Ok(Look::Nothing) };
        let now = self.wanted.clock.now();
        Ok(match note.wait(now) {
            Some(wait) => Look::Throttled(note, wait),
            None if self.is_answered(&note, now) => Look::Failed(note),
            None => Look::Nothing,
        })
    }

    /// Whether the failure of another process is this one's, too: it was waited for, or has just been refused.
    fn is_answered(&self, note: &Note, now: UnixMillis) -> bool {
        let rules = &self.asked.store.rules;
        let was_waited_for = self.waits_since.is_some_and(|since| note.is_failure_between(since, now));
        rules.shares_failures && (was_waited_for || note.is_refusal_within(self.asked.refusal_memory, now))
    }

    fn first_key(&self) -> &StoreKey {
        &self.wanted.opened.keys[0]
    }

    /// The token that was sealed under one of the keys, if it is any good for this call.
    fn usable(&self, place: usize, text: &str) -> Option<AccessToken> {
        if self.asked.force_refresh && self.is_no_news(place, text) {
            return None;
        }
        let opened = self.names[place].open(&self.wanted.opened.keys[place], Content::Token, text)?;
        let now = self.wanted.clock.now();
        let stored = StoredToken::parse(&opened)?.seen_at(now)?;
        let is_better = self.asked.held_until.is_none_or(|held| stored.expires() > held);
        if !is_better || stored.written() <= self.asked.written_after {
            return None;
        }
        stored.usable(now)?;
        stored.into_token(self.wanted.kind, self.asked.store.rules.cached_in)
    }

    /// It was there when the call began.
    fn is_no_news(&self, place: usize, text: &str) -> bool {
        self.baseline.get().is_none_or(|seen| seen[place].as_deref() == Some(text))
    }

    async fn tell_others(&self, outcome: &Result<AccessToken, Error>) {
        match outcome {
            Ok(token) => self.write(token).await,
            Err(error) => self.note(error).await,
        }
    }

    /// Only what says something about the others' requests. Those of a machine who have waited share any failure.
    async fn note(&self, error: &Error) {
        let shares_failures = self.asked.store.rules.shares_failures;
        let unsaid = || unsaid_wait(error).filter(|_| !shares_failures);
        let wait = error.throttling().or_else(unsaid);
        if wait.is_some() || (shares_failures && is_remembered(error)) {
            let note = Note::of(error, wait, self.wanted.clock.now());
            self.put(Content::Note, note.text(), wait.unwrap_or(FAILURE_LIFE)).await;
        }
    }

    async fn write(&self, token: &AccessToken) {
        if !self.wanted.keeps(token) {
            return;
        }
        let now = self.wanted.clock.now();
        let stored = StoredToken::of(token, now);
        // A token whose life is too short to be handed out is not kept.
        let Some(ttl) = stored.usable(now) else { return };
        self.put(Content::Token, stored.text(), ttl).await;
    }

    /// What could not be written costs the others a request, and this call nothing.
    async fn put(&self, content: Content, text: Option<Secret>, ttl: Duration) {
        let (store, names) = (&self.asked.store, &self.names[0]);
        let sealed = text.and_then(|text| names.seal(self.first_key(), content, text.expose()));
        let Some(sealed) = sealed else { return };
        let key = if content == Content::Token { names.token() } else { names.note() };
        let written = store.store.set(&key, &sealed, StoreWrite { ttl, if_absent: false }, self.told()).await;
        if written.is_err() {
            self.tell("a token could not be written to the");
            self.asked.store.store.complain(self.told());
        }
    }

    /// Once it is tried again: it may have been this process that was slow, whose event loop is busy with its start.
    fn after(&mut self, _: StoreFailure) -> Round {
        self.failures += 1;
        if self.failures == 1 && !self.asked.store.rules.is_disk {
            return Round::Again;
        }
        self.asked.store.store.complain(self.told());
        Round::Alone
    }

    fn told(&self) -> Told<'_> {
        Told { log: self.wanted.log, clock: self.wanted.clock }
    }

    fn tell(&self, message: &str) {
        let name = self.asked.store.rules.name;
        self.wanted.log.write(self.wanted.clock, LogLevel::Debug, || format!("{message} {name}"));
    }
}
