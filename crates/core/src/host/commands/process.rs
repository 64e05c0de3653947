//! Starts processes and waits for them. A thread waits for each command: a library has no other way to learn of a
//! process's end on every platform. Its cost is small beside the half second in which a tool starts.

use super::{lookup, Command, CommandFailure, Output, RunCommand};
use crate::{
    host::{start_thread, STACK_SIZE},
    types::Resource,
};
use async_trait::async_trait;
use std::{
    io::{self, Read},
    path::Path,
    process::{Child, ExitStatus, Stdio},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::Duration,
};
use tokio::{sync::oneshot, time::Instant};
use zeroize::Zeroizing;

mod group;
mod interpreter;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use group::{EndedOnDrop, Group};
#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

/// A token has a few KB, and so has a traceback.
const MOST_OUTPUT: usize = 64 * 1024;

/// How long to wait for output after a program's end: a process that it left behind may keep the pipe open.
const GRACE: Duration = Duration::from_millis(250);

/// How often a reader checks for more output.
const LOOK: Duration = Duration::from_millis(50);

/// As many reads as empty a full pipe: Linux and macOS have pipes of at most 64 KiB.
const MOST_READS: usize = 64 / 8 + 1;

/// Linux shortens longer names to 15 bytes.
const THREAD_NAME: &str = "azure-tool";

pub(super) struct System;

#[async_trait]
impl RunCommand for System {
    async fn run(&self, command: Command) -> Result<Output, CommandFailure> {
        let process = EndedOnDrop::default();
        let (sender, outcome) = oneshot::channel();
        let group = process.group();
        in_thread(move || drop(sender.send(run(&command, &group)))).map_err(|error| no_thread(&error))?;
        outcome.await.unwrap_or_else(|_| Err(CommandFailure::NotStarted("its thread ended".to_owned())))
    }
}

fn run(command: &Command, group: &Arc<Group>) -> Result<Output, CommandFailure> {
    let path = lookup::found(command)?;
    let failed = |error: io::Error| not_started(&error, &path);
    let mut child = group.start(|| platform::started(&mut prepared(&path, command))).map_err(failed)?;
    let Some(child) = &mut child else { return Err(CommandFailure::TimedOut) };
    let pipes = both_collected(child, group);
    if pipes.is_err() {
        group.end();
    }
    platform::wait_without_reaping(child);
    // The program ran, also if its end is unknown.
    let status = group.reap(child).ok();
    let (stdout, stderr) = pipes.map_err(|error| no_thread(&error))?;
    output(status, &stdout, &stderr)
}

/// The command gets this environment and no other variable. The process's own environment is never read, since
/// JavaScript may be writing it.
#[expect(clippy::disallowed_methods, reason = "`host` alone may")]
fn prepared(path: &Path, command: &Command) -> std::process::Command {
    let mut prepared = std::process::Command::new(path);
    prepared
        .args(command.arguments.iter().map(crate::types::Secret::expose))
        .env_clear()
        .envs(command.environment.variables().map(|(name, value)| (name, value.expose())))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(folder) = &command.folder {
        prepared.current_dir(folder);
    }
    prepared
}

fn both_collected(child: &mut Child, group: &Arc<Group>) -> io::Result<(Arc<Collected>, Arc<Collected>)> {
    let stdout = Collected::of(child.stdout.take(), Some(Arc::clone(group)))?;
    Ok((stdout, Collected::of(child.stderr.take(), None)?))
}

fn output(status: Option<ExitStatus>, stdout: &Collected, stderr: &Collected) -> Result<Output, CommandFailure> {
    let until = Instant::now() + GRACE;
    let (stdout, mut stderr) = (stdout.bytes(until), stderr.bytes(until));
    if stdout.len() > MOST_OUTPUT {
        return Err(CommandFailure::TooMuchOutput);
    }
    let is_stderr_cut = stderr.len() > MOST_OUTPUT;
    if is_stderr_cut {
        drop_unfinished(&mut stderr);
    }
    let (code, signal) = (status.and_then(|status| status.code()), status.and_then(platform::signal));
    Ok(Output { status: code, signal, stdout, stderr, is_stderr_cut })
}

/// Removes the unfinished last line, or the last word if there is only one line: nothing recognizes the beginning of a
/// secret.
fn drop_unfinished(text: &mut Vec<u8>) {
    let end = |is_end: fn(&u8) -> bool| text.iter().rposition(is_end);
    let kept = end(|byte| matches!(byte, b'\n' | b'\r')).or_else(|| end(u8::is_ascii_whitespace));
    text.truncate(kept.unwrap_or_default());
}

fn no_thread(error: &io::Error) -> CommandFailure {
    let shortage = Resource::of(error).unwrap_or(Resource::Threads);
    CommandFailure::Shortage(shortage, error.to_string())
}

/// POSIX returns EAGAIN if the system can start no further process.
fn not_started(error: &io::Error, path: &Path) -> CommandFailure {
    let no_process = (error.kind() == io::ErrorKind::WouldBlock).then_some(Resource::Processes);
    match Resource::of(error).or(no_process) {
        Some(shortage) => CommandFailure::Shortage(shortage, error.to_string()),
        None if error.kind() == io::ErrorKind::NotFound => CommandFailure::NotStarted(interpreter::missing(path)),
        None => CommandFailure::NotStarted(error.to_string()),
    }
}

fn in_thread(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    start_thread(THREAD_NAME, STACK_SIZE, work)
}

/// The output of a process, collected as it arrives.
#[derive(Default)]
struct Collected {
    written: Mutex<Written>,
    changed: std::sync::Condvar,
    /// No caller waits for the output any more.
    is_abandoned: AtomicBool,
}

#[derive(Default)]
struct Written {
    bytes: Zeroizing<Vec<u8>>,
    is_at_end: bool,
    /// How often the reader has read, and how often it found nothing to read.
    reads: usize,
    empty_looks: usize,
}

impl Collected {
    /// Collects as much as the limit allows, and one byte more, which shows that there was more. Then it ends the
    /// group, if given; otherwise it reads the rest and discards it.
    fn of(
        pipe: Option<impl Read + platform::Pipe + Send + 'static>,
        ended_by_more: Option<Arc<Group>>,
    ) -> io::Result<Arc<Self>> {
        let collected = Arc::new(Self::default());
        let own = Arc::clone(&collected);
        let read = move || {
            if let Some(mut pipe) = pipe {
                own.read(&mut pipe, ended_by_more.as_deref());
            }
            own.note(|written| written.is_at_end = true);
        };
        in_thread(read)?;
        Ok(collected)
    }

    fn read(&self, pipe: &mut (impl Read + platform::Pipe), ended_by_more: Option<&Group>) {
        let mut piece = Zeroizing::new([0; 8 * 1024]);
        while !self.is_abandoned.load(Ordering::Relaxed) {
            if !platform::is_readable_within(pipe, LOOK) {
                self.note(|written| written.empty_looks += 1);
                continue;
            }
            let Ok(length @ 1..) = pipe.read(&mut *piece) else { return };
            let is_too_much = self.note(|written| written.add(&piece[..length]));
            if let Some(group) = ended_by_more.filter(|_| is_too_much) {
                group.end();
            }
        }
    }

    /// Returns the output that has arrived by its end or by this time. On a busy machine the reader may not run for so
    /// long: the pipe then contains what the program wrote before its end, and this function waits until the reader has
    /// emptied it.
    fn bytes(&self, until: Instant) -> Zeroizing<Vec<u8>> {
        let left = until.saturating_duration_since(Instant::now());
        let written = self.wait_while(self.lock(), left, |written| !written.is_at_end);
        let (reads, empty_looks) = (written.reads, written.empty_looks);
        let is_late = |written: &mut Written| {
            !written.is_at_end && written.empty_looks == empty_looks && written.reads < reads + MOST_READS
        };
        let mut written = self.wait_while(written, platform::LONGEST_DELAY, is_late);
        self.is_abandoned.store(true, Ordering::Relaxed);
        std::mem::take(&mut written.bytes)
    }

    fn wait_while<'a>(
        &self,
        written: MutexGuard<'a, Written>,
        time: Duration,
        condition: impl FnMut(&mut Written) -> bool,
    ) -> MutexGuard<'a, Written> {
        self.changed.wait_timeout_while(written, time, condition).unwrap_or_else(PoisonError::into_inner).0
    }

    fn note<T>(&self, change: impl FnOnce(&mut Written) -> T) -> T {
        let noted = change(&mut self.lock());
        self.changed.notify_all();
        noted
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Written {
    /// Adds as much as the limit allows, and returns whether there was more.
    fn add(&mut self, piece: &[u8]) -> bool {
        self.reads += 1;
        let room = (MOST_OUTPUT + 1).saturating_sub(self.bytes.len());
        // Reserves the whole size at once: a growing buffer would leave copies of a secret in memory.
        if self.bytes.capacity() == 0 {
            self.bytes.reserve_exact(MOST_OUTPUT + 1);
        }
        self.bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        piece.len() > room.saturating_sub(1)
    }
}

#[cfg(all(test, unix))]
mod tests;
#[cfg(all(test, windows))]
mod tests_of_windows;
