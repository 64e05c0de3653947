//! The files of the machine.

use super::{
    super::{arc_key, blocking_io, file_threads::Coalesced, no_thread},
    Content, FileIdentity, FileSystem,
};
use async_trait::async_trait;
use std::{
    collections::HashSet,
    fs::{File, Metadata, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};
use zeroize::Zeroizing;

/// One thread at a time reads a path, so a file that does not answer blocks one thread, however many callers ask for
/// it.
pub(super) struct System {
    contents: Coalesced<(PathBuf, usize), SharedResult<Content>>,
    identities: Coalesced<PathBuf, SharedResult<FileIdentity>>,
}

type SharedResult<T> = Result<T, Failure>;

/// An `io::Error` for several callers.
#[derive(Clone)]
struct Failure {
    kind: io::ErrorKind,
    code: Option<i32>,
    words: String,
}

impl System {
    /// Returns the one instance of the process, whose limits apply to all.
    pub(super) fn shared() -> Arc<Self> {
        static SYSTEM: LazyLock<Arc<System>> =
            LazyLock::new(|| Arc::new(System { contents: Coalesced::on_files(), identities: Coalesced::on_files() }));
        Arc::clone(&SYSTEM)
    }
}

#[async_trait]
impl FileSystem for System {
    async fn read(&self, path: PathBuf, limit: usize) -> io::Result<Content> {
        let work = {
            let path = path.clone();
            move || shareable(read_now(&path, limit).map(Arc::new))
        };
        as_io_result(self.contents.get((path, limit), work).await)
    }

    async fn identity(&self, path: PathBuf) -> io::Result<FileIdentity> {
        let work = {
            let path = path.clone();
            move || shareable(identity(&path))
        };
        as_io_result(self.identities.get(path, work).await)
    }

    async fn arc_key(&self, file: PathBuf, folder: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        blocking_io(move || arc_key::read(&file, &folder, limit)).await
    }
}

fn shareable<T>(outcome: io::Result<T>) -> SharedResult<T> {
    outcome.map_err(|error| Failure { kind: error.kind(), code: error.raw_os_error(), words: error.to_string() })
}

fn as_io_result<T>(outcome: Option<SharedResult<T>>) -> io::Result<T> {
    let outcome = outcome.ok_or_else(|| io::Error::other(no_thread(&io::ErrorKind::WouldBlock.into())))?;
    outcome.map_err(|failure| match failure.code {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(failure.kind, failure.words),
    })
}

/// Reads the file on the current thread, for callers that already run on a blocking one.
///
/// # Errors
/// Those of [`Files::read`].
pub(crate) fn read_now(path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    use std::io::Read;
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let file = opened(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(limit).min(limit);
    // The whole capacity at once: a growing buffer would leave copies of a secret behind.
    let mut content = Zeroizing::new(Vec::new());
    content.try_reserve_exact(length + 1).map_err(|_| io::ErrorKind::OutOfMemory)?;
    file.take(most).read_to_end(&mut content)?;
    if content.len() > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes")));
    }
    Ok(content)
}

/// Checks the file before it is opened, because opening a device may have effects, and again afterwards, because
/// another file may have replaced it meanwhile.
fn opened(path: &Path) -> io::Result<File> {
    only_files(&path.metadata()?)?;
    let file = unblocking(OpenOptions::new().read(true)).open(path)?;
    only_files(&file.metadata()?)?;
    Ok(file)
}

fn only_files(found: &Metadata) -> io::Result<()> {
    let none = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a file");
    found.is_file().then_some(()).ok_or_else(none)
}

/// Opening a pipe would wait for its other end.
#[cfg(unix)]
fn unblocking(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits().cast_signed())
}

/// Windows opens a pipe at once, or reports that it is busy.
#[cfg(not(unix))]
fn unblocking(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Returns the files of a folder, each once: folders of certificates have several links to each file.
///
/// # Errors
/// The system's error for the folder.
pub(crate) fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        // A broken link is skipped, as by OpenSSL.
        let Ok(metadata) = path.metadata() else { continue };
        if metadata.is_file() && (inode(&metadata) == 0 || seen.insert(inode(&metadata))) {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn identity(path: &Path) -> io::Result<FileIdentity> {
    let metadata = path.metadata()?;
    Ok(FileIdentity {
        modified: metadata.modified().ok(),
        length: metadata.len(),
        inode: inode(&metadata),
        changed: changed(&metadata),
    })
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> i128 {
    use std::os::unix::fs::MetadataExt;
    i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> i128 {
    0
}

#[cfg(all(test, unix))]
mod tests;
