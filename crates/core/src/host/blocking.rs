//! Work that would block the runtime: name look-ups, files, signatures. It runs on tokio's blocking threads. If the
//! machine gives no further thread, the call fails with an error.

use super::panics::{contained, without_a_report};
use crate::types::{Error, Resource};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

/// Runs the work on a blocking thread.
///
/// # Errors
/// [`ErrorKind::ResourceExhausted`](crate::ErrorKind::ResourceExhausted) if no thread can be started and none of the
/// earlier ones is left.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let work = Arc::new(Mutex::new(Some(work)));
    let taken = Arc::clone(&work);
    let task = move || contained(|| Ok(take(&taken).map(|work| work())));
    let Some(task) = spawned(task) else {
        // tokio keeps the task until it has a thread again, so the task must not hold what the work needs.
        drop(take(&work));
        return Err(no_thread(&io::ErrorKind::WouldBlock.into()));
    };
    task.await.ok().and_then(Result::ok).flatten().ok_or_else(super::defect)
}

/// Runs work of the operating system. A shortage is in its error, see [`Resource::shortage`].
pub(crate) async fn blocking_io<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Returns the error for a thread that cannot be started; the operating system gives the reason.
pub fn no_thread(error: &io::Error) -> Error {
    Resource::Threads.lacking("no further thread can be started", error)
}

/// The only place that starts blocking work. tokio has no function for it that returns an error: it panics if its pool
/// is empty and no thread can be started.
#[expect(clippy::disallowed_methods, reason = "`host` alone may")]
fn spawned<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<tokio::task::JoinHandle<T>> {
    without_a_report(|| tokio::task::spawn_blocking(work))
}

fn take<W>(work: &Mutex<Option<W>>) -> Option<W> {
    work.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ErrorKind;

    #[tokio::test]
    async fn work_runs_on_another_thread_and_its_panic_is_a_defect() {
        let here = std::thread::current().id();
        assert_ne!(blocking(|| std::thread::current().id()).await.unwrap(), here);
        assert_eq!(blocking(|| panic!("on purpose")).await.unwrap_err().kind(), ErrorKind::Internal);
    }

    #[tokio::test]
    async fn a_shortage_is_found_in_the_error_of_the_operating_system() {
        let refused =
            blocking_io(|| Err::<(), _>(io::Error::other(no_thread(&io::ErrorKind::WouldBlock.into())))).await;
        let error = Resource::shortage(&refused.unwrap_err(), "the file cannot be read").unwrap();
        assert_eq!((error.resource(), error.retryable()), (Some(Resource::Threads), true));
        let missing = blocking_io(|| Err::<(), _>(io::ErrorKind::NotFound.into())).await.unwrap_err();
        assert!(Resource::shortage(&missing, "the file cannot be read").is_none());
    }
}
