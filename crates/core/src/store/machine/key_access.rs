use super::{
    folder::Folder,
    host_identity::host_identity,
    keys::{MachineKeys, LOCK},
    opened_folder::{Failure, OpenedFolder},
};
use crate::{
    host::{patiently, LogLevel, StoreFailure},
    key::Reach,
    store::{
        circuit_breaker::LogContext,
        open_store::{KeySource, OpenStore},
    },
};
use async_trait::async_trait;
use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{sync::Mutex as AsyncMutex, time::Instant};

/// The longest wait for the folder and the keys.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long after a failure the next try follows.
const PAUSE: Duration = Duration::from_secs(60);
/// Opens a folder and its keys once.
pub(super) struct KeyAccess {
    disk: Arc<OpenedFolder>,
    keys: Arc<dyn MachineKeys>,
    opened: OnceLock<OpenStore>,
    /// When the last try failed. Only one caller at a time tries again.
    failed: AsyncMutex<Option<Instant>>,
}

/// The result of opening a folder, besides its keys.
pub(super) struct Found {
    pub(super) opened: Result<OpenStore, String>,
    has_locks: bool,
}

impl KeyAccess {
    pub(super) fn new(disk: Arc<OpenedFolder>, keys: Arc<dyn MachineKeys>) -> Self {
        Self { disk, keys, opened: OnceLock::new(), failed: AsyncMutex::default() }
    }

    async fn find(&self, context: LogContext<'_>) -> Result<OpenStore, StoreFailure> {
        let mut failed = self.failed.lock().await;
        if let Some(opened) = self.opened.get() {
            return Ok(opened.clone());
        }
        if failed.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(StoreFailure);
        }
        let found = self.ask(context).await;
        found.map(|opened| self.opened.get_or_init(|| opened).clone()).map_err(|reason| {
            *failed = Some(Instant::now());
            self.warn(context, &reason);
            StoreFailure
        })
    }

    async fn ask(&self, context: LogContext<'_>) -> Result<OpenStore, String> {
        let keys = Arc::clone(&self.keys);
        let found = self.disk.work(move |folder| Ok(found_in(folder, &*keys))).await.map_err(in_words)?;
        if !found.has_locks {
            context.log.write(context.clock, LogLevel::Debug, || {
                "the disk of the machine's store of tokens does not support locks: each process requests its own tokens"
                    .to_owned()
            });
        }
        found.opened
    }

    fn warn(&self, context: LogContext<'_>, reason: &str) {
        if self.disk.is_first_warning() {
            context.log.write(context.clock, LogLevel::Warn, || {
                format!("tokens are not shared with other processes of this machine: {reason}")
            });
        }
    }
}

#[async_trait]
impl KeySource for KeyAccess {
    async fn open(&self, context: LogContext<'_>) -> Result<OpenStore, StoreFailure> {
        if let Some(opened) = self.opened.get() {
            return Ok(opened.clone());
        }
        if let Some(outcome) = patiently(PATIENCE, self.find(context)).await {
            return outcome;
        }
        *self.failed.lock().await = Some(Instant::now());
        self.warn(context, "the disk of the cache folder does not respond. Check it");
        Err(StoreFailure)
    }
}

/// Returns the keys of an open folder, and whether its disk has locks.
pub(super) fn found_in(folder: &Folder, keys: &dyn MachineKeys) -> Found {
    let keys = keys.keys(folder).map_err(|none| none.0);
    let is_unsupported = |error: io::Error| error.kind() == io::ErrorKind::Unsupported;
    let has_locks = !folder.try_lock(LOCK).is_err_and(is_unsupported);
    Found { opened: keys.map(|keys| OpenStore { keys, reach: Reach::Machine(host_identity()) }), has_locks }
}

pub(super) fn in_words(failure: Failure) -> String {
    match failure {
        Failure::Unusable(unusable) => unusable.0,
        Failure::Refused(error) => format!("the cache folder cannot be used ({error}). Check its disk"),
        Failure::NotBegun => {
            "no thread could be started to read the cache folder. Raise the limit of threads".to_owned()
        }
    }
}
