use super::{arc_key, Content, FileIdentity, FileSystem};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};
use zeroize::Zeroizing;

/// Files of a test; clones share them.
#[derive(Clone, Debug, Default)]
pub struct FakeFiles(Arc<Mutex<HashMap<PathBuf, Fake>>>);

#[derive(Clone, Debug)]
enum Fake {
    Content {
        bytes: Vec<u8>,
        version: u32,
    },
    Link(PathBuf),
    /// Every operation on it fails with this error number of the operating system.
    Failure(i32),
}

impl FakeFiles {
    /// Writes a file, or overwrites it, which changes its identity.
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

    /// Makes every operation on the file fail with this error number of the operating system.
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
    async fn read(&self, path: PathBuf, limit: usize) -> io::Result<Content> {
        let (bytes, _) = self.content(&path)?;
        if bytes.len() > limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes")));
        }
        Ok(Arc::new(Zeroizing::new(bytes)))
    }

    async fn identity(&self, path: PathBuf) -> io::Result<FileIdentity> {
        let (bytes, version) = self.content(&path)?;
        let modified = UNIX_EPOCH.checked_add(Duration::from_secs(version.into()));
        Ok(FileIdentity { modified, length: bytes.len() as u64, inode: 0, changed: 0 })
    }

    async fn arc_key(&self, file: PathBuf, _: PathBuf, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        match self.find(&file)? {
            Fake::Link(_) => Err(arc_key::not_a_key("it is a link")),
            _ => self.read(file, limit).await.map(|content| (*content).clone()),
        }
    }
}
