//! Layer 1: the only access to the machine: files, processes, clock, environment. Tests replace it as a whole.

mod arc_agent;
mod arc_key;
mod blocking;
mod callback;
mod clock;
mod commands;
mod environment;
mod file_threads;
mod files;
mod key_protection;
mod log;
mod panics;
mod patience;
mod process_key;
mod progress;
mod randomness;
mod resolver;
mod stderr;
mod stderr_file;
mod threads;
mod time_zone;
mod token_store;

pub use blocking::no_thread;
pub(crate) use blocking::{blocking, blocking_io};
pub use callback::AssertionCallback;
pub use clock::Clock;
pub(crate) use commands::{absolute_path, program_path, without_escapes};
pub use commands::{Command, CommandFailure, Commands, Output, RunCommand};
pub use environment::Environment;
pub(crate) use file_threads::{on_file_thread, Coalesced};
pub(crate) use files::{files_in, read_now};
pub use files::{Content, FakeFiles, FileIdentity, Files};
#[cfg(windows)]
pub(crate) use key_protection::key_protection;
pub use key_protection::{protect_keys_by, ProtectKey};
pub use log::{Log, LogEntry, LogLevel};
pub use panics::{contained, defect, hide_panic_messages, without_a_report};
pub(crate) use patience::{counted, patiently};
pub(crate) use process_key::process_key;
pub(crate) use progress::{Progress, Step};
pub use randomness::ensure_randomness;
pub(crate) use resolver::{descriptors_left, look_up, LookupFailure};
pub use stderr::{flush_stderr, print as print_on_stderr};
pub use threads::{start_thread, STACK_SIZE};
pub use time_zone::TimeZone;
pub use token_store::{StoreFailure, StoreWrite, TokenStore, TokenStoreHandle};

/// What a source may use of the machine, apart from the network.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its clock.
    pub clock: Clock,
    /// Its files.
    pub files: Files,
    /// Its programs.
    pub commands: Commands,
}

impl Host {
    /// This machine.
    pub fn system() -> Self {
        Self { clock: Clock::system(), files: Files::system(), commands: Commands::system() }
    }
}
