//! Layer 2: single flight: callers that request the same at the same time wait for one task. Its deadline is the latest
//! of theirs.

mod single_flight;
#[cfg(test)]
mod tests;

use crate::{
    host::{defect, Progress, Step},
    types::{Error, ErrorKind},
};
pub(crate) use single_flight::SingleFlight;
use std::{
    future::Future,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::{
    sync::watch,
    task::AbortHandle,
    time::{timeout_at, Instant},
};

/// How long a failure answers later callers. It is long enough to hold back many calls at once, and too short to be
/// noticed.
pub(crate) const FAILURE_MEMORY: Duration = Duration::from_millis(250);

/// Returns whether a failure answers later callers. By then a wrong setting may be corrected, and a shortage may be
/// over. A caller that gave up or ran out of time says nothing about the others.
pub(crate) fn is_remembered(error: &Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::Configuration
            | ErrorKind::Cancelled
            | ErrorKind::Timeout
            | ErrorKind::Internal
            | ErrorKind::ResourceExhausted
    )
}

/// Returns whether a failure that landed at that moment answers a call that asks now. A call that forces a refresh is
/// answered if it was made before that moment, and has waited since.
pub(crate) fn answers_later_call(landed: Instant, now: Instant, forced_at: Option<Instant>) -> bool {
    forced_at.map_or_else(|| now.duration_since(landed) < FAILURE_MEMORY, |made| made < landed)
}

/// The result of a flight.
pub(crate) type Outcome<T> = Result<T, Error>;

/// Running work whose result several callers share. It is a task of its own, so it outlives the caller that started it.
/// When the last waiter is dropped, the task is cancelled.
pub(crate) struct Flight<T> {
    number: u64,
    outcome: watch::Receiver<Option<Outcome<T>>>,
    waiters: Weak<Waiters>,
    extend: Box<dyn Fn(Instant) + Send + Sync>,
    progress: Progress,
}

/// What all waiters share.
struct Waiters(AbortHandle);

impl Drop for Waiters {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The place of one waiter.
#[derive(Clone)]
pub(crate) struct Waiter<T> {
    flight: u64,
    outcome: watch::Receiver<Option<Outcome<T>>>,
    progress: Progress,
    _waiters: Arc<Waiters>,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Starts the work. `landed` turns its result into that of the waiters, before any of them gets it. `extend` moves
    /// the work's deadline: it is called with the moment until which each further waiter waits. The number
    /// distinguishes this flight from its owner's others.
    pub(crate) fn start<R>(
        number: u64,
        extend: impl Fn(Instant) + Send + Sync + 'static,
        work: impl Future<Output = Result<R, Error>> + Send + 'static,
        landed: impl FnOnce(Result<R, Error>) -> Outcome<T> + Send + 'static,
    ) -> (Self, Waiter<T>) {
        let (sender, outcome) = watch::channel(None);
        let progress = Progress::default();
        let followed = progress.clone();
        let task = tokio::spawn(async move {
            let outcome = followed.follow(work).await;
            let _ = sender.send(Some(landed(outcome)));
        });
        let waiters = Arc::new(Waiters(task.abort_handle()));
        let extend = Box::new(extend);
        let flight = Self { number, outcome, waiters: Arc::downgrade(&waiters), extend, progress };
        let waiter = flight.waiter(waiters);
        (flight, waiter)
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Adds a waiter, unless the flight has ended. The work's deadline is at least that moment.
    pub(crate) fn join(&self, until: Instant) -> Option<Waiter<T>> {
        let waiters = self.waiters()?;
        (self.extend)(until);
        Some(self.waiter(waiters))
    }

    /// Returns the result for an observer, which is not a waiter: the flight may be cancelled nevertheless, and then
    /// there is none.
    pub(crate) fn observed(&self) -> impl Future<Output = Option<Outcome<T>>> + Send + 'static {
        let mut outcome = self.outcome.clone();
        async move { outcome.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone()) }
    }

    /// Returns whether a result may still come.
    pub(crate) fn is_under_way(&self) -> bool {
        self.waiters().is_some()
    }

    /// Returns the waiters, unless the last one has gone or the work has panicked.
    fn waiters(&self) -> Option<Arc<Waiters>> {
        let waiters = self.waiters.upgrade()?;
        let crashed = self.outcome.has_changed().is_err() && self.outcome.borrow().is_none();
        (!crashed).then_some(waiters)
    }

    fn waiter(&self, waiters: Arc<Waiters>) -> Waiter<T> {
        let (outcome, progress) = (self.outcome.clone(), self.progress.clone());
        Waiter { flight: self.number, outcome, progress, _waiters: waiters }
    }
}

impl<T: Clone> Waiter<T> {
    /// Returns the number of the flight.
    pub(crate) fn flight(&self) -> u64 {
        self.flight
    }

    /// Waits for the result until that moment, or returns the step that the work has reached.
    pub(crate) async fn outcome_until(self, until: Instant) -> Result<Outcome<T>, Step> {
        let progress = self.progress.clone();
        timeout_at(until, self.outcome()).await.map_err(|_| progress.step())
    }

    /// Waits for the result. Meanwhile the steps of the flight count as those of the waiting work.
    pub(crate) async fn outcome(mut self) -> Outcome<T> {
        let landed = self.progress.waited_for(self.outcome.wait_for(Option::is_some)).await;
        // The task ends without a result if it panics.
        landed.ok().and_then(|outcome| outcome.clone()).unwrap_or_else(|| Err(defect()))
    }
}
