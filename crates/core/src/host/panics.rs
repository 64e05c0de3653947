//! Turns a panic, which is a defect of this library, into an error for the caller and a log line, neither of which
//! contains a secret.

use super::stderr;
use crate::types::{Error, ErrorKind};
use std::{
    cell::Cell,
    panic::{catch_unwind, set_hook, AssertUnwindSafe},
};

thread_local! {
    /// A panic of this thread is no defect.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Prints of a panic where it happened, and what it says only if that is a literal of the source: a message that was
/// made at run time repeats what it is about, a text that was cut in the middle of a character for example, and that
/// may be a secret.
///
/// The hook is this library's alone: each `cdylib` has a standard library of its own.
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

/// Does the work; where it panics, that is an error without the panic's message.
///
/// # Errors
/// Those of the work, and [`ErrorKind::Internal`].
pub fn contained<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(defect()))
}

/// Does work of a library that panics where the operating system refuses it something: nothing, in this case, and no
/// line about a defect.
pub fn without_a_report<T>(work: impl FnOnce() -> T) -> Option<T> {
    EXPECTED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(false);
    done.ok()
}

/// A call that ended in a panic.
pub fn defect() -> Error {
    Error::new(ErrorKind::Internal, "the call ended unexpectedly; this is a defect of azure-client-token")
}
