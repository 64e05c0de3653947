use super::{Environment, Progress};
use crate::types::{Phase, Resource, Secret};
use async_trait::async_trait;
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};
use zeroize::Zeroizing;

mod lookup;
mod process;
mod terminal_escapes;

pub(crate) use lookup::{absolute_path, program_path};
pub(crate) use terminal_escapes::without_escapes;

/// Runs other programs: without a shell, with an empty standard input, for a limited time.
#[derive(Clone)]
pub struct Commands(Arc<dyn RunCommand>);

/// A program to run.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its path, or its name, which is looked for in the folders of `PATH` in [`Command::environment`].
    pub program: String,
    /// Its arguments, which it receives unchanged.
    pub arguments: Vec<Secret>,
    /// The time limit. Afterwards the program is ended, with every process that it has started.
    pub timeout: Duration,
    /// Its whole environment. It inherits nothing from this process.
    pub environment: Environment,
    /// The folder in which it runs. Absent: the working folder of the moment when it starts.
    pub folder: Option<PathBuf>,
}

/// The output of a program that has ended. If `status` and `signal` are absent, it is unknown how it ended: for a
/// process that ignores SIGCHLD the system keeps no exit status (waitpid(2)), and other code may wait for every child.
#[derive(Clone, Default)]
pub struct Output {
    /// The exit code, if it is known and no signal ended the program.
    pub status: Option<i32>,
    /// The number of the signal that ended it, if it is known; always absent on Windows.
    pub signal: Option<i32>,
    /// Its whole standard output, without escape sequences of terminals.
    pub stdout: Zeroizing<Vec<u8>>,
    /// The beginning of its standard error, without them.
    pub stderr: Zeroizing<Vec<u8>>,
    /// Whether its standard error was longer than what is kept.
    pub is_stderr_cut: bool,
}

/// Why there is no output.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandFailure {
    /// The program does not exist.
    NotFound,
    /// The machine lacks something that starting it needs: what, and the system's message.
    Shortage(Resource, String),
    /// The program exists and could not be started; the reason.
    NotStarted(String),
    /// The program exceeded its time limit, and was ended.
    TimedOut,
    /// The program wrote more than any expected output, and was ended.
    TooMuchOutput,
    /// An argument cannot be passed safely; which one, and why.
    UnsafeArgument(String),
}

/// Runs programs: on the machine, or in a test.
#[async_trait]
pub trait RunCommand: Send + Sync {
    /// Runs the program to its end. It must be ended as soon as the future is dropped.
    async fn run(&self, command: Command) -> Result<Output, CommandFailure>;
}

impl Commands {
    /// Runs programs on this machine.
    pub fn system() -> Self {
        Self(Arc::new(process::System))
    }

    /// Runs programs as a test defines.
    pub fn fake(runner: impl RunCommand + 'static) -> Self {
        Self(Arc::new(runner))
    }

    /// Runs a program to its end, or to its time limit. Dropping the future ends the program too.
    ///
    /// # Errors
    /// [`CommandFailure`] if there is no output. A program that exits with an error has output.
    pub async fn run(&self, command: Command) -> Result<Output, CommandFailure> {
        let timeout = command.timeout;
        Progress::enter_with(Phase::Program, &command.program);
        let ended = tokio::time::timeout(timeout, self.0.run(command)).await;
        Progress::enter(Phase::Prepare);
        ended.unwrap_or(Err(CommandFailure::TimedOut)).map(Output::without_escapes)
    }
}

impl Output {
    fn without_escapes(mut self) -> Self {
        terminal_escapes::remove(&mut self.stdout);
        terminal_escapes::remove(&mut self.stderr);
        self
    }

    /// Returns whether the output is an answer: the program exited with status 0, or it is unknown how it ended.
    pub fn is_answer(&self) -> bool {
        self.status == Some(0) || (self.is_of_unknown_end() && !self.stdout.is_empty())
    }

    /// Returns whether it is unknown how the program ended.
    pub fn is_of_unknown_end(&self) -> bool {
        self.status.is_none() && self.signal.is_none()
    }
}

impl fmt::Debug for Commands {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Commands")
    }
}

impl fmt::Debug for Output {
    /// Shows nothing of the output.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Output")
            .field("status", &self.status)
            .field("signal", &self.signal)
            .field("stdout", &format_args!("{} bytes", self.stdout.len()))
            .field("stderr", &format_args!("{} bytes", self.stderr.len()))
            .field("is_stderr_cut", &self.is_stderr_cut)
            .finish()
    }
}
