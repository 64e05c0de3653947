use super::super::Commands;
use super::*;
use crate::{host::Environment, types::Secret};
use std::thread;

fn script(text: &str, timeout: Duration) -> Command {
    Command {
        program: "sh".to_owned(),
        arguments: vec![Secret::new("-c"), Secret::new(text)],
        timeout,
        environment: Environment::from([("PATH", "/usr/bin:/bin"), ("GREETING", "hello")]),
        folder: None,
    }
}

async fn run(text: &str) -> Result<Output, CommandFailure> {
    Commands::system().run(script(text, Duration::from_secs(20))).await
}

fn is_alive(pid: &str) -> bool {
    let raw = pid.trim().parse().expect("a process number");
    rustix::process::test_kill_process(rustix::process::Pid::from_raw(raw).expect("not zero")).is_ok()
}

/// Waits until the process whose number a script has written into the file has ended.
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
async fn a_program_runs_in_the_folder_of_its_command() {
    let mut command = script("pwd", Duration::from_secs(20));
    command.folder = Some("/".into());
    assert_eq!(&Commands::system().run(command).await.unwrap().stdout[..], b"/\n");
    assert_ne!(&run("pwd").await.unwrap().stdout[..], b"/\n");
}

#[tokio::test]
async fn arguments_are_not_read_by_a_shell() {
    let mut command = script("", Duration::from_secs(20));
    command.program = "printf".to_owned();
    command.arguments = ["%s", "$(echo x) ; `y` 'z'"].map(Secret::new).to_vec();
    assert_eq!(&Commands::system().run(command).await.unwrap().stdout[..], b"$(echo x) ; `y` 'z'");
}

#[tokio::test]
async fn the_time_limit_ends_the_whole_group() {
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
    assert!(chatty.stderr.len() <= MOST_OUTPUT && chatty.is_stderr_cut);
}

/// The beginning of a secret would not be recognised as one.
#[tokio::test]
async fn a_line_that_is_cut_is_dropped() {
    for (before, kept) in [("first\n", "first"), ("first ", "first"), ("", "")] {
        let output = run(&format!("printf '{before}' >&2; head -c 70000 /dev/zero | tr '\\0' s >&2")).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), kept);
    }
    let whole = run("printf 'two words' >&2").await.unwrap();
    assert!(&whole.stderr[..] == b"two words" && !whole.is_stderr_cut);
}

#[tokio::test]
async fn output_does_not_wait_for_a_process_that_was_left_behind() {
    let start = Instant::now();
    let output = run("sleep 30 & echo done").await.unwrap();
    assert_eq!(&output.stdout[..], b"done\n");
    assert!(start.elapsed() < Duration::from_secs(4));
}

/// Otherwise a program that leaves processes behind each time would fill this process with threads.
#[test]
fn a_reader_whose_result_is_no_longer_awaited_gives_up() {
    let (pipe, held_elsewhere) = std::io::pipe().unwrap();
    let collected = Collected::of(Some(pipe), None).unwrap();
    assert!(collected.bytes(Instant::now()).is_empty());
    let has_given_up = || Arc::strong_count(&collected) == 1;
    for _ in 0..200 {
        if has_given_up() {
            break;
        }
        thread::sleep(Duration::from_millis(25));
    }
    assert!(has_given_up(), "it still reads");
    drop(held_elsewhere);
}

/// A pipe whose reader does not run for a while after data has come, as on a busy machine.
struct Delayed(std::io::PipeReader);

impl Read for Delayed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        thread::sleep(GRACE * 2);
        self.0.read(buffer)
    }
}

impl std::os::fd::AsFd for Delayed {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Otherwise a token that az has printed would be missing: "printed something that is not a token (0 bytes)".
#[test]
fn output_is_complete_even_if_its_reader_is_late() {
    use std::io::Write;
    let (pipe, mut held_elsewhere) = std::io::pipe().unwrap();
    held_elsewhere.write_all(b"a token").unwrap();
    let collected = Collected::of(Some(Delayed(pipe)), None).unwrap();
    assert_eq!(&collected.bytes(Instant::now() + GRACE)[..], b"a token");
}

#[tokio::test]
async fn the_error_says_why_a_program_cannot_be_started() {
    let mut command = script("", Duration::from_secs(20));
    command.program = "no-such-program".to_owned();
    assert_eq!(Commands::system().run(command.clone()).await.unwrap_err(), CommandFailure::NotFound);
}

#[tokio::test]
async fn a_program_gets_the_environment_of_its_command_and_nothing_else() {
    let output = run("env | sed 's/=.*//' | sort | tr '\\n' ' '").await.unwrap();
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    // A shell adds some variables of its own.
    let given: Vec<_> =
        names.split_whitespace().filter(|name| !["PWD", "SHLVL", "_", "OLDPWD"].contains(name)).collect();
    assert_eq!(given, ["GREETING", "PATH"]);
}

#[tokio::test]
async fn a_signal_that_ends_a_program_is_in_its_output() {
    let output = run("kill -9 $$").await.unwrap();
    assert_eq!((output.status, output.signal), (None, Some(9)));
}

/// Some hosts of Node.js, and libraries in it, ignore SIGCHLD: the system then keeps no exit status.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_program_of_a_process_that_ignores_sigchld_is_heard() {
    let status = crate::host::Files::system().read(Path::new("/proc/self/status"), 10_000).await.unwrap();
    let is_ignored = String::from_utf8_lossy(&status).lines().any(|line| {
        let ignored = line.strip_prefix("SigIgn:").and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        ignored.is_some_and(|mask| mask & (1 << (nix::sys::signal::Signal::SIGCHLD as u64 - 1)) != 0)
    });
    if !is_ignored {
        return run_again_without_sigchld();
    }
    let output = run("echo a token; exit 3").await.unwrap();
    assert_eq!((output.status, output.signal, &output.stdout[..]), (None, None, &b"a token\n"[..]));
    let failure = outcome_of_file("gone", "#!/nowhere/python3\n", 0o755).await.unwrap_err();
    assert!(matches!(&failure, CommandFailure::NotStarted(why) if why.contains("/nowhere/python3")), "{failure:?}");
    let outcome = Commands::system().run(script("sleep 60", Duration::from_millis(300))).await;
    assert_eq!(outcome.unwrap_err(), CommandFailure::TimedOut);
}

/// GNU's `env` leaves the program that it becomes with the signal ignored.
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "a process of its own, since the others' tests need their exit statuses")]
fn run_again_without_sigchld() {
    let name = "host::commands::process::tests::a_program_of_a_process_that_ignores_sigchld_is_heard";
    let mut again = std::process::Command::new("env");
    again.arg("--ignore-signal=CHLD").arg(std::env::current_exe().unwrap()).args(["--exact", name, "--nocapture"]);
    let output = again.output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}{stderr}");
}

async fn outcome_of_file(name: &str, content: &str, mode: u32) -> Result<Output, CommandFailure> {
    use std::os::unix::fs::PermissionsExt;
    let file = scratch(name);
    std::fs::write(&file, content).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    let mut command = script("", Duration::from_secs(20));
    command.program = file.display().to_string();
    let outcome = Commands::system().run(command).await;
    std::fs::remove_file(file).unwrap();
    outcome
}

#[tokio::test]
async fn the_error_of_a_program_names_its_missing_interpreter() {
    for (name, content, words) in [
        ("gone", "#!/nowhere/python3 -I\n", "its interpreter /nowhere/python3 does not exist"),
        ("windows", "#!/bin/sh\r\necho\r\n", "ends with a carriage return"),
    ] {
        let failure = outcome_of_file(name, content, 0o755).await.unwrap_err();
        assert!(matches!(&failure, CommandFailure::NotStarted(why) if why.contains(words)), "{failure:?}");
    }
}

#[test]
fn a_shortage_of_the_machine_differs_from_a_program_that_cannot_be_run() {
    let of = |number| not_started(&io::Error::from_raw_os_error(number), Path::new("/"));
    let shortages = [
        (rustix::io::Errno::AGAIN, Resource::Processes),
        (rustix::io::Errno::NOMEM, Resource::Memory),
        (rustix::io::Errno::MFILE, Resource::Descriptors),
        (rustix::io::Errno::NFILE, Resource::Descriptors),
    ];
    for (number, resource) in shortages {
        let failure = of(number.raw_os_error());
        assert!(matches!(failure, CommandFailure::Shortage(found, _) if found == resource), "{failure:?}");
    }
    for number in [rustix::io::Errno::ACCESS, rustix::io::Errno::NOEXEC, rustix::io::Errno::TOOBIG] {
        assert!(matches!(of(number.raw_os_error()), CommandFailure::NotStarted(_)), "{number}");
    }
    let thread = no_thread(&io::Error::from_raw_os_error(rustix::io::Errno::AGAIN.raw_os_error()));
    assert!(matches!(thread, CommandFailure::Shortage(Resource::Threads, _)), "{thread:?}");
}

/// The runtime's thread gives processes up, so it must not wait for the start of one.
#[test]
fn a_caller_that_gives_up_does_not_wait_for_the_start_of_its_process() {
    let (sender, given_up) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let group = Group::default();
        let mut command = prepared(Path::new("/bin/sh"), &script("sleep 60", Duration::from_secs(20)));
        let started = group.start(|| {
            group.end();
            platform::started(&mut command)
        });
        sender.send(started.unwrap().is_none()).unwrap();
    });
    assert_eq!(given_up.recv_timeout(Duration::from_secs(20)), Ok(true));
}
