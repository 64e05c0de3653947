use super::{
    folder::{Folder, Unusable},
    location::StoreLocation,
};
use crate::host::on_file_thread;
use std::{
    collections::HashMap,
    io,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, PoisonError, Weak,
    },
};
use tokio::sync::Mutex as AsyncMutex;

/// The folder of a store, opened when first needed, and shared by all clients of the process.
pub(super) struct OpenedFolder {
    location: StoreLocation,
    /// One thread at a time works with it, so a disk that does not answer blocks only one thread.
    folder: Arc<AsyncMutex<Option<Folder>>>,
    is_warned: AtomicBool,
}

/// Why work with a folder was not done.
#[derive(Debug)]
pub(super) enum Failure {
    Unusable(Unusable),
    Refused(io::Error),
    /// No thread could be started for it.
    NotBegun,
}

impl OpenedFolder {
    pub(super) fn of(location: &StoreLocation) -> Arc<Self> {
        static ALL: Mutex<Option<HashMap<StoreLocation, Weak<OpenedFolder>>>> = Mutex::new(None);
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        let all = all.get_or_insert_default();
        if let Some(known) = all.get(location).and_then(Weak::upgrade) {
            return known;
        }
        all.retain(|_, disk| disk.strong_count() > 0);
        let disk =
            Arc::new(Self { location: location.clone(), folder: Arc::default(), is_warned: AtomicBool::new(false) });
        all.insert(location.clone(), Arc::downgrade(&disk));
        disk
    }

    /// Runs the work with the folder on a thread for files.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl Fn(&Folder) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let mut opened = Arc::clone(&self.folder).lock_owned().await;
        let location = self.location.clone();
        on_file_thread(move || worked(&mut opened, &location, &work)).await.unwrap_or(Err(Failure::NotBegun))
    }

    /// Returns whether this is the first warning about it.
    pub(super) fn is_first_warning(&self) -> bool {
        !self.is_warned.swap(true, Ordering::Relaxed)
    }
}

/// A folder that was deleted while it is open here accepts no new files, so it is created again.
fn worked<T>(
    opened: &mut Option<Folder>,
    location: &StoreLocation,
    work: &impl Fn(&Folder) -> io::Result<T>,
) -> Result<T, Failure> {
    let was_open = opened.is_some();
    match work(folder_of(opened, location)?) {
        Err(error) if was_open && error.kind() == io::ErrorKind::NotFound => {
            *opened = None;
            work(folder_of(opened, location)?).map_err(Failure::Refused)
        }
        outcome => outcome.map_err(Failure::Refused),
    }
}

fn folder_of<'a>(opened: &'a mut Option<Folder>, location: &StoreLocation) -> Result<&'a Folder, Failure> {
    match opened {
        Some(folder) => Ok(folder),
        None => Ok(opened.insert(Folder::open(&location.base, &location.below()).map_err(Failure::Unusable)?)),
    }
}
