use super::{answers_later_call, is_remembered, Flight, Outcome, Waiter};
use crate::types::Error;
use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// A result that is requested once and then kept. All waiting callers share a failure, which is kept for a moment if
/// the next try would probably fail in the same way.
pub(crate) struct SingleFlight<T>(Arc<Mutex<State<T>>>);

struct State<T> {
    answer: Option<T>,
    failure: Option<(Error, Instant)>,
    flight: Option<Flight<T>>,
    flights: u64,
}

/// What a caller does next.
enum CallState<T> {
    Answered(Outcome<T>),
    Waiting(Waiter<T>),
}

impl<T> Clone for SingleFlight<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for SingleFlight<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SingleFlight").finish_non_exhaustive()
    }
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State { answer: None, failure: None, flight: None, flights: 0 })))
    }
}

impl<T> SingleFlight<T> {
    /// Returns whether both are the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    /// Returns the answer. `ask` is called if there is none and no other call is asking.
    pub(crate) async fn get<F>(&self, ask: impl FnOnce() -> F) -> Outcome<T>
    where
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        self.get_until(Instant::now(), None, |_| (), ask).await
    }

    /// Returns the answer to a question with a deadline. A caller that joins with a later deadline calls `extend`. An
    /// earlier failure does not answer a call that was made later and forces a refresh.
    pub(crate) async fn get_until<F>(
        &self,
        until: Instant,
        forced_at: Option<Instant>,
        extend: impl Fn(Instant) + Send + Sync + 'static,
        ask: impl FnOnce() -> F,
    ) -> Outcome<T>
    where
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        match self.call_state(until, forced_at, extend, ask) {
            CallState::Answered(outcome) => outcome,
            CallState::Waiting(waiter) => waiter.outcome().await,
        }
    }

    fn call_state<F>(
        &self,
        until: Instant,
        forced_at: Option<Instant>,
        extend: impl Fn(Instant) + Send + Sync + 'static,
        ask: impl FnOnce() -> F,
    ) -> CallState<T>
    where
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        let mut state = self.state();
        if let Some(known) = state.known(forced_at) {
            return CallState::Answered(known);
        }
        let joined = state.flight.as_ref().and_then(|flight| flight.join(until));
        CallState::Waiting(joined.unwrap_or_else(|| {
            state.flights += 1;
            let (flight, waiter) = Flight::start(state.flights, extend, ask(), self.keeper(state.flights));
            state.flight = Some(flight);
            waiter
        }))
    }

    /// Keeps the result of a flight.
    fn keeper(&self, number: u64) -> impl FnOnce(Outcome<T>) -> Outcome<T> + Send + 'static {
        let this = self.clone();
        move |outcome| {
            this.state().land(number, &outcome);
            outcome
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    pub(super) fn flight_number(&self) -> Option<u64> {
        self.state().flight.as_ref().map(Flight::number)
    }
}

impl<T: Clone + Send + Sync + 'static> State<T> {
    fn known(&self, forced_at: Option<Instant>) -> Option<Outcome<T>> {
        let failed = || {
            let (error, moment) = self.failure.as_ref()?;
            answers_later_call(*moment, Instant::now(), forced_at).then(|| Err(error.clone()))
        };
        self.answer.clone().map(Ok).or_else(failed)
    }

    fn land(&mut self, number: u64, outcome: &Outcome<T>) {
        self.flight.take_if(|flight| flight.number() == number);
        match outcome {
            Ok(answer) => self.answer = Some(answer.clone()),
            Err(error) => self.failure = is_remembered(error).then(|| (error.clone(), Instant::now())),
        }
    }
}
