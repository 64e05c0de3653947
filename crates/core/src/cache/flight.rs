use crate::{
    transport::Deadline,
    types::{AccessToken, Error, ErrorKind},
};
use std::{future::Future, sync::Arc};
use tokio::{sync::watch, task::AbortHandle, time::Instant};

/// What a flight ends with.
pub(super) type Landing = Result<Arc<AccessToken>, Error>;

/// One acquisition under way, shared by everyone who wants the same token. It runs as a task of its own, so that it
/// outlives the caller that started it; when the last seat is given up, it is cancelled.
pub(super) struct Flight {
    landing: watch::Receiver<Option<Landing>>,
    seats: std::sync::Weak<Seats>,
    deadline: Deadline,
}

/// What all passengers hold on to.
struct Seats(AbortHandle);

impl Drop for Seats {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One waiter's place.
pub(super) struct Seat {
    landing: watch::Receiver<Option<Landing>>,
    _seats: Arc<Seats>,
}

impl Flight {
    /// Starts the acquisition. `landed` is called with what it ends in, before any waiter hears of it.
    pub(super) fn start(
        deadline: Deadline,
        acquisition: impl Future<Output = Landing> + Send + 'static,
        landed: impl FnOnce(&Landing) + Send + 'static,
    ) -> (Self, Seat) {
        let (sender, landing) = watch::channel(None);
        let task = tokio::spawn(async move {
            let outcome = acquisition.await;
            landed(&outcome);
            let _ = sender.send(Some(outcome));
        });
        let seats = Arc::new(Seats(task.abort_handle()));
        let flight = Self { landing: landing.clone(), seats: Arc::downgrade(&seats), deadline };
        (flight, Seat { landing, _seats: seats })
    }

    /// Joins, unless the last passenger has just left or the flight has come down without landing.
    pub(super) fn join(&self, until: Instant) -> Option<Seat> {
        let seats = self.seats.upgrade()?;
        if self.landing.has_changed().is_err() && self.landing.borrow().is_none() {
            return None;
        }
        self.deadline.extend_to(until);
        Some(Seat { landing: self.landing.clone(), _seats: seats })
    }
}

impl Seat {
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
