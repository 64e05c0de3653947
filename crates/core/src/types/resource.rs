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

    /// What a failed operation ran out of: EMFILE and ENFILE are descriptors, ENOMEM and ENOBUFS are memory. EAGAIN has many
    /// meanings; code that starts a thread or a process knows which one applies.
    pub fn of(error: &io::Error) -> Option<Self> {
        match error.kind() {
            io::ErrorKind::OutOfMemory => Some(Self::Memory),
            _ if error.raw_os_error().is_some_and(is_descriptor_shortage) => Some(Self::Descriptors),
            _ if error.raw_os_error() == Some(NO_BUFFERS) => Some(Self::Memory),
            _ => None,
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

/// `ENOBUFS`, by the number that each system gives it: no memory is left for what a connection sends and receives.
const NO_BUFFERS: i32 = if cfg!(windows) {
    10_055
} else if cfg!(target_os = "linux") {
    105
} else {
    55
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_is_told_from_other_failures() {
        assert_eq!(Resource::of(&io::ErrorKind::OutOfMemory.into()), Some(Resource::Memory));
        assert_eq!(Resource::of(&io::Error::from_raw_os_error(NO_BUFFERS)), Some(Resource::Memory));
        assert_eq!(Resource::of(&io::ErrorKind::NotFound.into()), None);
        #[cfg(unix)]
        for code in [23, 24] {
            assert_eq!(Resource::of(&io::Error::from_raw_os_error(code)), Some(Resource::Descriptors));
        }
    }

    #[test]
    fn every_shortage_is_a_plain_sentence() {
        use Resource::{Descriptors, Memory, Processes, Threads};
        for resource in [Threads, Descriptors, Memory, Processes] {
            match resource {
                Threads | Descriptors | Memory | Processes => {}
            }
            let error = resource.lacking("the file cannot be read", &io::Error::from(io::ErrorKind::OutOfMemory));
            assert!(super::super::is_plain(error.message()), "{error}");
        }
    }
}
