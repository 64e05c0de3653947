use crate::host::{FileIdentity, Files};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The maximum age of a file's last check for a token to be handed out. The near cache checks again within the same
/// time, so a tool's logout takes effect within a second.
pub(super) const LONGEST_CHECK_AGE: Duration = Duration::from_millis(500);

/// The most files that are remembered. A program uses one or two tools, unless each of its credentials has a folder of
/// its own.
const MOST_FILES: usize = 1024;

/// The identity of each file at its last check. JavaScript's thread, which must never wait for a disk, reads it here.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileChecks(Arc<Mutex<HashMap<PathBuf, FileCheck>>>);

#[derive(Clone, Copy, Debug)]
struct FileCheck {
    identity: Option<FileIdentity>,
    at: Instant,
}

impl FileChecks {
    /// Checks a file, on another thread. A file that cannot be read counts as absent.
    pub(super) async fn look(&self, path: &Path, files: &Files) -> Option<FileIdentity> {
        // The time before the check, which may take long: the result may be as old as that.
        let at = Instant::now();
        let identity = files.identity(path).await.ok();
        let mut seen = self.seen();
        if seen.len() >= MOST_FILES {
            seen.clear();
        }
        seen.insert(path.to_owned(), FileCheck { identity, at });
        identity
    }

    /// Returns whether the last check is recent and found this file.
    pub(super) fn is_known_as(&self, path: &Path, identity: Option<FileIdentity>) -> bool {
        let seen = self.seen().get(path).copied();
        seen.is_some_and(|seen| seen.identity == identity && seen.at.elapsed() <= LONGEST_CHECK_AGE)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<PathBuf, FileCheck>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeFiles;

    #[tokio::test(start_paused = true)]
    async fn the_checks_of_several_files_are_kept_side_by_side_and_are_bounded() {
        let (checks, files) = (FileChecks::default(), Files::fake(FakeFiles::default()));
        let path = |number: usize| PathBuf::from(number.to_string());
        for number in 0..MOST_FILES {
            checks.look(&path(number), &files).await;
        }
        assert!((0..MOST_FILES).all(|number| checks.is_known_as(&path(number), None)));
        checks.look(&path(MOST_FILES), &files).await;
        assert!(checks.is_known_as(&path(MOST_FILES), None) && !checks.is_known_as(&path(0), None));
    }
}
