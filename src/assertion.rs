//! The program's `getAssertion()`: called on its JavaScript thread, awaited on the runtime's.

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

/// Asks JavaScript for an assertion; the number says what it is an answer to. Weak: an unused credential keeps
/// no process alive.
pub type AskForAssertion = ThreadsafeFunction<u32, (), u32, Status, false, true>;

type Answer = Result<Secret, Error>;

static PENDING: Pending<Answer> = Pending::new();

/// What the core calls: a callback of its own identity, so that no other credential gets its tokens.
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

/// Answers a call: with an assertion, or with none, because the program's function was rejected.
#[napi(catch_unwind)]
pub fn settle_assertion(call: u32, assertion: Option<String>) {
    let Some(waiting) = PENDING.take(call) else { return };
    let _ = waiting.send(assertion.map(Secret::new).ok_or_else(|| rejected(call)));
}

fn rejected(call: u32) -> Error {
    let message = "getAssertion() gave no assertion: see this error's cause";
    // Not unavailable: a chain must not log in as another identity because the program's own service is down.
    Error::new(ErrorKind::Authentication, message).with_rejection(call)
}

fn gone() -> Error {
    Error::new(ErrorKind::CredentialUnavailable, "getAssertion() cannot be called any more: its thread has ended")
}
