use super::{
    disk::{Disk, Failure},
    folder::Lock,
    prune::prune,
};
use crate::host::{StoreFailure, StoreWrite, TokenStore};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A store of tokens over a folder: each key is the name of a file. A key that is written only where it is absent is a
/// lock on a file, and its value is never read.
pub(super) struct Files {
    disk: Arc<Disk>,
    /// The locks that this process has, by what only their holders know.
    held: Mutex<HashMap<String, Lock>>,
}

impl Files {
    pub(super) fn new(disk: Arc<Disk>) -> Self {
        Self { disk, held: Mutex::default() }
    }

    /// Where the disk knows no locks, everyone asks for a token.
    async fn take(&self, name: String, holder: &str) -> Result<bool, StoreFailure> {
        let lock = match self.disk.work(move |folder| folder.try_lock(&name)).await {
            Err(Failure::Refused(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(true),
            outcome => outcome.map_err(|_| StoreFailure)?,
        };
        let is_taken = lock.is_some();
        self.held().extend(lock.map(|lock| (holder.to_owned(), lock)));
        Ok(is_taken)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, Lock>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl TokenStore for Files {
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure> {
        let name = key.to_owned();
        let content = self.disk.work(move |folder| folder.read(&name)).await;
        let content = match content {
            // What is no file of this user's is none.
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
            // What cannot be pruned now, the next write prunes.
            let _ = prune(folder, now);
            Ok(true)
        });
        written.await.map_err(|_| StoreFailure)
    }

    /// Gives a lock back; on a thread for files, since even that may take long.
    async fn delete(&self, _: &str, value: &str) -> Result<(), StoreFailure> {
        let Some(lock) = self.held().remove(value) else { return Ok(()) };
        let lock = Mutex::new(Some(lock));
        let released = self.disk.work(move |_| {
            drop(lock.lock().unwrap_or_else(PoisonError::into_inner).take());
            Ok(())
        });
        released.await.map_err(|_| StoreFailure)
    }

    /// A lock lasts as long as its process has it.
    async fn extend(&self, _: &str, _: &str, _: Duration) -> Result<(), StoreFailure> {
        Ok(())
    }
}
