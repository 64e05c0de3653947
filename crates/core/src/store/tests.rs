mod replay;
mod waiting;

use super::{
    counted_service::{plain_call, Service},
    fake_store::{Behavior, FakeStore},
    SharedTokens, StoreKey, StoreRequest, StoreSettings, TokenQuery,
};
use crate::{
    host::{Clock, Log, LogLevel, TokenStoreHandle},
    transport::Deadline,
    types::{AccessToken, CachedIn, CredentialKind, EntraRefusal, Error, ErrorKind, Secret, UnixMillis},
};
use base64::{engine::general_purpose::STANDARD, Engine};
use std::{
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc,
    },
    time::{Duration, UNIX_EPOCH},
};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: UnixMillis = 3_600_000;

/// One of several processes that share a store, and the service that they all ask.
#[derive(Clone)]
struct Process {
    store: Arc<SharedTokens>,
    clock: Clock,
    service: Arc<Service>,
}

fn key(id: &str, byte: u8) -> StoreKey {
    StoreKey::new(id, &Secret::new(STANDARD.encode([byte; 32]))).unwrap()
}

/// Its wall clock runs with tokio's, which is paused.
fn clock() -> Clock {
    let start = Instant::now();
    Clock::fake(move || UNIX_EPOCH + SECOND * 1_000_000 + start.elapsed())
}

fn process_with(store: &FakeStore, keys: Vec<StoreKey>, clock: &Clock, service: &Arc<Service>) -> Process {
    let settings = StoreSettings {
        store: TokenStoreHandle::new(store.clone()),
        keys,
        prefix: "act".to_owned(),
        patience: SECOND / 2,
        lease: SECOND * 10,
    };
    Process { store: Arc::new(SharedTokens::new(settings)), clock: clock.clone(), service: Arc::clone(service) }
}

fn process(store: &FakeStore, clock: &Clock, service: &Arc<Service>) -> Process {
    process_with(store, vec![key("k", 1)], clock, service)
}

impl Process {
    async fn ask(&self, change: impl FnOnce(&mut StoreRequest)) -> Result<AccessToken, Error> {
        self.ask_until(Instant::now() + SECOND * 60, change).await
    }

    async fn ask_until(&self, end: Instant, change: impl FnOnce(&mut StoreRequest)) -> Result<AccessToken, Error> {
        self.ask_with(Deadline::at(end), change).await
    }

    async fn ask_with(&self, deadline: Deadline, change: impl FnOnce(&mut StoreRequest)) -> Result<AccessToken, Error> {
        let mut asked = plain_call(&self.store);
        change(&mut asked);
        let log = Log::default();
        let wanted = TokenQuery {
            kind: CredentialKind::ClientSecret,
            token: asked.call.clone().build(),
            unkept: Vec::new(),
            opened: asked.open(&log, &self.clock).await.unwrap(),
            deadline: &deadline,
            log: &log,
            clock: &self.clock,
        };
        asked.token(&wanted, |_| self.service.token(self.clock.now())).await
    }

    async fn token(&self) -> Result<AccessToken, Error> {
        self.ask(|_| ()).await
    }

    fn asking(&self) -> tokio::task::JoinHandle<Result<AccessToken, Error>> {
        let process = self.clone();
        tokio::spawn(async move { process.token().await })
    }
}

fn throttled(wait: Duration) -> Error {
    let refusal = EntraRefusal::of_status(429);
    Error::refused("marker-of-a-service", refusal).with_retry_after(wait)
}

#[tokio::test(start_paused = true)]
async fn a_thousand_processes_make_one_request() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND, Vec::new()));
    let tasks: Vec<_> = (0..1000).map(|_| process(&store, &clock, &service).asking()).collect();
    let mut shared = 0;
    for task in tasks {
        let token = task.await.unwrap().unwrap();
        assert_eq!(token.token.expose(), "marker-0");
        shared += u32::from(token.cached_in == Some(CachedIn::Shared));
    }
    assert_eq!((service.requests(), shared), (1, 999));
    let shown = format!("{:?}", store.values());
    assert!(!shown.contains("marker") && !shown.contains("clientSecret"), "what lies in the store is sealed");
}

#[tokio::test(start_paused = true)]
async fn the_process_that_gets_the_lease_looks_again_before_it_asks() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND, Vec::new()));
    process(&store, &clock, &service).token().await.unwrap();
    let expected = ["get t", "get f", "set l", "get t", "get f", "set t", "delete l"];
    assert_eq!(store.commands(), expected);
    process(&store, &clock, &service).token().await.unwrap();
    assert_eq!(store.commands()[7..], ["get t"], "what is there costs one command");
}

#[tokio::test(start_paused = true)]
async fn others_wait_for_a_dead_holder_no_longer_than_its_lease() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND * 5, Vec::new()));
    store.put(&lease_key(&store, &clock, &service).await, "of a process that has died");
    let start = Instant::now();
    let tasks: Vec<_> = (0..20).map(|_| process(&store, &clock, &service).asking()).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert!(start.elapsed() <= SECOND * 18, "{:?}", start.elapsed());
}

/// The key of the lease of the test's token, which the store then forgets.
async fn lease_key(store: &FakeStore, clock: &Clock, service: &Arc<Service>) -> String {
    process(store, clock, service).token().await.unwrap();
    let name = store.values().into_iter().map(|(name, _)| name).find(|name| !name.ends_with(":f")).unwrap();
    store.forget();
    format!("{name}:l")
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_returns_its_lease() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND * 5, Vec::new()));
    let first = process(&store, &clock, &service).asking();
    tokio::time::sleep(SECOND).await;
    first.abort();
    let start = Instant::now();
    process(&store, &clock, &service).token().await.unwrap();
    assert!(start.elapsed() < SECOND * 7 && service.requests() == 2);
}

#[tokio::test(start_paused = true)]
async fn a_lease_lasts_as_long_as_the_request() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND * 11, Vec::new()));
    let tasks: Vec<_> = (0..20).map(|_| process(&store, &clock, &service).asking()).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(service.requests(), 1);
    assert!(store.commands().iter().any(|command| command == "extend l"));
}

#[tokio::test(start_paused = true)]
async fn no_process_asks_a_service_that_has_asked_for_a_pause() {
    let clock = clock();
    let (store, service) = (FakeStore::default(), Service::slow(SECOND / 10, vec![throttled(SECOND * 5)]));
    let start = Instant::now();
    let tasks: Vec<_> = (0..200).map(|_| process(&store, &clock, &service).asking()).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(service.requests(), 2, "one that is turned away, and one for all");
    assert!(start.elapsed() >= SECOND * 5 && start.elapsed() < SECOND * 9, "{:?}", start.elapsed());
    assert!(!format!("{:?}", store.values()).contains("marker"));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_longer_than_a_call_fails_it() {
    let clock = clock();
    let (store, service) = (FakeStore::default(), Service::slow(SECOND / 10, vec![throttled(SECOND * 90)]));
    let error = process(&store, &clock, &service).token().await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::ServiceUnavailable, "marker-of-a-service"));
    let others = process(&store, &clock, &service).token().await.unwrap_err();
    assert!(others.retry_after().is_some_and(|wait| wait <= SECOND * 60), "no longer than a minute by a note");
    assert!(!others.message().contains("marker") && service.requests() == 1, "{others}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_shared() {
    let clock = clock();
    let refused = Error::new(ErrorKind::Authentication, "no");
    let (store, service) = (FakeStore::default(), Service::slow(SECOND / 10, vec![refused]));
    assert!(process(&store, &clock, &service).token().await.is_err());
    assert!(store.values().is_empty(), "nothing is noted, and the lease is given back");
    assert!(process(&store, &clock, &service).token().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_failing_store_costs_time_and_causes_no_failure() {
    for (behavior, most) in [
        (Behavior::Refuses, Duration::ZERO),
        (Behavior::Hangs, SECOND),
        (Behavior::Late(SECOND), SECOND),
        (Behavior::Loses, Duration::ZERO),
        (Behavior::Lies, Duration::ZERO),
    ] {
        let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND, Vec::new()));
        store.behave(behavior);
        let start = Instant::now();
        let token = process(&store, &clock, &service).token().await.unwrap();
        assert_eq!(token.token.expose(), "marker-0", "{behavior:?}");
        assert!(start.elapsed() <= SECOND + most, "{behavior:?} {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_failed_three_times_is_not_used_for_a_while() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::of_life(HOUR));
    store.behave(Behavior::Hangs);
    let process = process(&store, &clock, &service);
    for _ in 0..20 {
        process.token().await.unwrap();
    }
    assert_eq!(store.commands().len(), 3);
    store.behave(Behavior::Good);
    tokio::time::sleep(SECOND * 13).await;
    process.token().await.unwrap();
    assert!(store.commands().len() > 4, "it is asked again");
    assert_eq!(process.token().await.unwrap().cached_in, Some(CachedIn::Shared));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_cannot_be_decrypted_or_belongs_to_another_token_is_ignored() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::of_life(HOUR));
    let wrong_key = process_with(&store, vec![key("k", 2)], &clock, &service);
    process(&store, &clock, &service).token().await.unwrap();
    wrong_key.token().await.unwrap();
    let values = store.values();
    assert_eq!(values.len(), 2, "each key has names of its own");
    store.put(&values[0].0, &values[1].1);
    store.put(&values[1].0, "damaged");
    process(&store, &clock, &service).token().await.unwrap();
    wrong_key.token().await.unwrap();
    assert_eq!(service.requests(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_replaced_without_a_request() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::of_life(HOUR));
    let of = |keys: &[(&str, u8)]| {
        process_with(&store, keys.iter().map(|(id, byte)| key(id, *byte)).collect(), &clock, &service)
    };
    of(&[("old", 1)]).token().await.unwrap();
    for keys in [&[("old", 1), ("new", 2)][..], &[("new", 2), ("old", 1)]] {
        assert_eq!(of(keys).token().await.unwrap().cached_in, Some(CachedIn::Shared));
    }
    of(&[("new", 2)]).token().await.unwrap();
    assert_eq!(service.requests(), 2, "the old key's token is gone with it");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_soon_is_not_used() {
    let (store, clock) = (FakeStore::default(), clock());
    let service = Service::of_life(HOUR);
    let process = process(&store, &clock, &service);
    process.token().await.unwrap();
    tokio::time::sleep(SECOND * 54 * 60).await;
    assert_eq!(process.token().await.unwrap().cached_in, Some(CachedIn::Shared));
    tokio::time::sleep(SECOND * 61).await;
    assert_eq!(process.token().await.unwrap().cached_in, None, "less than five minutes are left");
}

#[tokio::test(start_paused = true)]
async fn only_a_better_token_renews_one() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::of_life(HOUR));
    let process = process(&store, &clock, &service);
    let held = process.token().await.unwrap().expires_on;
    tokio::time::sleep(SECOND).await;
    assert_eq!(process.ask(|asked| asked.held_until = Some(held)).await.unwrap().cached_in, None);
    assert_eq!(process.ask(|asked| asked.held_until = Some(held)).await.unwrap().cached_in, Some(CachedIn::Shared));
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_forced_refresh_takes_what_is_written_after_it_began() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND, Vec::new()));
    process(&store, &clock, &service).token().await.unwrap();
    let forced = || {
        let process = process(&store, &clock, &service);
        tokio::spawn(async move { process.ask(|asked| asked.force_refresh = true).await })
    };
    let both = [forced(), forced()];
    for one in both {
        assert_eq!(one.await.unwrap().unwrap().token.expose(), "marker-1");
    }
    assert_eq!(service.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn values_from_before_the_cache_was_cleared_are_ignored() {
    let (store, clock, service) = (FakeStore::default(), clock(), Service::of_life(HOUR));
    let process = process(&store, &clock, &service);
    process.token().await.unwrap();
    let cleared_at = clock.now();
    tokio::time::sleep(SECOND).await;
    assert_eq!(process.ask(|asked| asked.written_after = cleared_at).await.unwrap().cached_in, None);
    let later = process.ask(|asked| asked.written_after = cleared_at).await.unwrap();
    assert_eq!(later.cached_in, Some(CachedIn::Shared));
}

#[tokio::test(start_paused = true)]
async fn a_warning_is_logged_once_a_minute() {
    let (store, clock) = (FakeStore::default(), clock());
    store.behave(Behavior::Refuses);
    let process = process(&store, &clock, &Service::of_life(HOUR));
    let context = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&context);
    let log = Log::default().and_to(LogLevel::Warn, move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    for _ in 0..100 {
        let heard = super::circuit_breaker::LogContext { log: &log, clock: &clock };
        let _ = process.store.store.get("key", heard).await;
        tokio::time::sleep(SECOND).await;
    }
    assert_eq!(context.load(Ordering::SeqCst), 2);
}
