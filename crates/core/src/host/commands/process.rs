//! The machine's processes. A command has a thread of its own that waits for it, because there is no other way to
//! hear of a process's end that works in a library on every platform; it takes a tool half a second to start.

use super::{lookup, Command, CommandFailure, Output, RunCommand};
use async_trait::async_trait;
use std::{
    io::{self, Read},
    process::{Child, Stdio},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    thread,
    time::Duration,
};
use tokio::{sync::oneshot, time::Instant};
use zeroize::Zeroizing;

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

/// A token is a few KB, and so is a traceback.
const MOST_OUTPUT: usize = 64 * 1024;

/// How long output is waited for after a program's end: a process that it left behind may hold on to it.
const GRACE: Duration = Duration::from_millis(250);

/// Linux cuts names at 15 bytes.
const THREAD_NAME: &str = "azure-tool";

pub(super) struct System;

#[async_trait]
impl RunCommand for System {
    async fn run(&self, command: Command) -> Result<Output, CommandFailure> {
        let process = EndedOnDrop(Arc::default());
        let (sender, outcome) = oneshot::channel();
        let group = Arc::clone(&process.0);
        in_thread(move || drop(sender.send(run(&command, &group)))).map_err(|error| not_started(&error))?;
        outcome.await.unwrap_or_else(|_| Err(CommandFailure::NotStarted("its thread ended".to_owned())))
    }
}

fn run(command: &Command, group: &Arc<Group>) -> Result<Output, CommandFailure> {
    let path = lookup::found(command)?;
    let mut child = group.start(|| started(&path, command))?;
    let stdout = Collected::of(child.stdout.take(), Some(Arc::clone(group)));
    let stderr = Collected::of(child.stderr.take(), None);
    platform::wait_without_reaping(&mut child);
    let status = group.reap(&mut child).map_err(|error| not_started(&error))?;
    let until = Instant::now() + GRACE;
    let (stdout, stderr) = (stdout.bytes(until), stderr.bytes(until));
    if stdout.len() > MOST_OUTPUT {
        return Err(CommandFailure::TooMuchOutput);
    }
    Ok(Output { status: status.code(), stdout, stderr })
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn started(path: &std::path::Path, command: &Command) -> io::Result<Child> {
    let mut prepared = std::process::Command::new(path);
    prepared
        .args(command.arguments.iter().map(crate::types::Secret::expose))
        .env("PATH", &command.path)
        .envs(command.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    platform::apart(&mut prepared).spawn()
}

fn not_started(error: &io::Error) -> CommandFailure {
    CommandFailure::NotStarted(error.to_string())
}

fn in_thread(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(THREAD_NAME.to_owned()).spawn(work).map(drop)
}

/// The process and all that it starts.
#[derive(Default)]
struct Group(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    NotStarted,
    Running(platform::Family),
    /// Its number may be another process's by now.
    Ended,
    /// Nobody wants it any more.
    Unwanted,
}

impl Group {
    /// Starts the process, unless nobody waits for it any more.
    fn start(&self, start: impl FnOnce() -> io::Result<Child>) -> Result<Child, CommandFailure> {
        let mut state = self.state();
        if matches!(*state, State::Unwanted) {
            return Err(CommandFailure::TimedOut);
        }
        let mut child = start().map_err(|error| not_started(&error))?;
        match platform::Family::of(&child) {
            Ok(family) => *state = State::Running(family),
            Err(error) => {
                let _ = child.kill();
                return Err(not_started(&error));
            }
        }
        Ok(child)
    }

    /// Takes note of the end of a process that is known to have ended: from now on its number may be given away.
    fn reap(&self, child: &mut Child) -> io::Result<std::process::ExitStatus> {
        let mut state = self.state();
        let status = child.wait()?;
        if let State::Running(family) = std::mem::replace(&mut *state, State::Ended) {
            family.release();
        }
        Ok(status)
    }

    fn end(&self) {
        let mut state = self.state();
        match &mut *state {
            State::Running(family) => family.end(),
            State::NotStarted => *state = State::Unwanted,
            State::Ended | State::Unwanted => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct EndedOnDrop(Arc<Group>);

impl Drop for EndedOnDrop {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// What a process writes, collected as it comes.
#[derive(Default)]
struct Collected {
    written: Mutex<(Zeroizing<Vec<u8>>, bool)>,
    at_end: std::sync::Condvar,
    /// Nobody wants what is still to come.
    is_abandoned: AtomicBool,
}

impl Collected {
    /// Collects what fits, and one byte more that tells that there was more. The group, if given, is ended then;
    /// otherwise the rest is read and forgotten.
    fn of(pipe: Option<impl Read + platform::Pipe + Send + 'static>, ended_by_more: Option<Arc<Group>>) -> Arc<Self> {
        let collected = Arc::new(Self::default());
        let own = Arc::clone(&collected);
        let read = move || {
            if let Some(mut pipe) = pipe {
                own.read(&mut pipe, ended_by_more.as_deref());
            }
            own.lock().1 = true;
            own.at_end.notify_all();
        };
        if in_thread(read).is_err() {
            collected.lock().1 = true;
        }
        collected
    }

    fn read(&self, pipe: &mut (impl Read + platform::Pipe), ended_by_more: Option<&Group>) {
        let mut piece = Zeroizing::new([0; 8 * 1024]);
        while !self.is_abandoned.load(Ordering::Relaxed) {
            if !platform::is_readable_within(pipe, GRACE) {
                continue;
            }
            let Ok(length @ 1..) = pipe.read(&mut *piece) else { return };
            let mut written = self.lock();
            let room = (MOST_OUTPUT + 1).saturating_sub(written.0.len());
            // Room for all at once: a growing buffer would leave copies of a secret behind.
            if written.0.capacity() == 0 {
                written.0.reserve_exact(MOST_OUTPUT + 1);
            }
            written.0.extend_from_slice(&piece[..length.min(room)]);
            if let Some(group) = ended_by_more.filter(|_| length > room.saturating_sub(1)) {
                group.end();
            }
        }
    }

    /// What has come by the end of the output, or by then.
    fn bytes(&self, until: Instant) -> Zeroizing<Vec<u8>> {
        let left = until.saturating_duration_since(Instant::now());
        let waited = self.at_end.wait_timeout_while(self.lock(), left, |written| !written.1);
        self.is_abandoned.store(true, Ordering::Relaxed);
        std::mem::take(&mut waited.unwrap_or_else(PoisonError::into_inner).0 .0)
    }

    fn lock(&self) -> MutexGuard<'_, (Zeroizing<Vec<u8>>, bool)> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, unix))]
mod tests;
#[cfg(all(test, windows))]
mod tests_of_windows;
