//! Starts this library's threads. The process's signals are its host's: none of its handlers runs on a thread that the host
//! does not know, and a write to a stderr or a pipe without a reader ends no process that has SIGPIPE at its default.

#[cfg(unix)]
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use std::{io, thread::Builder};

/// Starts a thread that takes none of the process's signals. The threads that it starts inherit that, those of tokio
/// too. So would programs: see `with_signals`.
///
/// # Errors
/// That of the operating system, where no thread can be started.
#[expect(clippy::disallowed_methods, reason = "`host` alone may")]
pub fn start_thread(builder: Builder, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    without_signals(|| builder.spawn(work)).map(drop)
}

/// A new thread has the mask of the one that starts it, so that there is no moment without it.
#[cfg(unix)]
fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    masked(SigmaskHow::SIG_BLOCK, signals_of_the_host(), start)
}

/// Starts a program, which inherits the mask of the thread, with no signal blocked.
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

/// All but the faults of a thread's own instructions: those end the process where they are blocked, past its handlers.
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
    fn a_thread_takes_no_signal_but_faults_and_the_one_that_starts_it_keeps_its_own() {
        let before = SigSet::thread_get_mask().unwrap();
        let (sender, mask) = mpsc::channel();
        start_thread(Builder::new(), move || sender.send(SigSet::thread_get_mask().unwrap()).unwrap()).unwrap();
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
