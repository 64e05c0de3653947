//! The error of a shortage of threads, descriptors, memory, processes, disk space or random numbers.

use super::{Error, Resource};
use std::{fmt, io};

impl Resource {
    /// Returns the error of a failed operation that lacked a resource, or nothing if it failed for another reason.
    /// `what`: the beginning of the message, such as `"the file x cannot be read"`.
    pub fn shortage(error: &io::Error, what: &str) -> Option<Error> {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        own.filter(|own| own.resource().is_some())
            .cloned()
            .or_else(|| Self::of(error).map(|resource| resource.lacking(what, error)))
    }

    /// Returns the error of an operation that lacked this resource.
    pub fn lacking(self, what: &str, error: &impl fmt::Display) -> Error {
        Error::exhausted(self, format!("{what}: {}. {}", self.refusal(), self.advice()))
            .with_causes(vec![error.to_string()])
    }

    fn refusal(self) -> &'static str {
        match self {
            Self::Threads => "the operating system starts no further thread (EAGAIN)",
            Self::Descriptors => "too many files and connections are open (EMFILE)",
            Self::Memory => "the operating system has no more memory (ENOMEM)",
            Self::Processes => "the operating system starts no further process (EAGAIN)",
            Self::Disk => "a disk is full, or the quota of this user is used up (ENOSPC, EDQUOT)",
            Self::Randomness => "the operating system returns no random numbers (getrandom)",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Threads | Self::Processes => {
                "Raise the limit of processes and threads (ulimit -u, or the container's limit of pids), or run fewer of them"
            }
            Self::Descriptors => "Raise the limit of open files (ulimit -n), or close files that are not used any more",
            Self::Memory => "Give the process or the container more memory",
            Self::Disk => {
                "Make room on the disks of the home folder and of the temporary one (TMPDIR), or raise the user's quota"
            }
            Self::Randomness => "Allow the call getrandom (the container's seccomp profile), and mount /dev/urandom",
        }
    }
}
