//! Turns a panic, which is a defect of this library, into an error for the caller and a log line, neither of which
//! contains a secret.

use super::stderr;
use crate::types::{Error, ErrorKind};
use std::{
    cell::Cell,
    panic::{catch_unwind, set_hook, AssertUnwindSafe},
};

thread_local! {
    /// Whether a panic of this thread is expected, and not a defect.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Prints where a panic happened, and its message only if that is a literal of the source. A message that is made at
/// run time repeats its subject, for example a text that was cut in the middle of a character, and that may be a
/// secret.
///
/// The hook applies to this library alone, because each `cdylib` has its own standard library.
pub fn hide_panic_messages() {
    set_hook(Box::new(|panic| {
        if EXPECTED.get() {
            return;
        }
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let said = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("its message may hold a secret");
        stderr::print(format!("azure-client-token: a defect at {place} ({said}). Please report it"));
    }));
}

/// Does the work, and turns a panic into an error without the panic's message.
///
/// # Errors
/// Those of the work, and [`ErrorKind::Internal`].
pub fn contained<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(defect()))
}

/// Does work of a library that panics if the operating system refuses it something. Returns nothing in this case, and
/// prints no line about a defect.
pub fn without_a_report<T>(work: impl FnOnce() -> T) -> Option<T> {
    EXPECTED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(false);
    done.ok()
}

/// Returns the error of a call that ended in a panic.
pub fn defect() -> Error {
    Error::new(ErrorKind::Internal, "the call ended unexpectedly; this is a defect of azure-client-token")
}
