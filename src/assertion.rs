//! The program's `getAssertion()`. It runs on its JavaScript thread, and the runtime's thread waits for it.

use crate::pending::Pending;
use azure_client_token_core::{AssertionCallback, Error, ErrorKind, Secret};
use napi::{
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
    Status,
};
use napi_derive::napi;
use std::sync::{
    atomic::{AtomicU64, Ordering},
    Arc,
};

/// Asks JavaScript for an assertion. The answer has the same number. Weak: an unused credential does not keep the
/// process alive.
pub type AskForAssertion = ThreadsafeFunction<u32, (), u32, Status, false, true>;

type Answer = Result<Secret, Error>;

static PENDING: Pending<Answer> = Pending::new();

/// Makes a callback with an identity of its own, so that no other credential gets its tokens.
pub(crate) fn callback(ask: AskForAssertion) -> AssertionCallback {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let ask = Arc::new(ask);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    AssertionCallback::new(id, move || Box::pin(asked(Arc::clone(&ask))))
}

async fn asked(ask: Arc<AskForAssertion>) -> Answer {
    let (question, answer) = PENDING.begin();
    if ask.call(question.number, ThreadsafeFunctionCallMode::NonBlocking) != Status::Ok {
        return Err(gone());
    }
    answer.await.unwrap_or_else(|_| Err(gone()))
}

/// Answers a call with an assertion, or with none if the program's function was rejected.
#[napi(catch_unwind)]
pub fn settle_assertion(call: u32, assertion: Option<String>) {
    let Some(waiting) = PENDING.take(call) else { return };
    let _ = waiting.send(assertion.map(Secret::new).ok_or_else(|| rejected(call)));
}

fn rejected(call: u32) -> Error {
    let message = "getAssertion() gave no assertion: see this error's cause";
    // The error is not "unavailable": a chain must not log in as another identity because the program's own service
    // fails.
    Error::new(ErrorKind::Authentication, message).with_rejection(call)
}

fn gone() -> Error {
    Error::new(ErrorKind::CredentialUnavailable, "getAssertion() cannot be called any more: its thread has ended")
}
