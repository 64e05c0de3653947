use super::{
    circuit_breaker::LogContext,
    lease::{poll_wait, Lease, LeaseAttempt},
    names::Names,
    open_store::OpenStore,
    seal::{Content, StoreKey},
    shared_tokens::SharedTokens,
    token_query::TokenQuery,
    try_outcome::{unsaid_wait, LookupResult, TryOutcome},
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

/// The time that a call reserves for a request of its own, or half of its time if that is shorter. It waits for others
/// no longer than that. A quarter of the reserve is for a last look.
const OWN_REQUEST: Duration = Duration::from_secs(2);
const PART_OF_LAST_LOOK: u32 = 4;

/// The time that a call reserves to return its token, however long the store takes to write it.
const ANSWER_MARGIN: Duration = Duration::from_millis(20);

/// How long a failure is kept. The processes that waited for it look again sooner than that.
const FAILURE_LIFE: Duration = Duration::from_secs(60);

/// The request of one acquisition to the store.
#[derive(Clone)]
pub(crate) struct StoreRequest {
    pub(crate) store: Arc<SharedTokens>,
    /// Everything besides the credential that decides the token.
    pub(crate) call: KeyBuilder,
    /// The identities of the files in which developers' tools keep their login.
    pub(crate) logins: Vec<(PathBuf, Option<FileIdentity>)>,
    /// Only values written after this time count.
    pub(crate) written_after: UnixMillis,
    /// The end of the existing token: a token that ends later is wanted.
    pub(crate) held_until: Option<UnixMillis>,
    /// Whether only values that are written from now on count.
    pub(crate) force_refresh: bool,
    /// How long a refusal by the token service answers this call as well.
    pub(crate) refusal_memory: Duration,
}

impl StoreRequest {
    /// Returns the store's keys and which processes share it, or nothing if it is unavailable.
    pub(crate) async fn open(&self, log: &Log, clock: &Clock) -> Option<OpenStore> {
        self.store.open(LogContext { log, clock }).await.ok()
    }

    /// Returns the token from the store, or else from the service that `acquire` asks. One process at a time asks it,
    /// and the others wait for what it writes.
    pub(crate) async fn token<F>(
        &self,
        query: &TokenQuery<'_>,
        acquire: impl Fn(Deadline) -> F,
    ) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        let prefix = self.store.prefix.as_deref();
        let names = query.opened.keys.iter().map(|key| Names::new(prefix, key, &query.token)).collect();
        let began = Instant::now();
        let mut acquisition = SharedAcquisition {
            request: self,
            query,
            names,
            baseline: OnceLock::new(),
            looks: 0,
            failures: 0,
            waits_since: None,
            began,
        };
        acquisition.run(acquire).await
    }
}

/// One acquisition over the store.
struct SharedAcquisition<'a> {
    request: &'a StoreRequest,
    query: &'a TokenQuery<'a>,
    /// The names under each key. The first key encrypts.
    names: Vec<Names>,
    /// What the store had when the call began, which is of no use to a call that forces a refresh.
    baseline: OnceLock<Vec<Option<String>>>,
    looks: u32,
    /// How often the store has not answered.
    failures: u32,
    /// The start of the wait for others …
    began: Instant,
    /// … and the same by the wall clock, if this call waits.
    waits_since: Option<UnixMillis>,
}

impl SharedAcquisition<'_> {
    async fn run<F>(&mut self, acquire: impl Fn(Deadline) -> F) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        loop {
            match self.try_once(&acquire).await.unwrap_or_else(|failure| self.after(failure)) {
                TryOutcome::Retry => {}
                TryOutcome::Done(outcome) => return outcome,
                TryOutcome::Throttled(wait, error) => {
                    if !self.wait_out(wait).await {
                        return Err(error);
                    }
                }
                TryOutcome::LeaseTaken if Instant::now() < self.own_request_at() => self.wait().await,
                TryOutcome::LeaseTaken => return self.request_without_lease(acquire).await,
                TryOutcome::WithoutStore => return acquire(self.query.deadline.clone()).await,
            }
        }
    }

    async fn try_once<F>(&self, acquire: &impl Fn(Deadline) -> F) -> Result<TryOutcome, StoreFailure>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        // A waiting process looks only if a token may have been written, and needs no lease for that.
        let is_idle = self.waits_since.is_some() && !self.request.store.store.has_news(&self.names[0].lease());
        let seen = if is_idle { LookupResult::Nothing } else { self.in_time(self.look()).await? };
        if let Some(outcome) = seen.ends() {
            return Ok(outcome);
        }
        let attempt = Lease::try_acquire(&self.request.store, self.names[0].lease(), self.context());
        match self.in_time(attempt).await? {
            LeaseAttempt::Taken => Ok(TryOutcome::LeaseTaken),
            LeaseAttempt::Won(lease) => self.request_with_lease(lease, acquire).await,
        }
    }

    /// Asks the service, and writes the outcome for the other processes. Another process may have done so between the
    /// last look and the lease.
    async fn request_with_lease<F>(
        &self,
        lease: Lease,
        acquire: &impl Fn(Deadline) -> F,
    ) -> Result<TryOutcome, StoreFailure>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        if let Some(outcome) = self.in_time(self.look()).await?.ends() {
            self.within_call(lease.release()).await;
            return Ok(outcome);
        }
        let outcome = lease.hold(acquire(self.query.deadline.clone().reporting_throttling())).await;
        let publishing = async {
            self.publish(&outcome).await;
            lease.release().await;
        };
        self.within_call(publishing).await;
        Ok(TryOutcome::after(outcome))
    }

    /// Requests the token without waiting for others any longer, and writes it for them.
    async fn request_without_lease<F>(&self, acquire: impl Fn(Deadline) -> F) -> Result<AccessToken, Error>
    where
        F: Future<Output = Result<AccessToken, Error>>,
    {
        let token = acquire(self.query.deadline.clone()).await?;
        self.within_call(self.write(&token)).await;
        Ok(token)
    }

    async fn wait(&mut self) {
        self.waits_since.get_or_insert(self.query.clock.now());
        let wait = poll_wait(&self.request.store.rules, self.looks);
        sleep_until(self.own_request_at().min(Instant::now() + wait)).await;
        self.looks = self.looks.saturating_add(1);
    }

    /// Waits a little longer than the service asked, each call by a different time, so that they do not all return at
    /// once. Returns whether it has waited: a call without enough time does not.
    async fn wait_out(&mut self, wait: Duration) -> bool {
        let wait = Jitter::default().stretched(wait);
        if !self.query.deadline.allows(wait) {
            return false;
        }
        sleep(wait).await;
        self.began = Instant::now();
        true
    }

    /// Returns when this call stops waiting for other processes: early enough for the caller with the earliest deadline
    /// to make a request of its own.
    fn own_request_at(&self) -> Instant {
        let most = self.began + self.request.store.rules.longest_wait;
        most.min(self.query.deadline.earliest() - self.own_time())
    }

    /// Returns until when the store may answer before the service is asked.
    fn last_look(&self) -> Instant {
        self.own_request_at() + self.own_time() / PART_OF_LAST_LOOK
    }

    fn own_time(&self) -> Duration {
        (self.query.deadline.earliest().saturating_duration_since(self.began) / 2).min(OWN_REQUEST)
    }

    /// Does work for the other processes within the time of this call, which already has its own outcome. A lease that
    /// is not returned in time expires.
    async fn within_call(&self, work: impl Future<Output = ()>) {
        let _ = timeout_at(self.query.deadline.latest() - ANSWER_MARGIN, work).await;
    }

    /// Returns the store's answer if it comes before the service must be asked.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, StoreFailure>>) -> Result<T, StoreFailure> {
        timeout_at(self.last_look(), work).await.unwrap_or(Err(StoreFailure))
    }

    async fn look(&self) -> Result<LookupResult, StoreFailure> {
        let mut seen = Vec::with_capacity(self.names.len());
        for place in 0..self.names.len() {
            let text = self.request.store.store.get(&self.names[place].token(), self.context()).await?;
            if let Some(token) = text.as_deref().and_then(|text| self.usable(place, text)) {
                self.log("a token was in the");
                return Ok(LookupResult::Token(Box::new(token)));
            }
            seen.push(text);
        }
        self.baseline.get_or_init(|| seen);
        self.look_for_note().await
    }

    /// A call that forces a refresh ignores notes.
    async fn look_for_note(&self) -> Result<LookupResult, StoreFailure> {
        if self.request.force_refresh {
            return Ok(LookupResult::Nothing);
        }
        let names = &self.names[0];
        let text = self.request.store.store.get(&names.note(), self.context()).await?;
        let opened = text.and_then(|text| names.open(self.first_key(), Content::Note, &text));
        let Some(note) = opened.and_then(|text| Note::parse(&text)) else { return Ok(LookupResult::Nothing) };
        let now = self.query.clock.now();
        Ok(match note.wait(now) {
            Some(wait) => LookupResult::Throttled(note, wait),
            None if self.is_answered(&note, now) => LookupResult::Failed(note),
            None => LookupResult::Nothing,
        })
    }

    /// Returns whether the failure of another process is this one's as well: this call waited for it, or the service
    /// has refused a moment ago.
    fn is_answered(&self, note: &Note, now: UnixMillis) -> bool {
        let rules = &self.request.store.rules;
        let was_waited_for = self.waits_since.is_some_and(|since| note.is_failure_between(since, now));
        rules.shares_failures && (was_waited_for || note.is_refusal_within(self.request.refusal_memory, now))
    }

    fn first_key(&self) -> &StoreKey {
        &self.query.opened.keys[0]
    }

    /// Decrypts the token with one of the keys, if this call can use it.
    fn usable(&self, place: usize, text: &str) -> Option<AccessToken> {
        if self.request.force_refresh && self.is_no_news(place, text) {
            return None;
        }
        let opened = self.names[place].open(&self.query.opened.keys[place], Content::Token, text)?;
        let now = self.query.clock.now();
        let stored = StoredToken::parse(&opened)?.seen_at(now)?;
        let is_better = self.request.held_until.is_none_or(|held| stored.expires() > held);
        if !is_better || stored.written() <= self.request.written_after {
            return None;
        }
        stored.usable(now)?;
        stored.into_token(self.query.kind, self.request.store.rules.cached_in)
    }

    /// Returns whether the value was there when the call began.
    fn is_no_news(&self, place: usize, text: &str) -> bool {
        self.baseline.get().is_none_or(|seen| seen[place].as_deref() == Some(text))
    }

    async fn publish(&self, outcome: &Result<AccessToken, Error>) {
        match outcome {
            Ok(token) => self.write(token).await,
            Err(error) => self.note(error).await,
        }
    }

    /// Writes a note about a failure that concerns the other processes' requests. Processes of a machine that have
    /// waited share any failure.
    async fn note(&self, error: &Error) {
        let shares_failures = self.request.store.rules.shares_failures;
        let unsaid = || unsaid_wait(error).filter(|_| !shares_failures);
        let wait = error.throttling().or_else(unsaid);
        if wait.is_some() || (shares_failures && is_remembered(error)) {
            let note = Note::of(error, wait, self.query.clock.now());
            self.put(Content::Note, note.text(), wait.unwrap_or(FAILURE_LIFE)).await;
        }
    }

    async fn write(&self, token: &AccessToken) {
        if !self.query.keeps(token) {
            return;
        }
        let now = self.query.clock.now();
        let stored = StoredToken::of(token, now);
        // A token that is too short-lived to be handed out is not stored.
        let Some(ttl) = stored.usable(now) else { return };
        self.put(Content::Token, stored.text(), ttl).await;
    }

    /// A failed write costs the other processes a request, and this call nothing.
    async fn put(&self, content: Content, text: Option<Secret>, ttl: Duration) {
        let (store, names) = (&self.request.store, &self.names[0]);
        let sealed = text.and_then(|text| names.seal(self.first_key(), content, text.expose()));
        let Some(sealed) = sealed else { return };
        let key = if content == Content::Token { names.token() } else { names.note() };
        let written = store.store.set(&key, &sealed, StoreWrite { ttl, if_absent: false }, self.context()).await;
        if written.is_err() {
            self.log("a token could not be written to the");
            self.request.store.store.complain(self.context());
        }
    }

    /// The first failure is retried once, because this process itself may have been slow, for example with a busy event
    /// loop at its start.
    fn after(&mut self, _: StoreFailure) -> TryOutcome {
        self.failures += 1;
        if self.failures == 1 && !self.request.store.rules.is_disk {
            return TryOutcome::Retry;
        }
        self.request.store.store.complain(self.context());
        TryOutcome::WithoutStore
    }

    fn context(&self) -> LogContext<'_> {
        LogContext { log: self.query.log, clock: self.query.clock }
    }

    fn log(&self, message: &str) {
        let name = self.request.store.rules.name;
        self.query.log.write(self.query.clock, LogLevel::Debug, || format!("{message} {name}"));
    }
}
