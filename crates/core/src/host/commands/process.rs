//! The machine's processes. A command has a thread of its own that waits for it, because there is no other way to
//! hear of a process's end that works in a library on every platform; it takes a tool half a second to start.

use super::{lookup, Command, CommandFailure, Output, RunCommand};
use async_trait::async_trait;
use std::{
    io::{self, Read},
    process::{Child, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tokio::{sync::oneshot, time::Instant};
use zeroize::Zeroizing;

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
    wait_without_reaping(&mut child);
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
    in_group_of_its_own(&mut prepared).spawn()
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

#[derive(Clone, Copy, Default)]
enum State {
    #[default]
    NotStarted,
    Running(u32),
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
        let child = start().map_err(|error| not_started(&error))?;
        *state = State::Running(child.id());
        Ok(child)
    }

    /// Takes note of the end of a process that is known to have ended: from now on its number may be given away.
    fn reap(&self, child: &mut Child) -> io::Result<std::process::ExitStatus> {
        let mut state = self.state();
        let status = child.wait()?;
        *state = State::Ended;
        Ok(status)
    }

    fn end(&self) {
        let mut state = self.state();
        match *state {
            State::Running(id) => end_group(id),
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
}

impl Collected {
    /// Collects what fits, and one byte more that tells that there was more. The group, if given, is ended then;
    /// otherwise the rest is read and forgotten.
    fn of(pipe: Option<impl Read + Send + 'static>, ended_by_more: Option<Arc<Group>>) -> Arc<Self> {
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

    fn read(&self, pipe: &mut impl Read, ended_by_more: Option<&Group>) {
        let mut piece = Zeroizing::new([0; 8 * 1024]);
        while let Ok(length @ 1..) = pipe.read(&mut *piece) {
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
        std::mem::take(&mut waited.unwrap_or_else(PoisonError::into_inner).0 .0)
    }

    fn lock(&self) -> MutexGuard<'_, (Zeroizing<Vec<u8>>, bool)> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
fn in_group_of_its_own(command: &mut std::process::Command) -> &mut std::process::Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

#[cfg(unix)]
fn end_group(leader: u32) {
    let leader = i32::try_from(leader).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(leader) = leader {
        let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
    }
}

/// Waits for the process's end and leaves it a zombie, so that its number still means it while it is ended.
#[cfg(unix)]
fn wait_without_reaping(child: &mut Child) {
    use rustix::process::{waitid, Pid, WaitId, WaitIdOptions};
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return };
    let interrupted = Err(rustix::io::Errno::INTR);
    while waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).map(drop) == interrupted {}
}

// What follows is for Windows, where no test has run it. Source: "Process Creation Flags" and "taskkill" (Microsoft
// Learn); which file is started, and with which arguments, is in `lookup`, and tested everywhere.

/// No console window opens, and Ctrl+C is left to the program that runs us (`CREATE_NO_WINDOW` and
/// `CREATE_NEW_PROCESS_GROUP` of Windows' `CreateProcess`).
#[cfg(windows)]
fn in_group_of_its_own(command: &mut std::process::Command) -> &mut std::process::Command {
    std::os::windows::process::CommandExt::creation_flags(command, 0x0800_0000 | 0x0000_0200)
}

/// Windows has no groups to end: its own tool ends a process and its descendants.
#[cfg(windows)]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn end_group(leader: u32) {
    let system = std::env::var_os("SystemRoot").map_or_else(|| r"C:\Windows".into(), std::path::PathBuf::from);
    let mut taskkill = std::process::Command::new(system.join(r"System32\taskkill.exe"));
    taskkill.args(["/T", "/F", "/PID", &leader.to_string()]);
    let silent = taskkill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _ = in_group_of_its_own(silent).spawn();
}

/// The open handle keeps the number from being given away, before and after.
#[cfg(windows)]
fn wait_without_reaping(child: &mut Child) {
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::Commands;
    use super::*;
    use crate::types::Secret;

    fn script(text: &str, timeout: Duration) -> Command {
        Command {
            program: "sh".to_owned(),
            arguments: vec![Secret::new("-c"), Secret::new(text)],
            path: "/usr/bin:/bin".to_owned(),
            timeout,
            environment: vec![("GREETING", "hello".to_owned())],
        }
    }

    async fn run(text: &str) -> Result<Output, CommandFailure> {
        Commands::system().run(script(text, Duration::from_secs(20))).await
    }

    fn is_alive(pid: &str) -> bool {
        let raw = pid.trim().parse().expect("a process number");
        rustix::process::test_kill_process(rustix::process::Pid::from_raw(raw).expect("not zero")).is_ok()
    }

    /// Until the pid that a script wrote into the file is no process any more.
    async fn ends(file: &std::path::Path) -> bool {
        for _ in 0..200 {
            let written = crate::host::Files::system().read(file, 20).await;
            let pid = written.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            if pid.ends_with('\n') && !is_alive(&pid) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        false
    }

    fn scratch(name: &str) -> std::path::PathBuf {
        std::env::temp_dir().join(format!("azure-client-token-{}-{name}", std::process::id()))
    }

    #[tokio::test]
    async fn output_status_and_environment_arrive_and_stdin_is_empty() {
        let output = run("cat; echo \"$GREETING $PATH\"; echo warning >&2; exit 3").await.unwrap();
        assert_eq!(output.status, Some(3));
        assert_eq!(&output.stdout[..], b"hello /usr/bin:/bin\n");
        assert_eq!(&output.stderr[..], b"warning\n");
        assert!(!format!("{output:?}").contains("hello"));
    }

    #[tokio::test]
    async fn arguments_are_not_read_by_a_shell() {
        let mut command = script("", Duration::from_secs(20));
        command.program = "printf".to_owned();
        command.arguments = ["%s", "$(echo x) ; `y` 'z'"].map(Secret::new).to_vec();
        assert_eq!(&Commands::system().run(command).await.unwrap().stdout[..], b"$(echo x) ; `y` 'z'");
    }

    #[tokio::test]
    async fn too_long_ends_the_whole_group() {
        let file = scratch("timeout");
        let text = format!("sleep 60 & echo $! > {}; wait", file.display());
        let outcome = Commands::system().run(script(&text, Duration::from_millis(700))).await;
        assert_eq!(outcome.unwrap_err(), CommandFailure::TimedOut);
        assert!(ends(&file).await, "the grandchild lives on");
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn dropping_the_future_ends_the_whole_group() {
        let file = scratch("drop");
        let text = format!("sleep 60 & echo $! > {}; wait", file.display());
        let running = tokio::spawn(async move { run(&text).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        running.abort();
        assert!(ends(&file).await, "the grandchild lives on");
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn output_is_bounded() {
        let endless = run("while :; do echo 0123456789012345678901234567890123456789; done").await;
        assert_eq!(endless.unwrap_err(), CommandFailure::TooMuchOutput);
        let chatty = run("head -c 1000000 /dev/zero >&2; echo done").await.unwrap();
        assert_eq!(&chatty.stdout[..], b"done\n");
        assert!(chatty.stderr.len() <= MOST_OUTPUT + 1);
    }

    #[tokio::test]
    async fn a_process_left_behind_that_holds_the_output_is_not_waited_for() {
        let start = Instant::now();
        let output = run("sleep 5 & echo done").await.unwrap();
        assert_eq!(&output.stdout[..], b"done\n");
        assert!(start.elapsed() < Duration::from_secs(4));
    }

    #[tokio::test]
    async fn what_cannot_be_started_says_why() {
        let mut command = script("", Duration::from_secs(20));
        command.program = "no-such-program".to_owned();
        assert_eq!(Commands::system().run(command.clone()).await.unwrap_err(), CommandFailure::NotFound);
    }
}
