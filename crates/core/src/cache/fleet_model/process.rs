use super::{
    model_store::{Connection, Handle, ModelStore},
    simulation::{Call, Simulation, CALL, LEASE, PATIENCE},
};
use crate::{
    cache::{Ask, Cache},
    host::{Clock, Log, TokenStoreHandle},
    key::KeyBuilder,
    store::{SharedTokens, StoreKey, StoreRequest, StoreSettings, TokenQuery},
    transport::Deadline,
    types::{AccessToken, CredentialKind, Error, Secret},
};
use base64::{engine::general_purpose::STANDARD, Engine};
use std::{
    sync::{
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
        Arc, Mutex,
    },
    time::Duration,
};
use tokio::{
    task::JoinHandle,
    time::{timeout_at, Instant},
};

/// One call that a program makes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) name: u64,
    pub(super) time: Duration,
    pub(super) force_refresh: bool,
}

/// A process of the fleet.
pub(super) struct Process {
    inner: Arc<Inner>,
    callers: Vec<(JoinHandle<()>, Instant)>,
}

struct Inner {
    number: u32,
    simulation: Arc<Simulation>,
    connection: Arc<Connection>,
    store: Arc<SharedTokens>,
    cache: Cache,
    clock: Clock,
    /// How many milliseconds its clock is ahead.
    ahead: Arc<AtomicI64>,
    cleared: Mutex<Option<Instant>>,
    calls: AtomicU64,
}

impl Process {
    pub(super) fn new(number: u32, simulation: &Arc<Simulation>, store: &Arc<ModelStore>) -> Self {
        let (connection, ahead) = (Connection::new(number, store), Arc::new(AtomicI64::new(0)));
        let (shown, of_world) = (Arc::clone(&ahead), Arc::clone(simulation));
        let clock = Clock::fake(move || of_world.wall(shown.load(Ordering::SeqCst)));
        let settings = StoreSettings {
            store: TokenStoreHandle::new(Handle(Arc::clone(&connection))),
            keys: vec![StoreKey::new("k", &Secret::new(STANDARD.encode([1; 32]))).unwrap()],
            prefix: "act".to_owned(),
            patience: PATIENCE,
            lease: LEASE,
        };
        let (simulation, store) = (Arc::clone(simulation), Arc::new(SharedTokens::new(settings)));
        let (cache, cleared, calls) = (Cache::new(clock.clone()), Mutex::new(None), AtomicU64::new(0));
        let inner = Inner { number, simulation, connection, store, cache, clock, ahead, cleared, calls };
        Self { inner: Arc::new(inner), callers: Vec::new() }
    }

    pub(super) fn set_the_clock(&self, ahead: i64) {
        self.inner.record(|| format!("has a clock that is {ahead} ms ahead"));
        self.inner.ahead.store(ahead, Ordering::SeqCst);
    }

    pub(super) fn call(&mut self, wish: &Wish) {
        let (inner, wish) = (Arc::clone(&self.inner), *wish);
        let end = Instant::now() + wish.time;
        self.callers.push((tokio::spawn(async move { inner.call(wish, end).await }), end));
    }

    pub(super) fn abort(&mut self, number: u64) {
        if let Some(place) = number.checked_rem(self.callers.len() as u64) {
            self.callers.swap_remove(usize::try_from(place).unwrap()).0.abort();
        }
    }

    pub(super) fn clear(&self) {
        self.inner.record(|| "clears its cache".to_owned());
        *self.inner.cleared.lock().unwrap() = Some(Instant::now());
        self.inner.cache.clear();
    }

    /// Ends the process in the middle of its work, without a message.
    pub(super) fn die(self) {
        self.inner.record(|| "dies".to_owned());
        self.inner.connection.cut();
        self.callers.iter().for_each(|(task, _)| task.abort());
    }

    /// Checks that each caller that was not aborted has an answer before its deadline.
    pub(super) async fn ends(self) {
        for (task, end) in self.callers {
            let ended = timeout_at(end + Duration::from_millis(1), task).await;
            self.inner.must(matches!(ended, Ok(Ok(()))), || format!("loses a waiter: {ended:?}"));
        }
    }
}

impl Inner {
    async fn call(self: Arc<Self>, wish: Wish, end: Instant) {
        let key = KeyBuilder::new().part(wish.name.to_le_bytes()).build();
        let forced_at = wish.force_refresh.then(Instant::now);
        let ask = Ask { key, until: end, forced_at, binding: None };
        let (began, cleared) = (Instant::now(), *self.cleared.lock().unwrap());
        let is_first = Arc::new(AtomicBool::new(false));
        let (inner, flag) = (Arc::clone(&self), Arc::clone(&is_first));
        let kept = self.cache.kept(key);
        let outcome = self.cache.token(ask, move |deadline| {
            flag.store(true, Ordering::SeqCst);
            let held = kept.as_ref().map(|token| inner.simulation.end_of(token));
            let number = inner.calls.fetch_add(1, Ordering::SeqCst);
            let call = Call {
                process: inner.number,
                number,
                name: wish.name,
                began,
                cleared,
                held,
                is_forced: wish.force_refresh,
            };
            CALL.scope(call.clone(), inner.flight(call, kept, deadline))
        });
        let outcome = outcome.await.ok().and_then(Result::ok);
        self.must(Instant::now() <= end, || format!("answers {wish:?} late"));
        match outcome {
            Some(leased) => self.handed_out(wish.name, &leased.token, cleared),
            None => self.failed(wish, is_first.load(Ordering::SeqCst)),
        }
        let took = began.elapsed();
        self.must(!self.simulation.rules.is_healthy || took <= LEASE + Duration::from_secs(8), || {
            format!("took {took:?} for {wish:?}")
        });
    }

    async fn flight(
        self: Arc<Self>,
        call: Call,
        kept: Option<Arc<AccessToken>>,
        deadline: Deadline,
    ) -> Result<AccessToken, Error> {
        let asked = StoreRequest {
            store: Arc::clone(&self.store),
            call: KeyBuilder::stable().part(call.name.to_le_bytes()),
            logins: Vec::new(),
            written_after: self.cache.cleared_at(),
            held_until: kept.map(|token| token.expires_on),
            force_refresh: call.is_forced,
            refusal_memory: Duration::ZERO,
        };
        let (token, log) = (asked.call.clone().build(), Log::default());
        let opened = asked.open(&log, &self.clock).await.expect("the store of a fleet is open");
        let (kind, clock) = (CredentialKind::ClientSecret, &self.clock);
        let wanted = TokenQuery { kind, token, unkept: Vec::new(), opened, deadline: &deadline, log: &log, clock };
        asked.token(&wanted, |deadline| self.acquisition(&call, deadline)).await
    }

    /// One request to the service.
    async fn acquisition(&self, call: &Call, deadline: Deadline) -> Result<AccessToken, Error> {
        if !self.connection.is_cut() {
            self.simulation.asked(call, &deadline, self.connection.trouble());
        }
        self.simulation.token(call, &self.clock).await
    }

    fn handed_out(&self, name: u64, token: &AccessToken, cleared: Option<Instant>) {
        self.simulation.check(name, token, cleared).unwrap_or_else(|why| self.must(false, || why));
    }

    /// A call with enough time for a request of its own gets a token if the service gives one. A call that joins
    /// another process's lease learns of the result after a command to the store and a poll.
    fn failed(&self, wish: Wish, is_first: bool) {
        let needed = Duration::from_secs(if is_first { 3 } else { 5 });
        let is_lost = self.simulation.rules.is_healthy && wish.time >= needed;
        self.must(!is_lost, || format!("loses {wish:?}"));
    }

    fn record(&self, what: impl FnOnce() -> String) {
        self.simulation.record(|| format!("{} {}", self.number, what()));
    }

    fn must(&self, holds: bool, otherwise: impl FnOnce() -> String) {
        self.simulation.must(holds, || format!("process {} {}", self.number, otherwise()));
    }
}
