use crate::host::{FileIdentity, Files};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How old a look at a file may be that a token is still trusted by. Who trusts it looks again within as long, so that
/// a tool's logout is noticed within a second.
pub(super) const LONGEST_SIGHT: Duration = Duration::from_millis(500);

/// A program has one or two tools, unless it makes up a folder for each of its credentials.
const MOST_FILES: usize = 1024;

/// What files were when they were last looked at: JavaScript's thread, which must never wait for a disk, asks here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sightings(Arc<Mutex<HashMap<PathBuf, Sighting>>>);

#[derive(Clone, Copy, Debug)]
struct Sighting {
    identity: Option<FileIdentity>,
    at: Instant,
}

impl Sightings {
    /// Looks at a file, off the caller's thread. What cannot be looked at counts as absent.
    pub(super) async fn look(&self, path: &Path, files: &Files) -> Option<FileIdentity> {
        // Before the look: it may take long, and what it finds is as old as that.
        let at = Instant::now();
        let identity = files.identity(path).await.ok();
        let mut seen = self.seen();
        if seen.len() >= MOST_FILES {
            seen.clear();
        }
        seen.insert(path.to_owned(), Sighting { identity, at });
        identity
    }

    /// Whether a file was seen to be this one a short while ago.
    pub(super) fn is_known_as(&self, path: &Path, identity: Option<FileIdentity>) -> bool {
        let seen = self.seen().get(path).copied();
        seen.is_some_and(|seen| seen.identity == identity && seen.at.elapsed() <= LONGEST_SIGHT)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<PathBuf, Sighting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
