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
    let output = run("sleep 30 & echo done").await.unwrap();
    assert_eq!(&output.stdout[..], b"done\n");
    assert!(start.elapsed() < Duration::from_secs(4));
}

/// A program that leaves others behind, time after time, would fill the process with threads.
#[test]
fn who_reads_what_nobody_wants_any_more_gives_up() {
    let (pipe, held_elsewhere) = std::io::pipe().unwrap();
    let collected = Collected::of(Some(pipe), None);
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

#[tokio::test]
async fn what_cannot_be_started_says_why() {
    let mut command = script("", Duration::from_secs(20));
    command.program = "no-such-program".to_owned();
    assert_eq!(Commands::system().run(command.clone()).await.unwrap_err(), CommandFailure::NotFound);
}
