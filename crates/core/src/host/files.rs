use super::{arc_key, blocking_io};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use zeroize::Zeroizing;

/// Reads files, off the thread that everything else happens on.
#[derive(Clone)]
pub struct Files(Arc<dyn FileSystem>);

/// Tells whether a file is still the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileIdentity {
    /// When it was last written.
    pub modified: Option<SystemTime>,
    /// How long it is.
    pub length: u64,
    /// Its number on its disk: a file that took another's place has another. 0 where there are none.
    pub inode: u64,
}

/// What is read from: the machine's disks, or a test's.
#[async_trait]
trait FileSystem: Send + Sync {
    async fn read(&self, path: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>>;
    async fn identity(&self, path: PathBuf) -> io::Result<FileIdentity>;
    fn identity_now(&self, path: &Path) -> io::Result<FileIdentity>;
    async fn arc_key(&self, file: PathBuf, folder: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>>;
}

impl Files {
    /// The machine's own.
    pub fn system() -> Self {
        Self(Arc::new(System))
    }

    /// A test's.
    pub fn fake(files: FakeFiles) -> Self {
        Self(Arc::new(files))
    }

    /// The file's content.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::FileTooLarge`] where it has more bytes than `limit`, and
    /// [`io::ErrorKind::InvalidInput`] for what is no file (a pipe could keep us waiting for ever).
    pub async fn read(&self, path: impl Into<PathBuf>, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        self.0.read(path.into(), limit).await
    }

    /// What tells whether it has changed since it was read.
    ///
    /// # Errors
    /// What the system says.
    pub async fn identity(&self, path: impl Into<PathBuf>) -> io::Result<FileIdentity> {
        self.0.identity(path.into()).await
    }

    /// The same, on the caller's thread: for a look that is so seldom that it may cost a system call.
    ///
    /// # Errors
    /// What the system says.
    pub fn identity_now(&self, path: &Path) -> io::Result<FileIdentity> {
        self.0.identity_now(path)
    }

    /// The folder in which Azure Arc's agent puts its keys; none where there is no such agent. It is no setting, so
    /// that nobody who can set variables can have another file sent away. Both folders are those of "Authenticate against
    /// Azure resources with Azure Arc-enabled servers" (Microsoft Learn) and of azidentity.
    #[cfg_attr(windows, expect(clippy::disallowed_methods, reason = "this is the door"))]
    pub fn arc_keys(&self) -> Option<PathBuf> {
        #[cfg(windows)]
        return std::env::var_os("ProgramData")
            .map(|data| PathBuf::from(data).join(r"AzureConnectedMachineAgent\Tokens"));
        #[cfg(not(windows))]
        cfg!(target_os = "linux").then(|| PathBuf::from("/var/opt/azcmagent/tokens"))
    }

    /// The content of a key of Azure Arc's agent, which lies directly in that folder.
    ///
    /// # Errors
    /// As [`Files::read`]; [`io::ErrorKind::InvalidInput`] also for a link, a second name of another file, a file of
    /// another owner, and one that lies elsewhere.
    pub async fn arc_key(&self, file: &Path, folder: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        self.0.arc_key(file.to_owned(), folder.to_owned(), limit).await
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Files")
    }
}

struct System;

#[async_trait]
impl FileSystem for System {
    async fn read(&self, path: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        blocking_io(move || read_now(&path, limit)).await
    }

    async fn identity(&self, path: PathBuf) -> io::Result<FileIdentity> {
        blocking_io(move || identity(&path)).await
    }

    fn identity_now(&self, path: &Path) -> io::Result<FileIdentity> {
        identity(path)
    }

    async fn arc_key(&self, file: PathBuf, folder: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        blocking_io(move || arc_key::read(&file, &folder, limit)).await
    }
}

/// The file's content, read on the caller's thread: for those that are on a blocking one.
///
/// # Errors
/// As [`Files::read`].
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn read_now(path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    use std::io::Read;
    // Asked before it is opened: opening a pipe waits for its other end.
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let file = std::fs::File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(limit).min(limit);
    // Room for all at once: a growing buffer would leave copies of a secret behind.
    let mut content = Zeroizing::new(Vec::with_capacity(length + 1));
    file.take(most).read_to_end(&mut content)?;
    if content.len() > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes")));
    }
    Ok(content)
}

/// The files of a folder, each once: folders of certificates have several links to each file.
///
/// # Errors
/// What the system says of the folder.
pub(crate) fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut seen = std::collections::HashSet::new();
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        // What a link does not lead to is passed over, as openssl does.
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
    Ok(FileIdentity { modified: metadata.modified().ok(), length: metadata.len(), inode: inode(&metadata) })
}

#[cfg(unix)]
fn inode(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> u64 {
    0
}

/// Files that a test makes up; clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeFiles(Arc<Mutex<HashMap<PathBuf, Fake>>>);

#[derive(Clone, Debug)]
enum Fake {
    Content {
        bytes: Vec<u8>,
        version: u32,
    },
    Link(PathBuf),
    /// The operating system's number of the error that every operation on it ends with.
    Failure(i32),
}

impl FakeFiles {
    /// Writes a file, or writes it anew, which changes its identity.
    pub fn write(&self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) {
        let path = path.into();
        let version = match self.find(&path) {
            Ok(Fake::Content { version, .. }) => version + 1,
            _ => 0,
        };
        self.files().insert(path, Fake::Content { bytes: bytes.into(), version });
    }

    /// Makes a link to another file.
    pub fn link(&self, path: impl Into<PathBuf>, target: impl Into<PathBuf>) {
        self.files().insert(path.into(), Fake::Link(target.into()));
    }

    /// Makes every operation on the file end with an error, by the operating system's number.
    pub fn fail(&self, path: impl Into<PathBuf>, code: i32) {
        self.files().insert(path.into(), Fake::Failure(code));
    }

    fn find(&self, path: &Path) -> io::Result<Fake> {
        match self.files().get(path) {
            Some(Fake::Failure(code)) => Err(io::Error::from_raw_os_error(*code)),
            found => found.cloned().ok_or_else(|| io::ErrorKind::NotFound.into()),
        }
    }

    fn content(&self, path: &Path) -> io::Result<(Vec<u8>, u32)> {
        match self.find(path)? {
            Fake::Content { bytes, version } => Ok((bytes, version)),
            Fake::Link(target) => self.content(&target),
            Fake::Failure(code) => Err(io::Error::from_raw_os_error(code)),
        }
    }

    fn files(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Fake>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl FileSystem for FakeFiles {
    async fn read(&self, path: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let (bytes, _) = self.content(&path)?;
        if bytes.len() > limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes")));
        }
        Ok(Zeroizing::new(bytes))
    }

    async fn identity(&self, path: PathBuf) -> io::Result<FileIdentity> {
        self.identity_now(&path)
    }

    fn identity_now(&self, path: &Path) -> io::Result<FileIdentity> {
        let (bytes, version) = self.content(path)?;
        let modified = UNIX_EPOCH.checked_add(Duration::from_secs(version.into()));
        Ok(FileIdentity { modified, length: bytes.len() as u64, inode: 0 })
    }

    async fn arc_key(&self, file: PathBuf, _: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        match self.find(&file)? {
            Fake::Link(_) => Err(arc_key::not_a_key("it is a link")),
            _ => self.read(file, limit).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_up_to_a_limit() {
        let files = Files::system();
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let content = files.read(&manifest, 1 << 20).await.unwrap();
        assert!(content.starts_with(b"[package]"));
        assert_eq!(files.read(&manifest, content.len()).await.unwrap(), content);
        let error = files.read(&manifest, content.len() - 1).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(files.identity(&manifest).await.unwrap(), files.identity(manifest).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_no_file_is_not_opened() {
        let files = Files::system();
        let folder = env!("CARGO_MANIFEST_DIR");
        assert_eq!(files.read(folder, 10).await.unwrap_err().kind(), io::ErrorKind::InvalidInput);
        let absent = format!("{folder}/absent");
        assert_eq!(files.read(absent, 10).await.unwrap_err().kind(), io::ErrorKind::NotFound);
        #[cfg(unix)]
        assert_eq!(files.read("/dev/zero", 10).await.unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }

    #[tokio::test]
    async fn fakes_behave_like_files() {
        let fakes = FakeFiles::default();
        let files = Files::fake(fakes.clone());
        fakes.write("/a", "first");
        fakes.link("/b", "/a");
        let before = files.identity("/b").await.unwrap();
        assert_eq!(&files.read("/b", 5).await.unwrap()[..], b"first");
        assert_eq!(
            files.arc_key(Path::new("/b"), Path::new("/"), 5).await.unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
        fakes.write("/a", "again");
        assert_ne!(files.identity("/b").await.unwrap(), before);
        assert_eq!(files.read("/a", 4).await.unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(files.read("/c", 4).await.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
