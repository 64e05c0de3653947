use super::{
    flight::{Flight, Landing, Seat},
    Key,
};
use crate::{
    host::Clock,
    transport::Deadline,
    types::{AccessToken, UnixMillis},
};
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// A token with less life than this is renewed first: what its receiver does with it takes time, and clocks differ.
const LEAST_LIFE: UnixMillis = 5 * 60 * 1000;

/// The tokens of the process, and the acquisitions under way.
#[derive(Clone)]
pub(crate) struct Cache {
    clock: Clock,
    entries: Arc<Mutex<HashMap<Key, Entry>>>,
}

#[derive(Default)]
struct Entry {
    token: Option<Arc<AccessToken>>,
    flight: Option<Flight>,
}

impl Cache {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, entries: Arc::default() }
    }

    /// The token under that key: the kept one while it is fresh, else the one that an acquisition brings, of which
    /// there is one at a time.
    pub(crate) async fn token<F>(
        &self,
        key: Key,
        until: Instant,
        force_refresh: bool,
        acquire: impl FnOnce(Deadline) -> F,
    ) -> Landing
    where
        F: Future<Output = Landing> + Send + 'static,
    {
        let seat = match self.fresh_or_seat(key, until, force_refresh, acquire) {
            Ok(token) => return Ok(token),
            Err(seat) => seat,
        };
        seat.landing().await
    }

    /// Forgets every token; acquisitions under way go on for those who wait, and are not kept.
    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    fn fresh_or_seat<F>(
        &self,
        key: Key,
        until: Instant,
        force_refresh: bool,
        acquire: impl FnOnce(Deadline) -> F,
    ) -> Result<Arc<AccessToken>, Seat>
    where
        F: Future<Output = Landing> + Send + 'static,
    {
        let mut entries = self.entries();
        let entry = entries.entry(key).or_default();
        if let Some(token) = entry.token.as_ref().filter(|token| !force_refresh && self.is_fresh(token)) {
            return Ok(Arc::clone(token));
        }
        if let Some(seat) = entry.flight.as_ref().and_then(|flight| flight.join(until)) {
            return Err(seat);
        }
        let deadline = Deadline::at(until);
        let (flight, seat) = Flight::start(deadline.clone(), acquire(deadline), self.keeper(key));
        entry.flight = Some(flight);
        Err(seat)
    }

    /// Puts what a flight brings into its entry. An entry that is gone was cleared meanwhile.
    fn keeper(&self, key: Key) -> impl FnOnce(&Landing) + Send + 'static {
        let entries = Arc::clone(&self.entries);
        move |landing| {
            let mut entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(entry) = entries.get_mut(&key) else { return };
            entry.flight = None;
            match landing {
                Ok(token) => entry.token = Some(Arc::clone(token)),
                Err(_) if entry.token.is_none() => drop(entries.remove(&key)),
                Err(_) => {}
            }
        }
    }

    fn is_fresh(&self, token: &AccessToken) -> bool {
        let now = self.clock.now();
        let refresh_due = token.refresh_after.is_some_and(|moment| moment <= now);
        !refresh_due && token.expires_on - now > LEAST_LIFE
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cache::KeyBuilder,
        types::{CredentialKind, Error, ErrorKind, Secret},
    };
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::{Duration, UNIX_EPOCH},
    };

    const LATER: Duration = Duration::from_secs(60);

    fn token(expires_on: UnixMillis) -> Arc<AccessToken> {
        Arc::new(AccessToken {
            token: Secret::new("t"),
            expires_on,
            refresh_after: None,
            tenant: None,
            source: CredentialKind::ClientSecret,
            attempts: Vec::new(),
        })
    }

    struct Bench {
        cache: Cache,
        acquired: Arc<AtomicUsize>,
    }

    impl Bench {
        fn new() -> Self {
            Self { cache: Cache::new(Clock::fake(|| UNIX_EPOCH)), acquired: Arc::default() }
        }

        async fn ask(&self, key: &str, landing: Landing) -> Landing {
            let acquired = Arc::clone(&self.acquired);
            let acquire = |_| async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                acquired.fetch_add(1, Ordering::SeqCst);
                landing
            };
            self.cache.token(KeyBuilder::new().part(key).build(), Instant::now() + LATER, false, acquire).await
        }

        fn acquisitions(&self) -> usize {
            self.acquired.load(Ordering::SeqCst)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn two_who_ask_at_once_share_one_acquisition_and_its_token_is_kept() {
        let bench = Bench::new();
        let (one, two) = tokio::join!(bench.ask("a", Ok(token(3_600_000))), bench.ask("a", Ok(token(3_600_000))));
        assert!(Arc::ptr_eq(&one.unwrap(), &two.unwrap()));
        bench.ask("a", Ok(token(1))).await.unwrap();
        assert_eq!(bench.acquisitions(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_shared_and_not_kept() {
        let bench = Bench::new();
        let failure = || Err(Error::new(ErrorKind::Authentication, "no"));
        let (one, two) = tokio::join!(bench.ask("a", failure()), bench.ask("a", failure()));
        assert!(one.is_err() && two.is_err());
        assert_eq!(bench.acquisitions(), 1);
        assert!(bench.ask("a", Ok(token(3_600_000))).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn keys_do_not_wait_for_each_other() {
        let bench = Bench::new();
        let start = Instant::now();
        let (one, two) = tokio::join!(bench.ask("a", Ok(token(3_600_000))), bench.ask("b", Ok(token(3_600_000))));
        assert!(!Arc::ptr_eq(&one.unwrap(), &two.unwrap()));
        assert_eq!(start.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_near_its_end_is_renewed() {
        let bench = Bench::new();
        bench.ask("a", Ok(token(LEAST_LIFE))).await.unwrap();
        bench.ask("a", Ok(token(LEAST_LIFE))).await.unwrap();
        assert_eq!(bench.acquisitions(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_to_leave_ends_nothing_the_last_one_cancels() {
        let bench = Arc::new(Bench::new());
        let asked = |bench: Arc<Bench>| tokio::spawn(async move { bench.ask("a", Ok(token(3_600_000))).await });
        let (first, second) = (asked(Arc::clone(&bench)), asked(Arc::clone(&bench)));
        tokio::time::sleep(Duration::from_millis(500)).await;
        first.abort();
        assert!(second.await.unwrap().is_ok());

        bench.cache.clear();
        let only = asked(Arc::clone(&bench));
        tokio::time::sleep(Duration::from_millis(500)).await;
        only.abort();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(bench.acquisitions(), 1, "the abandoned acquisition went on");
        assert!(bench.ask("a", Ok(token(3_600_000))).await.is_ok(), "the key is free again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_an_error_and_frees_the_key() {
        let bench = Bench::new();
        let key = KeyBuilder::new().part("a").build();
        let landing = bench.cache.token(key, Instant::now() + LATER, false, |_| async { panic!("marker") }).await;
        assert_eq!(landing.unwrap_err().kind(), ErrorKind::Internal);
        assert!(bench.ask("a", Ok(token(3_600_000))).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn clearing_forgets_tokens_and_what_is_under_way_is_not_kept() {
        let bench = Bench::new();
        let (landing, ()) = tokio::join!(bench.ask("a", Ok(token(3_600_000))), async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            bench.cache.clear();
        });
        assert!(landing.is_ok());
        bench.ask("a", Ok(token(3_600_000))).await.unwrap();
        assert_eq!(bench.acquisitions(), 2);
    }
}
