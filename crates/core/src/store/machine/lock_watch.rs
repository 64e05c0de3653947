//! Watches the locks of other processes: whether the process that has a lock is still active, and has written something.

use super::folder::Folder;
use std::{
    collections::HashMap,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// A process that has not looked for this long was not waiting. Its earlier observation does not show how long the lock
/// has been unchanged.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// When a lock was touched last, and when the token and the note beside it were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    life: Option<SystemTime>,
    beside: [Option<SystemTime>; 2],
}

impl Sign {
    pub(super) fn of(folder: &Folder, lock: &str) -> io::Result<Self> {
        let stem = lock.strip_suffix('l').unwrap_or(lock);
        let written = |ending| folder.modified(&format!("{stem}{ending}"));
        Ok(Self { life: folder.modified(lock)?, beside: [written("t")?, written("f")?] })
    }
}

/// The locks that another process had when this process wanted them.
#[derive(Default)]
pub(super) struct WatchedLocks(Mutex<HashMap<String, Seen>>);

struct Seen {
    sign: Sign,
    at: Instant,
    /// Since when the holder has not touched the lock.
    idle_since: Instant,
    has_news: bool,
}

impl WatchedLocks {
    pub(super) fn note(&self, lock: &str, sign: Sign) {
        let now = Instant::now();
        let mut all = self.all();
        all.retain(|_, seen| now - seen.at < LONGEST_PAUSE);
        let before = all.get(lock);
        let idle_since = before.filter(|seen| seen.sign.life == sign.life).map_or(now, |seen| seen.idle_since);
        let has_news = before.is_none_or(|seen| seen.sign.beside != sign.beside);
        all.insert(lock.to_owned(), Seen { sign, at: now, idle_since, has_news });
    }

    pub(super) fn forget(&self, lock: &str) {
        self.all().remove(lock);
    }

    /// Whether the token or the note beside the lock was new at the last look. The first look counts as new.
    pub(super) fn has_news(&self, lock: &str) -> bool {
        self.all().get(lock).is_none_or(|seen| seen.has_news)
    }

    /// When the holder last touched the lock, if that is longer ago than a lock lasts.
    pub(super) fn stopped(&self, lock: &str, lease: Duration) -> Option<SystemTime> {
        let all = self.all();
        let seen = all.get(lock).filter(|seen| seen.at.elapsed() < LONGEST_PAUSE)?;
        seen.sign.life.filter(|_| seen.idle_since.elapsed() >= lease)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
