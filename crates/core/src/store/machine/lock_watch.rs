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

/// The most that the time between two looks counts. After a longer time this process got no processor meanwhile, and the
/// holder may have got none either.
const LONGEST_LOOK: Duration = Duration::from_millis(250);

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
    /// How long the holder had not touched the lock at that time.
    idle: Duration,
    has_news: bool,
}

impl Seen {
    fn idle_at(&self, now: Instant) -> Duration {
        self.idle + (now - self.at).min(LONGEST_LOOK)
    }
}

impl WatchedLocks {
    pub(super) fn note(&self, lock: &str, sign: Sign) {
        let now = Instant::now();
        let mut all = self.all();
        all.retain(|_, seen| now - seen.at < LONGEST_PAUSE);
        let before = all.get(lock);
        let idle = before.filter(|seen| seen.sign.life == sign.life).map(|seen| seen.idle_at(now));
        let idle = idle.unwrap_or_default();
        let has_news = before.is_none_or(|seen| seen.sign.beside != sign.beside);
        all.insert(lock.to_owned(), Seen { sign, at: now, idle, has_news });
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
        seen.sign.life.filter(|_| seen.idle_at(Instant::now()) >= lease)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn a_holder_has_stopped_after_a_lease_in_which_this_process_could_look() {
        let (locks, lease) = (WatchedLocks::default(), Duration::from_secs(10));
        let sign = Sign { life: Some(SystemTime::UNIX_EPOCH), beside: [None; 2] };
        for _ in 0..10 {
            locks.note("a.l", sign);
            advance(Duration::from_secs(4)).await;
        }
        assert_eq!(locks.stopped("a.l", lease), None, "40 s, of which 2.5 count");
        for _ in 0..201 {
            locks.note("a.l", sign);
            advance(Duration::from_millis(40)).await;
        }
        assert_eq!(locks.stopped("a.l", lease), sign.life);
    }
}
