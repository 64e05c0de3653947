use super::{Environment, Progress};
use crate::types::{Phase, Resource, Secret};
use async_trait::async_trait;
use std::{fmt, sync::Arc, time::Duration};
use zeroize::Zeroizing;

mod lookup;
mod process;
mod terminal_escapes;

pub(crate) use terminal_escapes::without_escapes;

/// Runs other programs: never through a shell, with nothing on their standard input, for a limited time.
#[derive(Clone)]
pub struct Commands(Arc<dyn RunCommand>);

/// A program to run.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its name, to be looked for in the folders of `PATH` in [`Command::environment`], or its path.
    pub program: String,
    /// Its arguments, which reach it as they are.
    pub arguments: Vec<Secret>,
    /// How long it may take. Afterwards it is ended, with every process that it has started.
    pub timeout: Duration,
    /// Its whole environment: nothing of this process's own reaches it.
    pub environment: Environment,
}

/// What a program that ended has left. Without `status` and `signal` it is not known how it ended: where a process ignores
/// SIGCHLD, the system keeps no exit status for it (waitpid(2)), and its other parts may wait for every child.
#[derive(Clone, Default)]
pub struct Output {
    /// The exit code.
    pub status: Option<i32>,
    /// The number of the signal that ended it; always none on Windows.
    pub signal: Option<i32>,
    /// All that it wrote to its standard output, without escape sequences of terminals.
    pub stdout: Zeroizing<Vec<u8>>,
    /// The beginning of what it wrote to its standard error, without them.
    pub stderr: Zeroizing<Vec<u8>>,
    /// Whether it wrote more to its standard error than is kept.
    pub is_stderr_cut: bool,
}

/// Why there is no output.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandFailure {
    /// No such program is there.
    NotFound,
    /// The machine is short of what it takes to start it: of what, and what the system said.
    Shortage(Resource, String),
    /// It was found and could not be started: why.
    NotStarted(String),
    /// It took too long, and was ended.
    TimedOut,
    /// It wrote more than anything that is looked for, and was ended.
    TooMuchOutput,
    /// An argument cannot be handed to it safely: which, and why.
    UnsafeArgument(String),
}

/// How a program is run: the machine, or a test.
#[async_trait]
pub trait RunCommand: Send + Sync {
    /// Runs it to its end; it must be ended as soon as the future is dropped.
    async fn run(&self, command: Command) -> Result<Output, CommandFailure>;
}

impl Commands {
    /// The machine's own.
    pub fn system() -> Self {
        Self(Arc::new(process::System))
    }

    /// What a test says.
    pub fn fake(runner: impl RunCommand + 'static) -> Self {
        Self(Arc::new(runner))
    }

    /// Runs a program to its end, or to the end of its time. Dropping the future ends it too.
    ///
    /// # Errors
    /// [`CommandFailure`] where it leaves no output; that it exits with an error is none.
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

    /// Whether what it printed is its answer: it says of itself that all went well, or nothing tells how it ended.
    pub fn is_answer(&self) -> bool {
        self.status == Some(0) || (self.is_of_unknown_end() && !self.stdout.is_empty())
    }

    /// Whether it is not known how it ended.
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
    /// Never what it wrote.
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
