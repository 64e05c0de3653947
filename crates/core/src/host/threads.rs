//! Starts this library's threads. Signals belong to the host program: none of its handlers runs on a thread that it
//! does not know, and writing to a stderr or pipe without a reader does not end a process that has SIGPIPE at its
//! default.

#[cfg(unix)]
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use std::{io, thread::Builder};

/// The stack of every thread that does work. Without a size, Rust uses that of `RUST_MIN_STACK`: with a small one a
/// thread overflows, which ends the process, and reading the variable races with writes of the host program.
pub const STACK_SIZE: usize = 2 * 1024 * 1024;

/// Starts a thread that receives none of the process's signals. The threads that it starts inherit that, including
/// tokio's. Programs would inherit it too: see `with_signals`.
///
/// # Errors
/// The operating system's error, if no thread can be started.
#[expect(clippy::disallowed_methods, reason = "`host` alone may")]
pub fn start_thread(name: &str, stack: usize, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let builder = Builder::new().name(name.to_owned()).stack_size(stack);
    without_signals(|| builder.spawn(work)).map(drop)
}

/// A new thread has the signal mask of the thread that starts it, so it never runs without the mask.
#[cfg(unix)]
fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    masked(SigmaskHow::SIG_BLOCK, signals_of_the_host(), start)
}

/// Starts a program with no signal blocked; it inherits the mask of the thread.
#[cfg(unix)]
pub(crate) fn with_signals<T>(start: impl FnOnce() -> T) -> T {
    masked(SigmaskHow::SIG_SETMASK, SigSet::empty(), start)
}

#[cfg(unix)]
fn masked<T>(how: SigmaskHow, signals: SigSet, work: impl FnOnce() -> T) -> T {
    let before = signals.thread_swap_mask(how);
    let done = work();
    if let Ok(before) = before {
        let _ = before.thread_set_mask();
    }
    done
}

/// All signals except the faults of a thread's own instructions: if those are blocked, they end the process without its
/// handlers.
#[cfg(unix)]
fn signals_of_the_host() -> SigSet {
    let faults = [
        Signal::SIGSEGV,
        Signal::SIGBUS,
        Signal::SIGFPE,
        Signal::SIGILL,
        Signal::SIGTRAP,
        Signal::SIGABRT,
        Signal::SIGSYS,
    ];
    let mut signals = SigSet::all();
    for fault in faults {
        signals.remove(fault);
    }
    signals
}

#[cfg(not(unix))]
fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    start()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_thread_receives_no_signal_except_faults_and_its_starter_keeps_its_mask() {
        let before = SigSet::thread_get_mask().unwrap();
        let (sender, mask) = mpsc::channel();
        start_thread("test", STACK_SIZE, move || sender.send(SigSet::thread_get_mask().unwrap()).unwrap()).unwrap();
        let mask = mask.recv().unwrap();
        for signal in
            [Signal::SIGPIPE, Signal::SIGTERM, Signal::SIGINT, Signal::SIGCHLD, Signal::SIGUSR1, Signal::SIGPROF]
        {
            assert!(mask.contains(signal), "{signal}");
        }
        assert!(!mask.contains(Signal::SIGSEGV) && !mask.contains(Signal::SIGABRT));
        assert_eq!(SigSet::thread_get_mask().unwrap(), before);
    }
}
