//! Tests of processes with batch files: az and azd are batch files on Windows.

use super::super::Commands;
use super::*;
use crate::{host::Environment, types::Secret};
use std::path::{Path, PathBuf};

/// A folder with one batch file, `tool.cmd`.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, lines: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("azure-client-token-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("tool.cmd"), format!("@echo off\r\n{}\r\n", lines.join("\r\n"))).unwrap();
        Self(folder)
    }

    fn command(&self, arguments: &[&str], timeout: Duration) -> Command {
        Command {
            program: "tool".to_owned(),
            arguments: arguments.iter().map(|argument| Secret::new(*argument)).collect(),
            timeout,
            environment: self.environment(),
            folder: None,
        }
    }

    /// Windows needs a few variables to run a batch file.
    #[expect(clippy::disallowed_methods, reason = "a test's own process is as good as any")]
    fn environment(&self) -> Environment {
        let path = self.0.display().to_string();
        let own: Environment = std::env::vars().map(|(name, value)| (name, Secret::new(value))).collect();
        own.with("PATH", &path).with("GREETING", "hello")
    }

    async fn run(&self, arguments: &[&str]) -> Result<Output, CommandFailure> {
        Commands::system().run(self.command(arguments, Duration::from_secs(20))).await
    }

    fn length_of(&self, file: &str) -> u64 {
        self.0.join(file).metadata().map_or(0, |found| found.len())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_batch_file_is_found_and_its_output_status_and_environment_arrive() {
    let folder = Folder::with("output", &["echo %GREETING% %1 %2", "echo warning 1>&2", "exit /b 3"]);
    let output = folder.run(&["get-token", "https://management.azure.com//.default"]).await.unwrap();
    assert_eq!(output.status, Some(3));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(stdout.trim_end(), "hello get-token https://management.azure.com//.default");
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end(), "warning");
}

#[tokio::test]
async fn an_argument_that_cmd_exe_reads_is_refused_before_anything_starts() {
    let folder = Folder::with("refusal", &["echo x> %~dp0started"]);
    let refused = folder.run(&["%PATH%"]).await;
    assert!(matches!(refused, Err(CommandFailure::UnsafeArgument(_))), "{refused:?}");
    assert_eq!(folder.length_of("started"), 0);
}

/// A process that the batch file starts adds a line to a file every second.
#[tokio::test]
async fn the_time_limit_ends_processes_that_the_program_has_started() {
    let lines =
        ["if \"%1\"==\"again\" goto again", "%ComSpec% /c %~f0 again", "exit /b", ":again", "echo x>> %~dp0lines"];
    let folder = Folder::with(
        "timeout",
        &[&lines[..], &[r"%SystemRoot%\system32\ping -n 2 127.0.0.1 > nul", "goto again"]].concat(),
    );
    let outcome = Commands::system().run(folder.command(&[], Duration::from_secs(4))).await;
    assert_eq!(outcome.unwrap_err(), CommandFailure::TimedOut);
    assert!(folder.length_of("lines") > 0, "it never came so far");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let length = folder.length_of("lines");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(folder.length_of("lines"), length, "the grandchild lives on");
}

#[tokio::test]
async fn output_is_bounded() {
    let folder = Folder::with("endless", &[":again", "echo 0123456789012345678901234567890123456789", "goto again"]);
    assert_eq!(folder.run(&[]).await.unwrap_err(), CommandFailure::TooMuchOutput);
}

#[tokio::test]
async fn an_absent_program_is_not_found() {
    let folder = Folder::with("absent", &[]);
    let absent = Command { program: "no-such-program".to_owned(), ..folder.command(&[], Duration::from_secs(20)) };
    assert_eq!(Commands::system().run(absent).await.unwrap_err(), CommandFailure::NotFound);
    assert!(Path::new(&folder.0).is_dir());
}

#[tokio::test]
async fn a_batch_file_runs_in_the_folder_of_its_command() {
    let folder = Folder::with("folder", &["cd"]);
    let mut command = folder.command(&[], Duration::from_secs(20));
    command.folder = Some(r"C:\".into());
    let output = Commands::system().run(command).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), r"C:\");
}
