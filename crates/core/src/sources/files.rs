//! The files that sources read, at each acquisition.

use super::Acquisition;
use std::{fs, io, path::Path, time::UNIX_EPOCH};
use zeroize::Zeroizing;

/// Reads a file that is no longer than the limit, off the runtime's thread.
pub(super) async fn read(_: &Acquisition, path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let path = path.to_owned();
    blocking(move || {
        #[expect(clippy::disallowed_methods, reason = "until the host gives files")]
        let length = fs::metadata(&path)?.len();
        if length > limit as u64 {
            return Err(io::Error::other(format!("it is longer than {limit} bytes")));
        }
        #[expect(clippy::disallowed_methods, reason = "until the host gives files")]
        fs::read(&path).map(Zeroizing::new)
    })
    .await
}

/// What changes when a file does.
pub(super) async fn identity(_: &Acquisition, path: &Path) -> io::Result<Vec<u8>> {
    let path = path.to_owned();
    blocking(move || {
        #[expect(clippy::disallowed_methods, reason = "until the host gives files")]
        let metadata = fs::metadata(&path)?;
        let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok([modified.as_nanos().to_le_bytes(), u128::from(metadata.len()).to_le_bytes()].concat())
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
