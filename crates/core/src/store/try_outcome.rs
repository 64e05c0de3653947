use super::value::Note;
use crate::types::{AccessToken, Error};
use std::time::Duration;

/// How long an overloaded service is not asked if it names no time. The process with the lease has asked four times in
/// about three seconds; without a note, each of the others would do the same.
const UNSAID_WAIT: Duration = Duration::from_secs(5);
const OVERLOADED: [u16; 2] = [429, 503];

/// The result of one look at the store.
pub(super) enum LookupResult {
    Token(Box<AccessToken>),
    /// The service asks not to be called for this time.
    Throttled(Note, Duration),
    /// Another process has asked meanwhile, and failed.
    Failed(Note),
    Nothing,
}

/// How one try to get the token ended.
pub(super) enum TryOutcome {
    Done(Result<AccessToken, Error>),
    /// Another process has the lease.
    LeaseTaken,
    /// The service asks not to be called for this time, and the error says so.
    Throttled(Duration, Error),
    /// The store has not answered, and is asked once more.
    Retry,
    /// The store cannot be used.
    WithoutStore,
}

impl TryOutcome {
    /// Returns the outcome after the service was asked.
    pub(super) fn after(outcome: Result<AccessToken, Error>) -> Self {
        match outcome {
            Err(error) => match error.throttling() {
                Some(wait) => Self::Throttled(wait, error),
                None => Self::Done(Err(error)),
            },
            token => Self::Done(token),
        }
    }
}

impl LookupResult {
    /// Returns how the look ends a round, if it has found anything.
    pub(super) fn ends(self) -> Option<TryOutcome> {
        match self {
            Self::Token(token) => Some(TryOutcome::Done(Ok(*token))),
            Self::Throttled(note, wait) => Some(TryOutcome::Throttled(wait, note.error(wait))),
            Self::Failed(note) => Some(TryOutcome::Done(Err(note.failure()))),
            Self::Nothing => None,
        }
    }
}

pub(super) fn unsaid_wait(error: &Error) -> Option<Duration> {
    let status = error.refusal()?.status_code?;
    OVERLOADED.contains(&status).then_some(UNSAID_WAIT)
}
