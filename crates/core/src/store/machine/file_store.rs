use super::{
    folder::{Folder, Lock},
    keys::LOCK,
    lock_watch::{Sign, WatchedLocks},
    opened_folder::{Failure, OpenedFolder},
    prune::prune,
};
use crate::host::{StoreFailure, StoreWrite, TokenStore};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

/// A store of tokens in a folder: each key is the name of a file. A key that is written only if it is absent is a lock
/// on a file, and its value is never read.
pub(super) struct FileStore {
    disk: Arc<OpenedFolder>,
    /// The locks of this process, by a value that only their holders have.
    held: Mutex<HashMap<String, Lock>>,
    /// The locks of other processes.
    watched: WatchedLocks,
    /// How long a lock lasts if its holder does not touch it.
    lease: Duration,
}

impl FileStore {
    pub(super) fn new(disk: Arc<OpenedFolder>, lease: Duration) -> Self {
        Self { disk, held: Mutex::default(), watched: WatchedLocks::default(), lease }
    }

    /// On a disk without locks every process asks for a token.
    async fn take(&self, name: String, holder: &str) -> Result<bool, StoreFailure> {
        let (lock, stopped) = (name.clone(), self.watched.stopped(&name, self.lease));
        let taken = match self.disk.work(move |folder| taken(folder, &lock, stopped)).await {
            Err(Failure::Refused(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(true),
            outcome => outcome.map_err(|_| StoreFailure)?,
        };
        match taken {
            Ok(lock) => {
                self.watched.forget(&name);
                self.held().insert(holder.to_owned(), lock);
                Ok(true)
            }
            Err(sign) => {
                self.watched.note(&name, sign);
                Ok(false)
            }
        }
    }

    /// A lock that was lost belongs to another process, so its file is not deleted.
    async fn remove(&self, name: String, value: String) -> Result<(), StoreFailure> {
        let removed = self.disk.work(move |folder| match folder.read(&name)? {
            Some(content) if *content == value.as_bytes() => folder.remove(&name),
            _ => Ok(()),
        });
        removed.await.map_err(|_| StoreFailure)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, Lock>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TokenStore for FileStore {
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure> {
        let name = key.to_owned();
        let content = self.disk.work(move |folder| folder.read(&name)).await;
        let content = match content {
            // A file that does not belong to this user counts as absent.
            Err(Failure::Refused(_)) => None,
            outcome => outcome.map_err(|_| StoreFailure)?,
        };
        Ok(content.and_then(|content| std::str::from_utf8(&content).ok().map(str::to_owned)))
    }

    async fn set(&self, key: &str, value: &str, write: StoreWrite) -> Result<bool, StoreFailure> {
        let name = key.to_owned();
        if write.if_absent {
            return self.take(name, value).await;
        }
        let value = value.to_owned();
        let written = self.disk.work(move |folder| {
            let now = folder.write(&name, value.as_bytes(), write.ttl)?;
            // If pruning fails now, the next write prunes.
            let _ = prune(folder, now);
            Ok(true)
        });
        written.await.map_err(|_| StoreFailure)
    }

    /// Returns a lock or deletes a file, on a thread for files, because even the first may take long.
    async fn delete(&self, key: &str, value: &str) -> Result<(), StoreFailure> {
        let held = self.held().remove(value);
        let Some(lock) = held else { return self.remove(key.to_owned(), value.to_owned()).await };
        let lock = Mutex::new(Some(lock));
        let released = self.disk.work(move |_| {
            drop(lock.lock().unwrap_or_else(PoisonError::into_inner).take());
            Ok(())
        });
        released.await.map_err(|_| StoreFailure)
    }

    /// A lock lasts as long as its process has it. Touching it shows other processes that its holder is active.
    async fn extend(&self, _: &str, value: &str, _: Duration) -> Result<(), StoreFailure> {
        let Some(lock) = self.held().get(value).cloned() else { return Ok(()) };
        self.disk.work(move |_| lock.touch()).await.map_err(|_| StoreFailure)
    }

    fn has_news(&self, key: &str) -> bool {
        self.watched.has_news(key)
    }
}

/// Takes the lock, or returns its holder's last sign of activity. A holder that was stopped at that sign loses the
/// lock.
fn taken(folder: &Folder, name: &str, stopped: Option<SystemTime>) -> io::Result<Result<Lock, Sign>> {
    if let Some(life) = stopped {
        // If this fails, this process waits for the holder.
        let _ = set_aside(folder, name, life);
    }
    let Some(lock) = folder.try_lock(name)? else { return Ok(Err(Sign::of(folder, name)?)) };
    // If this fails, another process may ask for the same token.
    let _ = lock.touch();
    Ok(Ok(lock))
}

/// Moves the lock file away, so that later processes lock a new one. One process at a time does this, and only to the
/// file that it has watched.
fn set_aside(folder: &Folder, name: &str, life: SystemTime) -> io::Result<()> {
    let Some(_lock) = folder.try_lock(LOCK)? else { return Ok(()) };
    if folder.modified(name)? == Some(life) {
        folder.remove(name)?;
    }
    Ok(())
}
