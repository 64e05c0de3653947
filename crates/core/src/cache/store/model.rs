//! The cache against a model: seeded random schedules of calls, aborts, expiries, failures, clock jumps, clearings.
//! What must hold in each of them: at most one flight per key (between two clearings), no waiter lost, no expired
//! token, no token under another key, no acquisition that is given up before its most patient waiter.
//!
//! No library drives it. proptest-state-machine makes one step after the other, and here calls overlap on a paused clock;
//! loom and shuttle take the place of the standard library's primitives, and tokio's timers and channels use those. A
//! schedule is a seed, so that a failure can be repeated.

use super::*;
use crate::{
    cache::{near_cache_lease::LeasedToken, random::Random},
    key::KeyBuilder,
    types::{CredentialKind, ErrorKind, Secret, TokenIdentity, UnixMillis},
};
use std::{sync::atomic::AtomicI64, time::UNIX_EPOCH};
use tokio::{task::JoinHandle, time::timeout_at};

/// As many schedules as fit into a test run. Each is a different sequence of [`STEPS`] steps.
const SCHEDULES: u64 = 12_000;
const STEPS: u32 = 24;
const KEYS: u64 = 3;
const START: Duration = Duration::from_secs(1_000_000);
const HOUR: u64 = 60 * 60 * 1000;

/// A service that issues tokens which contain their key and their real end, and counts its requests.
#[derive(Default)]
struct World {
    wall_ahead: AtomicI64,
    under_way: Mutex<HashMap<(u64, u64), u32>>,
    ends: Mutex<HashMap<String, Instant>>,
    issued: AtomicU64,
    /// The deadline of the latest acquisition of each key.
    wanted: Mutex<HashMap<(u64, u64), Deadline>>,
    /// A broken promise that a flight has found: a panic in a flight would be caught.
    broken: Mutex<Option<&'static str>>,
}

/// What happens to an acquisition.
#[derive(Clone, Copy)]
struct Fate {
    takes: Duration,
    lives: Duration,
    refresh_in: Option<Duration>,
    fails: Option<ErrorKind>,
    panics: bool,
}

/// One running acquisition; a cancelled one is counted as ended.
struct Counted(Arc<World>, (u64, u64));

impl Counted {
    fn begin(world: &Arc<World>, key: (u64, u64)) -> Self {
        let mut under_way = world.under_way.lock().unwrap();
        let count = under_way.entry(key).or_default();
        *count += 1;
        if *count > 1 {
            *world.broken.lock().unwrap() = Some("two flights for one key");
        }
        drop(under_way);
        Self(Arc::clone(world), key)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(count) = self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&self.1) {
            *count -= 1;
        }
    }
}

impl World {
    fn wall(&self, start: Instant) -> std::time::SystemTime {
        let ahead = self.wall_ahead.load(Ordering::SeqCst);
        let shift = Duration::from_millis(ahead.unsigned_abs());
        let now = UNIX_EPOCH + START + start.elapsed();
        if ahead < 0 {
            now - shift
        } else {
            now + shift
        }
    }

    fn issue(&self, key: u64, fate: Fate, wall: UnixMillis) -> AccessToken {
        let text = format!("{key}.{}", self.issued.fetch_add(1, Ordering::SeqCst));
        self.ends.lock().unwrap().insert(text.clone(), Instant::now() + fate.lives);
        let millis = |span: Duration| UnixMillis::try_from(span.as_millis()).unwrap();
        AccessToken {
            token: Secret::new(text),
            expires_on: wall + millis(fate.lives),
            refresh_after: fate.refresh_in.map(|span| wall + millis(span)),
            tenant: None,
            identity: TokenIdentity::default(),
            source: CredentialKind::ClientSecret,
            attempts: Vec::new(),
            cached_in: None,
        }
    }

    /// Checks that an acquisition is not given up before its callers' time ends.
    fn check_wanted(&self, key: (u64, u64), until: Instant) {
        let wait = until.saturating_duration_since(Instant::now()).saturating_sub(Duration::from_millis(1));
        assert!(self.wanted.lock().unwrap()[&key].allows(wait), "a patient caller does not count");
    }

    fn check(&self, key: u64, token: &AccessToken) {
        let text = token.token.expose();
        assert!(text.starts_with(&format!("{key}.")), "{text} under key {key}");
        assert!(Instant::now() < self.ends.lock().unwrap()[text], "{text} is dead");
    }
}

struct Schedule {
    random: Random,
    world: Arc<World>,
    cache: Cache,
    callers: Vec<Caller>,
}

struct Caller {
    task: JoinHandle<()>,
    until: Instant,
}

impl Schedule {
    fn new(seed: u64) -> Self {
        let world = Arc::new(World::default());
        let (shown, start) = (Arc::clone(&world), Instant::now());
        let cache = Cache::new(Clock::fake(move || shown.wall(start)));
        Self { random: Random(seed), world, cache, callers: Vec::new() }
    }

    async fn run(mut self) {
        for _ in 0..STEPS {
            self.step().await;
        }
        self.land().await;
    }

    async fn step(&mut self) {
        match self.random.below(16) {
            0..=8 => self.call(),
            9 => self.abort(),
            10 => self.set_the_clock(),
            11 if self.random.one_in(3) => self.cache.clear(),
            12 => tokio::time::sleep(self.random.millis(2 * HOUR)).await,
            13 => tokio::time::sleep(self.random.millis(60_000)).await,
            _ => tokio::time::sleep(self.random.millis(1500)).await,
        }
    }

    fn call(&mut self) {
        let number = self.random.below(KEYS);
        let until = Instant::now() + Duration::from_millis(1) + self.random.millis(90_000);
        let forced_at = self.random.one_in(6).then(Instant::now);
        let ask = Ask { key: KeyBuilder::new().part(number.to_le_bytes()).build(), until, forced_at, binding: None };
        let (cache, world, fate) = (self.cache.clone(), Arc::clone(&self.world), self.fate());
        let task = tokio::spawn(async move {
            let acquire = |deadline| {
                world.wanted.lock().unwrap().insert((number, cache.generation()), deadline);
                acquisition(world.clone(), cache.clone(), number, fate)
            };
            let mut call = std::pin::pin!(cache.token(ask.clone(), acquire));
            let at_once = tokio::select! {
                biased;
                outcome = &mut call => Some(outcome),
                () = std::future::ready(()) => None,
            };
            let outcome = if let Some(outcome) = at_once {
                outcome
            } else {
                world.check_wanted((number, cache.generation()), ask.until);
                call.await
            };
            assert!(Instant::now() <= ask.until, "the caller's time was up");
            if let Ok(Ok(leased)) = outcome {
                world.check(number, &leased.token);
                trusted(&cache, &world, &ask, number, &leased).await;
            }
        });
        self.callers.push(Caller { task, until });
    }

    fn fate(&mut self) -> Fate {
        let kinds = [ErrorKind::Authentication, ErrorKind::Network, ErrorKind::Configuration, ErrorKind::Timeout];
        let kind = kinds[usize::try_from(self.random.below(4)).unwrap()];
        let lives = Duration::from_millis(1) + self.random.millis(3 * HOUR);
        Fate {
            takes: if self.random.one_in(12) { Duration::from_secs(100_000) } else { self.random.millis(5000) },
            lives: if self.random.one_in(5) { lives / 200 } else { lives },
            refresh_in: self.random.one_in(3).then_some(lives / 3),
            fails: self.random.one_in(3).then_some(kind),
            panics: self.random.one_in(60),
        }
    }

    fn abort(&mut self) {
        if self.callers.is_empty() {
            return;
        }
        let one = self.random.below(self.callers.len() as u64);
        self.callers.swap_remove(usize::try_from(one).unwrap()).task.abort();
    }

    fn set_the_clock(&mut self) {
        let by = i64::try_from(self.random.below(10 * HOUR)).unwrap() - i64::try_from(5 * HOUR).unwrap();
        self.world.wall_ahead.store(by, Ordering::SeqCst);
    }

    /// Checks that every caller that was not aborted has an answer before its deadline.
    async fn land(self) {
        for Caller { task, until } in self.callers {
            let ended = timeout_at(until + Duration::from_millis(1), task).await;
            ended.expect("a waiter was lost").expect("a promise was broken");
        }
        tokio::time::sleep(REFRESH_TIMEOUT + Duration::from_secs(1)).await;
        let left: u32 = self.world.under_way.lock().unwrap().values().sum();
        assert_eq!(left, 0, "a flight goes on without a waiter");
        assert!(self.cache.entries().leases.len() as u64 <= KEYS, "leases of tokens that are gone");
        assert_eq!(*self.world.broken.lock().unwrap(), None);
    }
}

async fn acquisition(world: Arc<World>, cache: Cache, key: u64, fate: Fate) -> Result<AccessToken, Error> {
    let _counted = Counted::begin(&world, (key, cache.generation()));
    tokio::time::sleep(fate.takes).await;
    assert!(!fate.panics, "a defect in a source");
    match fate.fails {
        Some(kind) => Err(Error::new(kind, "the service is not in the mood")),
        None => Ok(world.issue(key, fate, cache.clock.now())),
    }
}

/// Checks that a token that is trusted without another look is still good at the end of that time.
async fn trusted(cache: &Cache, world: &World, ask: &Ask, key: u64, leased: &LeasedToken) {
    let trust = cache.trust(leased.lease, |_| true);
    assert!(trust <= LONGEST_TRUST);
    if !trust.is_zero() && Instant::now() + trust < ask.until {
        tokio::time::sleep(trust.saturating_sub(Duration::from_millis(1))).await;
        world.check(key, &leased.token);
    }
}

/// Hides the messages of the schedules' deliberate panics, among which a real one would be lost.
fn quiet_about_defects() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&"a defect in a source") {
            usual(panic);
        }
    }));
}

#[test]
fn every_schedule_keeps_the_promises() {
    quiet_about_defects();
    for seed in 0..SCHEDULES {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let schedule = std::panic::catch_unwind(|| runtime.block_on(async { Schedule::new(seed).run().await }));
        assert!(schedule.is_ok(), "schedule {seed} breaks a promise");
    }
}
