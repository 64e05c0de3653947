use super::lease::Leased;
use crate::{
    host::{Progress, Step},
    transport::Deadline,
    types::{AccessToken, Error, ErrorKind},
};
use std::{
    future::Future,
    sync::{Arc, Weak},
};
use tokio::{
    sync::watch,
    task::AbortHandle,
    time::{timeout_at, Instant},
};

/// What a flight ends with.
pub(super) type Landing = Result<Leased, Error>;

/// One acquisition under way, shared by everyone who wants the same token. It runs as a task of its own, so that it
/// outlives the caller that started it; when the last seat is given up, it is cancelled.
pub(super) struct Flight {
    number: u64,
    landing: watch::Receiver<Option<Landing>>,
    seats: Weak<Seats>,
    deadline: Deadline,
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
pub(super) struct Seat {
    landing: watch::Receiver<Option<Landing>>,
    progress: Progress,
    _seats: Arc<Seats>,
}

impl Flight {
    /// Starts the acquisition. `landed` makes of its end what the waiters get, before any of them hears of it. The
    /// number tells it from the other flights of its cache.
    pub(super) fn start(
        number: u64,
        deadline: Deadline,
        acquisition: impl Future<Output = Result<AccessToken, Error>> + Send + 'static,
        landed: impl FnOnce(Result<AccessToken, Error>) -> Landing + Send + 'static,
    ) -> (Self, Seat) {
        let (sender, landing) = watch::channel(None);
        let progress = Progress::default();
        let followed = progress.clone();
        let task = tokio::spawn(async move {
            let outcome = followed.follow(acquisition).await;
            let _ = sender.send(Some(landed(outcome)));
        });
        let seats = Arc::new(Seats(task.abort_handle()));
        let seat = Seat { landing: landing.clone(), progress: progress.clone(), _seats: Arc::clone(&seats) };
        (Self { number, landing, seats: Arc::downgrade(&seats), deadline, progress }, seat)
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Joins, unless the flight is over.
    pub(super) fn join(&self, until: Instant) -> Option<Seat> {
        let seats = self.seats()?;
        self.deadline.extend_to(until);
        Some(Seat { landing: self.landing.clone(), progress: self.progress.clone(), _seats: seats })
    }

    /// Whether it may still land.
    pub(super) fn is_under_way(&self) -> bool {
        self.seats().is_some()
    }

    /// Nothing, once the last passenger has left or the flight has come down without landing: it panicked.
    fn seats(&self) -> Option<Arc<Seats>> {
        let seats = self.seats.upgrade()?;
        let crashed = self.landing.has_changed().is_err() && self.landing.borrow().is_none();
        (!crashed).then_some(seats)
    }
}

impl Seat {
    /// Waits until then for the flight to land; else says how far it has come.
    pub(super) async fn landing_until(self, until: Instant) -> Result<Landing, Step> {
        let progress = self.progress.clone();
        timeout_at(until, self.landing()).await.map_err(|_| progress.step())
    }

    /// Waits for the flight to land.
    pub(super) async fn landing(mut self) -> Landing {
        match self.landing.wait_for(Option::is_some).await {
            Ok(landing) => landing.clone().unwrap_or_else(|| Err(lost())),
            Err(_) => Err(lost()),
        }
    }
}

/// The task ended without a word: it panicked.
fn lost() -> Error {
    Error::new(
        ErrorKind::Internal,
        "the request for a token ended unexpectedly; this is a defect of azure-client-token",
    )
}
