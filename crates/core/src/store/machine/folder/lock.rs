use super::system::Handle;
use std::{
    fs::{File, TryLockError},
    io,
    sync::Arc,
    time::SystemTime,
};

/// How often locking is tried. Pruning may delete a lock file after another process opens it and before it locks it,
/// but not so often in a row.
const TRIES: u32 = 8;

/// A lock on a file while this is kept. The system releases it when the process ends.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    file: Arc<File>,
}

impl Lock {
    /// Shows waiting processes that the holder is active.
    #[expect(clippy::disallowed_methods, reason = "it is only compared with its earlier value")]
    pub(crate) fn touch(&self) -> io::Result<()> {
        self.file.set_modified(SystemTime::now())
    }
}

/// Locks a file. The lock counts only if the file still has this name: it may have been deleted meanwhile, and then
/// another process may have a lock on the next one.
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

/// Network disks without a lock service report that with different errors.
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
