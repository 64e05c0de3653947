//! The file that stderr is.

use std::io::{self, Write};

/// Stderr, as long as it is none of the process's connections: if a program closes descriptor 2, the next connection that
/// the process opens gets that number, and a line of the log would break it.
pub(super) struct StderrFile {
    #[cfg(unix)]
    first: Option<rustix::fs::Stat>,
}

impl StderrFile {
    /// Returns stderr as it is now.
    pub(super) fn now() -> Self {
        Self {
            #[cfg(unix)]
            first: status(),
        }
    }

    #[cfg(unix)]
    fn is_connection_instead(&self) -> bool {
        use rustix::fs::FileType;
        let Some(now) = status() else { return false };
        let is_same = self.first.as_ref().is_some_and(|first| (first.st_dev, first.st_ino) == (now.st_dev, now.st_ino));
        !is_same && FileType::from_raw_mode(now.st_mode) == FileType::Socket
    }

    #[cfg(not(unix))]
    fn is_connection_instead(&self) -> bool {
        false
    }
}

#[cfg(unix)]
fn status() -> Option<rustix::fs::Stat> {
    rustix::fs::fstat(io::stderr()).ok()
}

impl Write for StderrFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_connection_instead() {
            return Err(io::ErrorKind::NotConnected.into());
        }
        io::stderr().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
