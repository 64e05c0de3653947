//! Floor 1: what several ask for at the same time, asked for once.

use crate::types::{Error, ErrorKind};
use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::OnceCell, time::Instant};

/// How long a failure answers those who ask for the same: enough to spare a stampede, not enough to be noticed.
pub(crate) const FAILURE_MEMORY: Duration = Duration::from_millis(250);

/// An answer that is kept. A failure is kept for a moment, unless a setting was wrong: that may be mended by then. All who
/// were waiting get it, instead of asking one after the other.
#[derive(Debug)]
pub(crate) struct Once<T> {
    answer: OnceCell<T>,
    failures: Mutex<Failures>,
}

#[derive(Debug, Default)]
struct Failures {
    count: u64,
    last: Option<(Error, Instant)>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { answer: OnceCell::new(), failures: Mutex::default() }
    }
}

impl<T> Once<T> {
    /// The answer; `ask` is called if there is none. Whoever leaves while asking leaves the others to ask themselves.
    pub(crate) async fn get(&self, ask: impl Future<Output = Result<T, Error>>) -> Result<&T, Error> {
        let before = self.failures().count;
        if let Some(error) = self.remembered().filter(|_| self.answer.get().is_none()) {
            return Err(error);
        }
        let asked = || async {
            if let Some(error) = self.failed_since(before) {
                return Err(error);
            }
            ask.await.inspect_err(|error| self.note(error))
        };
        self.answer.get_or_try_init(asked).await
    }

    /// The answer, if there is one already.
    pub(crate) fn known(&self) -> Option<&T> {
        self.answer.get()
    }

    fn remembered(&self) -> Option<Error> {
        let failures = self.failures();
        let (error, moment) = failures.last.as_ref()?;
        let passes =
            matches!(error.kind(), ErrorKind::Configuration | ErrorKind::Timeout | ErrorKind::ResourceExhausted);
        let counts = !passes && moment.elapsed() < FAILURE_MEMORY;
        counts.then(|| error.clone())
    }

    fn failed_since(&self, count: u64) -> Option<Error> {
        let failures = self.failures();
        let (error, _) = failures.last.as_ref().filter(|_| failures.count > count)?;
        Some(error.clone())
    }

    fn note(&self, error: &Error) {
        let mut failures = self.failures();
        failures.count += 1;
        failures.last = Some((error.clone(), Instant::now()));
    }

    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ErrorKind;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    async fn ask(once: &Once<u8>, asked: &AtomicUsize, answer: Option<u8>) -> Result<u8, Error> {
        let work = async {
            asked.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(1)).await;
            answer.ok_or_else(|| Error::new(ErrorKind::Network, "no"))
        };
        once.get(work).await.copied()
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_the_failure_and_who_comes_later_asks_again() {
        let (once, asked) = (Once::default(), AtomicUsize::new(0));
        let (first, second, third) =
            tokio::join!(ask(&once, &asked, None), ask(&once, &asked, Some(2)), ask(&once, &asked, Some(3)));
        assert!(first.is_err() && second.is_err() && third.is_err());
        assert!(ask(&once, &asked, Some(3)).await.is_err());
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        tokio::time::advance(FAILURE_MEMORY).await;
        assert_eq!(ask(&once, &asked, Some(4)).await.unwrap(), 4);
        assert_eq!(ask(&once, &asked, Some(5)).await.unwrap(), 4);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_out_and_a_shortage_are_not_remembered() {
        for kind in [ErrorKind::Timeout, ErrorKind::ResourceExhausted] {
            let once = Once::default();
            assert!(once.get(async { Err(Error::new(kind, "no")) }).await.is_err());
            assert_eq!(*once.get(async { Ok(1) }).await.unwrap(), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_leaves_while_asking_leaves_no_failure() {
        let (once, asked) = (Once::default(), AtomicUsize::new(0));
        let impatient = tokio::time::timeout(Duration::from_millis(500), ask(&once, &asked, None));
        let (left, stayed) = tokio::join!(impatient, ask(&once, &asked, Some(2)));
        assert!(left.is_err());
        assert_eq!(stayed.unwrap(), 2);
    }
}
