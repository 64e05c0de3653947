use super::Error;
use std::io;

/// What the operating system refuses to give this process more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// Threads: the limit of the user, of the container or of the system.
    Threads,
    /// File descriptors, of which each connection, file and pipe takes one.
    Descriptors,
    /// Memory.
    Memory,
    /// Processes, which tools such as the Azure CLI are.
    Processes,
}

impl Resource {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Descriptors => "descriptors",
            Self::Memory => "memory",
            Self::Processes => "processes",
        }
    }

    /// What a failed operation ran out of: EMFILE and ENFILE are descriptors, ENOMEM is memory. EAGAIN has many
    /// meanings; code that starts a thread or a process knows which one applies.
    pub fn of(error: &io::Error) -> Option<Self> {
        match error.kind() {
            io::ErrorKind::OutOfMemory => Some(Self::Memory),
            _ if error.raw_os_error().is_some_and(is_descriptor_shortage) => Some(Self::Descriptors),
            _ => None,
        }
    }
}

impl Resource {
    /// The error of a failed operation that ran out of something; none where it failed for another reason. `what` is the
    /// beginning of its message, who wanted what: `"the file x cannot be read"`.
    pub fn shortage(error: &io::Error, what: &str) -> Option<Error> {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        own.filter(|own| own.resource().is_some())
            .cloned()
            .or_else(|| Self::of(error).map(|resource| resource.lacking(what, error)))
    }

    /// The error of an operation that ran out of this.
    pub fn lacking(self, what: &str, error: &io::Error) -> Error {
        Error::exhausted(self, format!("{what}: {}. {}", self.refusal(), self.advice()))
            .with_causes(vec![error.to_string()])
    }

    fn refusal(self) -> &'static str {
        match self {
            Self::Threads => "the operating system starts no further thread (EAGAIN)",
            Self::Descriptors => "too many files and connections are open (EMFILE)",
            Self::Memory => "the operating system has no more memory (ENOMEM)",
            Self::Processes => "the operating system starts no further process (EAGAIN)",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Threads | Self::Processes => {
                "Raise the limit of processes and threads (ulimit -u, or the container's limit of pids), or run fewer of them"
            }
            Self::Descriptors => "Raise the limit of open files (ulimit -n), or close files that are not used any more",
            Self::Memory => "Give the process or the container more memory",
        }
    }
}

/// ENFILE is 23 and EMFILE is 24 on Linux, macOS and the BSDs.
#[cfg(unix)]
fn is_descriptor_shortage(code: i32) -> bool {
    matches!(code, 23 | 24)
}

/// `ERROR_TOO_MANY_OPEN_FILES` is 4, `WSAEMFILE` is 10024.
#[cfg(windows)]
fn is_descriptor_shortage(code: i32) -> bool {
    matches!(code, 4 | 10_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_is_told_from_other_failures() {
        assert_eq!(Resource::of(&io::ErrorKind::OutOfMemory.into()), Some(Resource::Memory));
        assert_eq!(Resource::of(&io::ErrorKind::NotFound.into()), None);
        #[cfg(unix)]
        for code in [23, 24] {
            assert_eq!(Resource::of(&io::Error::from_raw_os_error(code)), Some(Resource::Descriptors));
        }
    }
}
