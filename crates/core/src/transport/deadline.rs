use super::retry_after::Jitter;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The default time limit of a call. A caller with a longer one is called patient here.
const USUAL_TIME: Duration = Duration::from_secs(60);

/// The end of the time for an acquisition: the latest deadline of its waiters.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    waiters: Arc<Mutex<Waiters>>,
    jitter: Jitter,
    /// Whether other processes wait for the result. Then a service's request to wait is reported at once, and not
    /// waited for.
    reports_throttling: bool,
}

#[derive(Debug)]
struct Waiters {
    latest: Instant,
    earliest: Instant,
    is_patient: bool,
}

impl Deadline {
    pub(crate) fn at(moment: Instant) -> Self {
        let waiters = Waiters { latest: moment, earliest: moment, is_patient: is_patient(moment) };
        Self { waiters: Arc::new(Mutex::new(waiters)), jitter: Jitter::default(), reports_throttling: false }
    }

    /// Returns the deadline with this jitter for waits that a service asks for.
    pub(crate) fn with_jitter(self, jitter: Jitter) -> Self {
        Self { jitter, ..self }
    }

    /// Returns the deadline for a request that other processes wait for.
    pub(crate) fn reporting_throttling(self) -> Self {
        Self { reports_throttling: true, ..self }
    }

    pub(super) fn reports_throttling(&self) -> bool {
        self.reports_throttling
    }

    /// Adds the deadline of a waiter that has joined.
    pub(crate) fn extend_to(&self, moment: Instant) {
        let mut waiters = self.waiters();
        waiters.latest = moment.max(waiters.latest);
        waiters.earliest = moment.min(waiters.earliest);
        waiters.is_patient |= is_patient(moment);
    }

    /// Returns the latest deadline of the waiters.
    pub(crate) fn latest(&self) -> Instant {
        self.waiters().latest
    }

    /// Returns the earliest deadline of the waiters. Once it has passed, returns the latest, until another waiter
    /// joins.
    pub(crate) fn earliest(&self) -> Instant {
        let mut waiters = self.waiters();
        if waiters.earliest <= Instant::now() {
            waiters.earliest = waiters.latest;
        }
        waiters.earliest
    }

    /// Returns whether a wait of this length would end in time.
    pub(crate) fn allows(&self, wait: Duration) -> bool {
        Instant::now().checked_add(wait).is_some_and(|end| end < self.latest())
    }

    /// Returns whether a waiter has a time limit of more than a minute.
    pub(crate) fn is_patient(&self) -> bool {
        self.waiters().is_patient
    }

    pub(super) fn jitter(&self) -> Jitter {
        self.jitter
    }

    /// Returns the function that extends the deadline.
    pub(crate) fn extender(&self) -> impl Fn(Instant) + Send + Sync + 'static {
        let deadline = self.clone();
        move |until| deadline.extend_to(until)
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_patient(moment: Instant) -> bool {
    moment.saturating_duration_since(Instant::now()) > USUAL_TIME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_keeps_its_jitter_and_whether_others_wait() {
        let (deadline, wait) = (Deadline::at(Instant::now()), Duration::from_secs(100));
        for jitter in (0..21).map(Jitter::of) {
            let kept = deadline.clone().with_jitter(jitter).jitter();
            assert_eq!(kept.stretched(wait), jitter.stretched(wait));
        }
        assert!(deadline.clone().reporting_throttling().reports_throttling() && !deadline.reports_throttling());
    }

    #[tokio::test(start_paused = true)]
    async fn the_latest_waiter_decides() {
        let start = Instant::now();
        let deadline = Deadline::at(start + Duration::from_secs(2));
        assert!(deadline.allows(Duration::from_secs(1)));
        assert!(!deadline.allows(Duration::from_secs(2)));
        deadline.extend_to(start + Duration::from_secs(1));
        assert!(deadline.allows(Duration::from_secs(1)), "an earlier one changes nothing");
        deadline.extend_to(start + Duration::from_secs(5));
        assert!(deadline.allows(Duration::from_secs(4)));
        assert!(!deadline.allows(Duration::MAX));
    }

    #[tokio::test(start_paused = true)]
    async fn the_earliest_waiter_counts_until_its_time_is_up() {
        let start = Instant::now();
        let deadline = Deadline::at(start + Duration::from_secs(5));
        for seconds in [2, 9] {
            deadline.extend_to(start + Duration::from_secs(seconds));
        }
        assert_eq!(deadline.earliest(), start + Duration::from_secs(2));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(deadline.earliest(), deadline.latest());
        deadline.extend_to(start + Duration::from_secs(3));
        assert_eq!(deadline.earliest(), start + Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_timeout_of_more_than_a_minute_is_patient() {
        let deadline = Deadline::at(Instant::now() + USUAL_TIME);
        tokio::time::advance(Duration::from_secs(5)).await;
        deadline.extend_to(Instant::now() + USUAL_TIME);
        assert!(!deadline.is_patient(), "a usual call that joins later");
        deadline.extend_to(Instant::now() + USUAL_TIME + Duration::from_secs(1));
        assert!(deadline.is_patient());
    }
}
