//! Floor 2: work that several wait for at the same time is done once, for as long as the most patient of them waits.

mod once;
#[cfg(test)]
mod tests;

use crate::{
    host::{defect, Progress, Step},
    types::{Error, ErrorKind},
};
pub(crate) use once::Once;
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

/// Whether a failure answers those who ask later. A wrong setting may be corrected by then, and a shortage may be over. A
/// caller that gave up or ran out of time says nothing about the others.
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
pub(crate) type Landing<T> = Result<T, Error>;

/// Work under way, shared by all who want its result. It runs as a task of its own, so that it outlives the caller that
/// started it; when the last seat is given up, it is cancelled.
pub(crate) struct Flight<T> {
    number: u64,
    landing: watch::Receiver<Option<Landing<T>>>,
    seats: Weak<Seats>,
    extend: Box<dyn Fn(Instant) + Send + Sync>,
    progress: Progress,
}

/// What all passengers hold on to.
struct Seats(AbortHandle);

impl Drop for Seats {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One waiter's place.
#[derive(Clone)]
pub(crate) struct Seat<T> {
    flight: u64,
    landing: watch::Receiver<Option<Landing<T>>>,
    progress: Progress,
    _seats: Arc<Seats>,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Starts the work. `landed` makes of its end what the waiters get, before any of them hears of it. `extend` gives
    /// the work time until a later moment: it is called with the moment until which each further waiter waits. The
    /// number tells this flight from the others of its owner.
    pub(crate) fn start<R>(
        number: u64,
        extend: impl Fn(Instant) + Send + Sync + 'static,
        work: impl Future<Output = Result<R, Error>> + Send + 'static,
        landed: impl FnOnce(Result<R, Error>) -> Landing<T> + Send + 'static,
    ) -> (Self, Seat<T>) {
        let (sender, landing) = watch::channel(None);
        let progress = Progress::default();
        let followed = progress.clone();
        let task = tokio::spawn(async move {
            let outcome = followed.follow(work).await;
            let _ = sender.send(Some(landed(outcome)));
        });
        let seats = Arc::new(Seats(task.abort_handle()));
        let extend = Box::new(extend);
        let flight = Self { number, landing, seats: Arc::downgrade(&seats), extend, progress };
        let seat = flight.seat(seats);
        (flight, seat)
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Joins, unless the flight is over. The work has time at least until that moment.
    pub(crate) fn join(&self, until: Instant) -> Option<Seat<T>> {
        let seats = self.seats()?;
        (self.extend)(until);
        Some(self.seat(seats))
    }

    /// Whether it may still land.
    pub(crate) fn is_under_way(&self) -> bool {
        self.seats().is_some()
    }

    /// Nothing, once the last passenger has left or the flight has come down without landing: it panicked.
    fn seats(&self) -> Option<Arc<Seats>> {
        let seats = self.seats.upgrade()?;
        let crashed = self.landing.has_changed().is_err() && self.landing.borrow().is_none();
        (!crashed).then_some(seats)
    }

    fn seat(&self, seats: Arc<Seats>) -> Seat<T> {
        let (landing, progress) = (self.landing.clone(), self.progress.clone());
        Seat { flight: self.number, landing, progress, _seats: seats }
    }
}

impl<T: Clone> Seat<T> {
    /// The number of the flight.
    pub(crate) fn flight(&self) -> u64 {
        self.flight
    }

    /// Waits until then for the flight to land; else says how far it has come.
    pub(crate) async fn landing_until(self, until: Instant) -> Result<Landing<T>, Step> {
        let progress = self.progress.clone();
        timeout_at(until, self.landing()).await.map_err(|_| progress.step())
    }

    /// Waits for the flight to land. Its steps are meanwhile those of the work that waits.
    pub(crate) async fn landing(mut self) -> Landing<T> {
        let landed = self.progress.waited_for(self.landing.wait_for(Option::is_some)).await;
        // The task ended without a word where it panicked.
        landed.ok().and_then(|landing| landing.clone()).unwrap_or_else(|| Err(defect()))
    }
}
