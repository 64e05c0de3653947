//! The folder on Windows, accessed by its path, because Rust's standard library cannot open a file relative to a folder
//! there. The folder's access list is not checked.

use super::{Listed, Unusable};
use std::{
    fs::{self, File, Metadata, OpenOptions},
    io,
    os::windows::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// `FILE_ATTRIBUTE_REPARSE_POINT`: a link, a junction, a mount.
const REPARSE_POINT: u32 = 0x400;
/// `FILE_FLAG_OPEN_REPARSE_POINT`: opens a link itself, not its target.
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

pub(super) struct Handle(PathBuf);

impl Handle {
    pub(super) fn open(base: &Path, below: &[&str]) -> Result<Self, Unusable> {
        let mut path = base.to_owned();
        fs::create_dir_all(base).map_err(|error| Unusable::failed(base, &error))?;
        for name in below {
            path.push(name);
            own_folder(&path)?;
        }
        Ok(Self(path))
    }

    pub(super) fn file(&self, name: &str) -> io::Result<File> {
        own_file(OpenOptions::new().read(true).custom_flags(OPEN_REPARSE_POINT).open(self.0.join(name))?)
    }

    pub(super) fn new_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(self.0.join(name))
    }

    pub(super) fn lock_file(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).custom_flags(OPEN_REPARSE_POINT);
        own_file(options.open(self.0.join(name))?)
    }

    /// The standard library has no file number here. A lock file is deleted a day after its last use at the earliest.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "on other systems it does more")]
    pub(super) fn is_still(&self, _: &File, _: &str) -> io::Result<bool> {
        Ok(true)
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    pub(super) fn link(&self, from: &str, to: &str) -> io::Result<()> {
        fs::hard_link(self.0.join(from), self.0.join(to))
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    pub(super) fn modified(&self, name: &str) -> io::Result<SystemTime> {
        self.0.join(name).symlink_metadata()?.modified()
    }

    pub(super) fn list(&self) -> io::Result<Vec<Listed>> {
        let mut listed = Vec::new();
        for entry in self.0.read_dir()? {
            let entry = entry?;
            // A file that has disappeared meanwhile is ignored.
            let (Ok(name), Ok(found)) = (entry.file_name().into_string(), entry.metadata()) else { continue };
            if !is_reparse_point(&found) {
                let is_folder = found.is_dir();
                listed.push(Listed { name, is_folder, modified: found.modified().unwrap_or(UNIX_EPOCH) });
            }
        }
        Ok(listed)
    }
}

fn own_folder(path: &Path) -> Result<(), Unusable> {
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Unusable::failed(path, &error)),
        _ => {}
    }
    let found = path.symlink_metadata().map_err(|error| Unusable::failed(path, &error))?;
    if is_reparse_point(&found) {
        return Err(Unusable::link(path));
    }
    let no_folder = || Unusable::failed(path, &io::ErrorKind::NotADirectory.into());
    found.is_dir().then_some(()).ok_or_else(no_folder)
}

fn own_file(file: File) -> io::Result<File> {
    let found = file.metadata()?;
    if found.is_file() && !is_reparse_point(&found) {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"))
}

fn is_reparse_point(found: &Metadata) -> bool {
    found.file_attributes() & REPARSE_POINT != 0
}
