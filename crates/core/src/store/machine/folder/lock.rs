use super::system::Handle;
use std::{
    fs::{File, TryLockError},
    io,
    sync::Arc,
    time::SystemTime,
};

/// Pruning may delete a lock file between the moments when another process opens and locks it. So often in a row it does
/// not.
const TRIES: u32 = 8;

/// A lock on a file, for as long as this is kept: the system gives it back when the process dies.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    file: Arc<File>,
}

impl Lock {
    /// Shows those who wait that its holder is at work.
    #[expect(clippy::disallowed_methods, reason = "it is only compared with what it was before")]
    pub(crate) fn touch(&self) -> io::Result<()> {
        self.file.set_modified(SystemTime::now())
    }
}

/// A file that was locked counts only if it is still the one of that name: it may have been deleted meanwhile, and then
/// another process may have the lock on the next one.
pub(super) fn try_lock(folder: &Handle, name: &str) -> io::Result<Option<Lock>> {
    for _ in 0..TRIES {
        let file = folder.lock_file(name)?;
        match file.try_lock() {
            Ok(()) if folder.is_still(&file, name)? => return Ok(Some(Lock { file: Arc::new(file) })),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(unsupported(error)),
        }
    }
    Ok(None)
}

/// Network disks without a lock service say it in several ways.
fn unsupported(error: io::Error) -> io::Error {
    #[cfg(unix)]
    if matches!(
        error.raw_os_error().map(rustix::io::Errno::from_raw_os_error),
        Some(
            rustix::io::Errno::NOLCK | rustix::io::Errno::NOTSUP | rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL
        )
    ) {
        return io::ErrorKind::Unsupported.into();
    }
    error
}
