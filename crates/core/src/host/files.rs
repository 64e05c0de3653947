use super::arc_key;
use async_trait::async_trait;
use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};
use zeroize::Zeroizing;

mod disk;
mod fakes;

pub(crate) use disk::{files_in, read_now};
pub use fakes::FakeFiles;

/// The content of a file. Callers that read it at the same time share it.
pub type Content = Arc<Zeroizing<Vec<u8>>>;

/// Reads files on threads of their own.
#[derive(Clone)]
pub struct Files(Arc<dyn FileSystem>);

/// Shows whether a file is still the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileIdentity {
    /// When its content was last written.
    pub modified: Option<SystemTime>,
    /// Its length in bytes.
    pub length: u64,
    /// Its number on its disk: a file that replaced another has a different one. 0 on systems without it.
    pub inode: u64,
    /// When anything about it was last changed (`ctime`), in nanoseconds. No program can set it, so it shows that a
    /// file was overwritten with its old length and time. 0 on systems without it.
    pub changed: i128,
}

impl FileIdentity {
    /// Returns the identity as bytes for a hash.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let Self { modified, length, inode, changed } = self;
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        let modified = modified.map_or(u128::MAX, since).to_le_bytes();
        [&modified[..], &length.to_le_bytes(), &inode.to_le_bytes(), &changed.to_le_bytes()].concat()
    }
}

/// Where files are read from: the machine's disks, or a test.
#[async_trait]
trait FileSystem: Send + Sync {
    async fn read(&self, path: PathBuf, limit: usize) -> io::Result<Content>;
    async fn identity(&self, path: PathBuf) -> io::Result<FileIdentity>;
    async fn arc_key(&self, file: PathBuf, folder: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>>;
}

impl Files {
    /// The files of this machine.
    pub fn system() -> Self {
        Self(disk::System::shared())
    }

    /// The files of a test.
    pub fn fake(files: FakeFiles) -> Self {
        Self(Arc::new(files))
    }

    /// Returns the file's content.
    ///
    /// # Errors
    /// The system's error; [`io::ErrorKind::FileTooLarge`] if the file has more bytes than `limit`, and
    /// [`io::ErrorKind::InvalidInput`] if it is not a regular file (reading a pipe could wait for ever).
    pub async fn read(&self, path: impl Into<PathBuf>, limit: usize) -> io::Result<Content> {
        self.0.read(path.into(), limit).await
    }

    /// Returns the identity, which shows whether the file has changed since it was read.
    ///
    /// # Errors
    /// The system's error.
    pub async fn identity(&self, path: impl Into<PathBuf>) -> io::Result<FileIdentity> {
        self.0.identity(path.into()).await
    }

    /// Returns the folder in which Azure Arc's agent puts its keys, or nothing on systems without such an agent. It is
    /// not a setting, so that a user who can set variables cannot have another file sent away. Both folders are those
    /// of "Authenticate against Azure resources with Azure Arc-enabled servers" (Microsoft Learn) and of azidentity.
    #[cfg_attr(windows, expect(clippy::disallowed_methods, reason = "`host` alone may"))]
    pub fn arc_keys(&self) -> Option<PathBuf> {
        #[cfg(windows)]
        return std::env::var_os("ProgramData")
            .map(|data| PathBuf::from(data).join(r"AzureConnectedMachineAgent\Tokens"));
        #[cfg(not(windows))]
        cfg!(target_os = "linux").then(|| PathBuf::from("/var/opt/azcmagent/tokens"))
    }

    /// Returns the content of a key of Azure Arc's agent, which is directly in that folder.
    ///
    /// # Errors
    /// Those of [`Files::read`]; [`io::ErrorKind::InvalidInput`] also for a link, a second name of another file, a file
    /// of another owner, and one in another folder.
    pub async fn arc_key(&self, file: &Path, folder: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        self.0.arc_key(file.to_owned(), folder.to_owned(), limit).await
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Files")
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
    async fn only_regular_files_are_opened() {
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
