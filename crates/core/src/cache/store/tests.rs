use super::*;
use crate::cache::{entry::COOLDOWN, near_cache_lease::LeasedToken};
use crate::flight::FAILURE_MEMORY;
use crate::key::KeyBuilder;
use crate::types::{CachedIn, CredentialKind, ErrorKind, Secret, TokenIdentity, UnixMillis};
use std::{
    sync::atomic::{AtomicI64, AtomicU32, AtomicUsize},
    time::UNIX_EPOCH,
};

mod clearing;
mod dropping;
mod renewal;
mod throttling;

type Handed = Result<Arc<AccessToken>, Error>;

const LATER: Duration = Duration::from_secs(60);
const HOUR: UnixMillis = 60 * 60 * 1000;
/// When a token that lives an hour is due for renewal.
const DUE: Duration = Duration::from_secs(50 * 60);
const SHORT: Duration = Duration::from_secs(55 * 60);

/// A cache whose wall clock follows the paused clock, and can be set.
struct Bench {
    cache: Cache,
    wall_ahead: Arc<AtomicI64>,
    acquired: Arc<AtomicUsize>,
}

/// Numbers the tokens, so that no two tokens of a test have the same text.
static NEXT: AtomicU32 = AtomicU32::new(0);

fn is_same(one: &AccessToken, other: &AccessToken) -> bool {
    one.token == other.token
}

impl Bench {
    fn new() -> Self {
        let wall_ahead = Arc::new(AtomicI64::new(0));
        let (ahead, start) = (Arc::clone(&wall_ahead), Instant::now());
        let clock = Clock::fake(move || {
            let ahead = Duration::from_millis(ahead.load(Ordering::SeqCst).unsigned_abs());
            UNIX_EPOCH + Duration::from_secs(1_000_000) + start.elapsed() + ahead
        });
        Self { cache: Cache::new(clock), wall_ahead, acquired: Arc::default() }
    }

    fn token(&self, lives: UnixMillis) -> AccessToken {
        AccessToken {
            token: Secret::new(format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed))),
            expires_on: self.cache.clock.now() + lives,
            refresh_after: None,
            tenant: None,
            identity: TokenIdentity::default(),
            source: CredentialKind::AzureCli,
            attempts: Vec::new(),
            cached_in: None,
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "a failure is possible in its place")]
    fn good(&self) -> Result<AccessToken, Error> {
        Ok(self.token(HOUR + 1000))
    }

    async fn ask(&self, outcome: Result<AccessToken, Error>) -> Handed {
        self.asked(ask("a"), outcome).await.unwrap()
    }

    async fn asked(&self, ask: Ask, outcome: Result<AccessToken, Error>) -> Result<Handed, Step> {
        self.leased(ask, outcome).await.map(|outcome| outcome.map(|leased| leased.token))
    }

    /// Gets a token by an acquisition that takes a second.
    async fn leased(&self, ask: Ask, outcome: Result<AccessToken, Error>) -> Result<Outcome<LeasedToken>, Step> {
        let acquired = Arc::clone(&self.acquired);
        let acquire = |_| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            acquired.fetch_add(1, Ordering::SeqCst);
            outcome
        };
        self.cache.token(ask, acquire).await
    }

    fn acquisitions(&self) -> usize {
        self.acquired.load(Ordering::SeqCst)
    }

    async fn lease(&self, ask: Ask) -> NearCacheLease {
        self.leased(ask, self.good()).await.unwrap().unwrap().lease
    }

    fn trust(&self, lease: NearCacheLease) -> Duration {
        self.cache.trust(lease, |_| true)
    }
}

fn key(text: impl AsRef<[u8]>) -> Key {
    KeyBuilder::new().part(text).build()
}

fn ask(text: &str) -> Ask {
    Ask { key: key(text), until: Instant::now() + LATER, forced_at: None, binding: None }
}

fn forced_at(moment: Instant) -> Ask {
    Ask { forced_at: Some(moment), ..ask("a") }
}

fn refused() -> Result<AccessToken, Error> {
    Err(Error::new(ErrorKind::Authentication, "no"))
}

async fn later(time: Duration) {
    tokio::time::sleep(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_cached_token_says_that_it_is_cached() {
    let bench = Bench::new();
    assert_eq!(bench.ask(bench.good()).await.unwrap().cached_in, None);
    assert_eq!(bench.ask(bench.good()).await.unwrap().cached_in, Some(CachedIn::Memory));
}

#[tokio::test(start_paused = true)]
async fn two_calls_at_once_share_one_acquisition_and_its_token_is_kept() {
    let bench = Bench::new();
    let (one, two) = tokio::join!(bench.ask(bench.good()), bench.ask(bench.good()));
    assert!(is_same(&one.unwrap(), &two.unwrap()));
    bench.ask(bench.good()).await.unwrap();
    assert_eq!(bench.acquisitions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_shared_and_remembered_for_a_moment() {
    let bench = Bench::new();
    let (one, two) = tokio::join!(bench.ask(refused()), bench.ask(refused()));
    assert!(one.is_err() && two.is_err());
    assert!(bench.ask(bench.good()).await.is_err());
    assert_eq!(bench.acquisitions(), 1);
    later(FAILURE_MEMORY).await;
    assert!(bench.ask(bench.good()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_forced_refresh_asks_right_after_a_failure() {
    let bench = Bench::new();
    assert!(bench.ask(refused()).await.is_err());
    let made = Instant::now();
    let forced = || bench.asked(forced_at(made), refused());
    let (one, two) = tokio::join!(forced(), forced());
    assert!(one.unwrap().is_err() && two.unwrap().is_err());
    assert_eq!(bench.acquisitions(), 2, "calls at the same time share one acquisition");
    assert!(forced().await.unwrap().is_err());
    assert_eq!(bench.acquisitions(), 2, "one that waited for its turn shares it as well");
    assert!(bench.asked(forced_at(Instant::now()), bench.good()).await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_wrong_setting_is_not_remembered() {
    let bench = Bench::new();
    let wrong = Err(Error::configuration("no", ["X"]));
    assert!(bench.ask(wrong).await.is_err());
    assert!(bench.ask(bench.good()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn keys_do_not_wait_for_each_other() {
    let bench = Bench::new();
    let start = Instant::now();
    let (one, two) = tokio::join!(bench.asked(ask("a"), bench.good()), bench.asked(ask("b"), bench.good()));
    assert!(!is_same(&one.unwrap().unwrap(), &two.unwrap().unwrap()));
    assert_eq!(start.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_call_for_a_new_token_gets_one() {
    let bench = Bench::new();
    let old = bench.ask(bench.good()).await.unwrap();
    let new = bench.asked(forced_at(Instant::now()), bench.good()).await.unwrap().unwrap();
    assert!(!is_same(&old, &new));
    assert!(is_same(&new, &bench.ask(bench.good()).await.unwrap()), "it replaces the old one");
    assert!(bench.asked(forced_at(Instant::now()), refused()).await.unwrap().is_err());
    assert!(is_same(&new, &bench.ask(bench.good()).await.unwrap()), "a failure leaves it");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_due_is_handed_out_at_once_and_renewed_in_the_background() {
    let bench = Bench::new();
    let old = bench.ask(bench.good()).await.unwrap();
    later(DUE).await;
    let start = Instant::now();
    for _ in 0..3 {
        assert!(is_same(&old, &bench.ask(bench.good()).await.unwrap()));
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    later(Duration::from_secs(2)).await;
    assert!(!is_same(&old, &bench.ask(bench.good()).await.unwrap()));
    assert_eq!(bench.acquisitions(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_keeps_the_token_and_starts_a_cooldown() {
    let bench = Bench::new();
    let old = bench.ask(bench.good()).await.unwrap();
    later(DUE).await;
    for _ in 0..29 {
        assert!(is_same(&old, &bench.ask(refused()).await.unwrap()));
        later(Duration::from_secs(1)).await;
    }
    assert_eq!(bench.acquisitions(), 2);
    later(COOLDOWN).await;
    bench.ask(bench.good()).await.unwrap();
    later(Duration::from_secs(2)).await;
    assert!(!is_same(&old, &bench.ask(bench.good()).await.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_never_ends_is_given_up_and_starts_a_cooldown() {
    let bench = Bench::new();
    let old = bench.ask(bench.good()).await.unwrap();
    later(DUE).await;
    let started = Arc::new(AtomicUsize::new(0));
    for _ in 0..85 {
        let counted = Arc::clone(&started);
        let never = |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::pending()
        };
        assert!(is_same(&old, &bench.cache.token(ask("a"), never).await.unwrap().unwrap().token));
        later(Duration::from_secs(1)).await;
    }
    assert_eq!(started.load(Ordering::SeqCst), 1, "one for 60 s, then a rest");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_is_given_up_after_the_cache_was_cleared_starts_no_cooldown() {
    let bench = Bench::new();
    bench.ask(bench.good()).await.unwrap();
    later(DUE).await;
    bench.cache.token(ask("a"), |_| std::future::pending()).await.unwrap().unwrap();
    bench.cache.clear();
    bench.ask(Ok(bench.token(2 * 60 * 1000))).await.unwrap();
    later(REFRESH_TIMEOUT + Duration::from_secs(5)).await;
    assert_eq!(bench.acquisitions(), 2);
    bench.ask(bench.good()).await.unwrap();
    later(Duration::from_secs(2)).await;
    assert_eq!(bench.acquisitions(), 3, "the new token is due, and is renewed");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_continues_when_all_its_callers_leave() {
    let bench = Arc::new(Bench::new());
    let old = bench.ask(bench.good()).await.unwrap();
    later(DUE).await;
    bench.ask(bench.good()).await.unwrap();
    let until = Instant::now() + Duration::from_millis(100);
    let joined = Ask { until, ..forced_at(Instant::now()) };
    assert!(bench.asked(joined, bench.good()).await.is_err(), "its time is up");
    later(Duration::from_secs(2)).await;
    assert!(!is_same(&old, &bench.ask(bench.good()).await.unwrap()));
    assert_eq!(bench.acquisitions(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_a_better_token_if_the_cached_one_ends_soon() {
    let bench = Bench::new();
    let old = bench.ask(bench.good()).await.unwrap();
    later(SHORT + Duration::from_secs(1)).await;
    assert!(!is_same(&old, &bench.ask(bench.good()).await.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_soon_is_better_than_none() {
    let bench = Bench::new();
    let old = bench.ask(bench.good()).await.unwrap();
    later(SHORT + Duration::from_secs(1)).await;
    let start = Instant::now();
    let hasty = Ask { until: start + Duration::from_millis(100), ..ask("a") };
    assert!(is_same(&old, &bench.asked(hasty, refused()).await.unwrap().unwrap()), "time is up");
    assert_eq!(start.elapsed(), Duration::from_millis(100));
    assert!(is_same(&old, &bench.ask(refused()).await.unwrap()), "the flight that goes on has failed");
    assert!(is_same(&old, &bench.ask(refused()).await.unwrap()), "and rests");
    assert_eq!((start.elapsed(), bench.acquisitions()), (Duration::from_secs(1), 2));
    later(Duration::from_secs(300)).await;
    assert!(bench.ask(refused()).await.is_err(), "it is over");
}

#[tokio::test(start_paused = true)]
async fn short_lived_tokens_are_kept_for_most_of_their_life() {
    let bench = Bench::new();
    bench.ask(Ok(bench.token(121_000))).await.unwrap();
    later(Duration::from_secs(50)).await;
    bench.ask(bench.good()).await.unwrap();
    assert_eq!(bench.acquisitions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_arrives_too_late_is_a_failure() {
    let bench = Bench::new();
    let error = bench.ask(Ok(bench.token(500))).await.unwrap_err();
    assert!(error.message().contains("check the clock"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn setting_the_clock_forward_costs_one_request() {
    let bench = Bench::new();
    bench.ask(bench.good()).await.unwrap();
    bench.wall_ahead.store(24 * HOUR, Ordering::SeqCst);
    for _ in 0..5 {
        bench.ask(bench.good()).await.unwrap();
        later(Duration::from_secs(1)).await;
    }
    assert_eq!(bench.acquisitions(), 2);
}

#[tokio::test(start_paused = true)]
async fn setting_the_clock_back_does_not_extend_a_token() {
    let bench = Bench::new();
    bench.wall_ahead.store(24 * HOUR, Ordering::SeqCst);
    bench.ask(bench.good()).await.unwrap();
    bench.wall_ahead.store(0, Ordering::SeqCst);
    bench.ask(bench.good()).await.unwrap();
    assert_eq!(bench.acquisitions(), 1);
    later(Duration::from_secs(3600)).await;
    bench.ask(bench.good()).await.unwrap();
    assert_eq!(bench.acquisitions(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_last_waiter_to_leave_cancels_the_work_and_the_others_do_not() {
    let bench = Arc::new(Bench::new());
    let asked = |bench: Arc<Bench>| tokio::spawn(async move { bench.ask(bench.good()).await });
    let (first, second) = (asked(Arc::clone(&bench)), asked(Arc::clone(&bench)));
    later(Duration::from_millis(500)).await;
    first.abort();
    assert!(second.await.unwrap().is_ok());

    bench.cache.clear();
    let only = asked(Arc::clone(&bench));
    later(Duration::from_millis(500)).await;
    only.abort();
    later(Duration::from_secs(5)).await;
    assert_eq!(bench.acquisitions(), 1, "the abandoned acquisition went on");
    assert!(bench.ask(bench.good()).await.is_ok(), "the key is free again");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_error_and_frees_the_key() {
    let bench = Bench::new();
    let outcome = bench.cache.token(ask("a"), |_| async { panic!("marker") }).await.unwrap();
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Internal);
    assert!(bench.ask(bench.good()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn clearing_forgets_tokens_and_running_acquisitions_are_not_kept() {
    let bench = Bench::new();
    assert_eq!(bench.cache.generation(), 0);
    let (old, new) = tokio::join!(bench.ask(bench.good()), async {
        later(Duration::from_millis(500)).await;
        bench.cache.clear();
        later(Duration::from_millis(100)).await;
        bench.ask(bench.good()).await.unwrap()
    });
    assert!(!is_same(&old.unwrap(), &new), "a flight from before is not joined");
    assert!(is_same(&new, &bench.ask(bench.good()).await.unwrap()));
    assert_eq!((bench.acquisitions(), bench.cache.generation()), (2, 1));
}
