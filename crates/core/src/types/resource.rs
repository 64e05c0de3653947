use std::{error::Error as StdError, fmt, io};

/// A resource of which the operating system gives this process no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// Threads: the limit of the user, of the container or of the system.
    Threads,
    /// File descriptors, of which each connection, file and pipe takes one.
    Descriptors,
    /// Memory.
    Memory,
    /// Processes, such as those of the Azure CLI and other tools.
    Processes,
    /// Space on a disk, or within the quota of a user. Tools write to disks.
    Disk,
    /// Random numbers, of which each connection needs some.
    Randomness,
}

impl Resource {
    /// Returns the name in JavaScript, which does not change.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Descriptors => "descriptors",
            Self::Memory => "memory",
            Self::Processes => "processes",
            Self::Disk => "disk",
            Self::Randomness => "randomness",
        }
    }

    /// Returns what a failed operation lacked: EMFILE and ENFILE mean descriptors, ENOMEM and ENOBUFS mean memory.
    /// EAGAIN has many meanings; the code that starts a thread or a process knows which one applies.
    pub fn of(error: &io::Error) -> Option<Self> {
        if let Some(Lack { resource, .. }) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
            return Some(*resource);
        }
        match error.kind() {
            io::ErrorKind::OutOfMemory => Some(Self::Memory),
            _ if error.raw_os_error().is_some_and(is_descriptor_shortage) => Some(Self::Descriptors),
            _ if error.raw_os_error().is_some_and(is_memory_shortage) => Some(Self::Memory),
            _ => None,
        }
    }

    /// Returns what a look-up of a name or a connection lacked. There EAGAIN means that the kernel lacks memory
    /// (connect(2): too few entries in its routing cache), and ENOSPC that no further descriptor can be watched
    /// (`epoll_ctl(2)`).
    pub fn of_network(error: &io::Error) -> Option<Self> {
        Self::of(error).or(match error.kind() {
            io::ErrorKind::WouldBlock => Some(Self::Memory),
            io::ErrorKind::StorageFull => Some(Self::Descriptors),
            _ => None,
        })
    }

    /// Marks an error of the operating system as a shortage of this resource, which [`Resource::of`] then returns.
    pub fn lacked(self, error: io::Error) -> io::Error {
        io::Error::other(Lack { resource: self, error })
    }
}

/// An error of the operating system, and the resource that was lacking.
#[derive(Debug)]
struct Lack {
    resource: Resource,
    error: io::Error,
}

impl fmt::Display for Lack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(formatter)
    }
}

impl StdError for Lack {}

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

/// `ENOBUFS`, with each system's number: no memory is left for the buffers of a connection.
#[cfg(unix)]
fn is_memory_shortage(code: i32) -> bool {
    code == if cfg!(target_os = "linux") { 105 } else { 55 }
}

/// `WSAENOBUFS`, `ERROR_NO_SYSTEM_RESOURCES`, `ERROR_COMMITMENT_LIMIT` (no page file has room) and
/// `ERROR_NOT_ENOUGH_QUOTA`.
#[cfg(windows)]
fn is_memory_shortage(code: i32) -> bool {
    matches!(code, 10_055 | 1450 | 1455 | 1816)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_differs_from_other_failures() {
        assert_eq!(Resource::of(&io::ErrorKind::OutOfMemory.into()), Some(Resource::Memory));
        let no_buffers = if cfg!(windows) {
            10_055
        } else if cfg!(target_os = "linux") {
            105
        } else {
            55
        };
        assert_eq!(Resource::of(&io::Error::from_raw_os_error(no_buffers)), Some(Resource::Memory));
        assert_eq!(Resource::of(&io::ErrorKind::NotFound.into()), None);
        #[cfg(unix)]
        for code in [23, 24] {
            assert_eq!(Resource::of(&io::Error::from_raw_os_error(code)), Some(Resource::Descriptors));
        }
    }

    #[test]
    fn some_errors_are_a_shortage_only_in_the_network() {
        let rows = [
            (io::ErrorKind::WouldBlock, Some(Resource::Memory)),
            (io::ErrorKind::StorageFull, Some(Resource::Descriptors)),
            (io::ErrorKind::OutOfMemory, Some(Resource::Memory)),
            (io::ErrorKind::ConnectionRefused, None),
        ];
        for (kind, resource) in rows {
            assert_eq!(Resource::of_network(&kind.into()), resource, "{kind}");
        }
        let blocked = io::Error::from(io::ErrorKind::WouldBlock);
        assert_eq!(Resource::of(&blocked), None);
        let words = blocked.to_string();
        let lacked = Resource::Threads.lacked(blocked);
        assert_eq!((Resource::of(&lacked), lacked.to_string()), (Some(Resource::Threads), words));
    }

    #[test]
    fn every_shortage_is_a_plain_sentence() {
        use Resource::{Descriptors, Disk, Memory, Processes, Randomness, Threads};
        for resource in [Threads, Descriptors, Memory, Processes, Disk, Randomness] {
            match resource {
                Threads | Descriptors | Memory | Processes | Disk | Randomness => {}
            }
            let error = resource.lacking("the file cannot be read", &io::Error::from(io::ErrorKind::OutOfMemory));
            assert!(super::super::is_plain(error.message()), "{error}");
        }
    }
}
