//! Layer 2: single flight: callers that request the same at the same time wait for one task. It has the latest deadline
//! of these callers.

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

/// How long a failure answers those who ask for the same: enough to spare a stampede, not enough to be noticed.
pub(crate) const FAILURE_MEMORY: Duration = Duration::from_millis(250);

/// Whether a failure answers those who ask later. A wrong setting may be corrected by then, and a shortage may be over.
/// A caller that gave up or ran out of time says nothing about the others.
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

/// What a flight ends with.
pub(crate) type Outcome<T> = Result<T, Error>;

/// Work under way, shared by all who want its result. It runs as a task of its own, so that it outlives the caller that
/// started it; when the last waiter is given up, it is cancelled.
pub(crate) struct Flight<T> {
    number: u64,
    outcome: watch::Receiver<Option<Outcome<T>>>,
    waiters: Weak<Waiters>,
    extend: Box<dyn Fn(Instant) + Send + Sync>,
    progress: Progress,
}

/// What all waiters hold on to.
struct Waiters(AbortHandle);

impl Drop for Waiters {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One waiter's place.
#[derive(Clone)]
pub(crate) struct Waiter<T> {
    flight: u64,
    outcome: watch::Receiver<Option<Outcome<T>>>,
    progress: Progress,
    _waiters: Arc<Waiters>,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Starts the work. `landed` makes of its end what the waiters get, before any of them hears of it. `extend` gives
    /// the work time until a later moment: it is called with the moment until which each further waiter waits. The
    /// number tells this flight from the others of its owner.
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

    /// Joins, unless the flight is over. The work has time at least until that moment.
    pub(crate) fn join(&self, until: Instant) -> Option<Waiter<T>> {
        let waiters = self.waiters()?;
        (self.extend)(until);
        Some(self.waiter(waiters))
    }

    /// What it ends with, for one who is no waiter: it may be given up all the same, and then there is nothing.
    pub(crate) fn observed(&self) -> impl Future<Output = Option<Outcome<T>>> + Send + 'static {
        let mut outcome = self.outcome.clone();
        async move { outcome.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone()) }
    }

    /// Whether it may still land.
    pub(crate) fn is_under_way(&self) -> bool {
        self.waiters().is_some()
    }

    /// Nothing, once the last waiter has gone, or after a panic.
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
    /// The number of the flight.
    pub(crate) fn flight(&self) -> u64 {
        self.flight
    }

    /// Waits until then for the flight to land; else says how far it has come.
    pub(crate) async fn outcome_until(self, until: Instant) -> Result<Outcome<T>, Step> {
        let progress = self.progress.clone();
        timeout_at(until, self.outcome()).await.map_err(|_| progress.step())
    }

    /// Waits for the flight to land. Its steps are meanwhile those of the work that waits.
    pub(crate) async fn outcome(mut self) -> Outcome<T> {
        let landed = self.progress.waited_for(self.outcome.wait_for(Option::is_some)).await;
        // The task ended without a word where it panicked.
        landed.ok().and_then(|outcome| outcome.clone()).unwrap_or_else(|| Err(defect()))
    }
}
