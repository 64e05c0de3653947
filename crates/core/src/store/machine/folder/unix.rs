//! The folder on Unix, accessed by its descriptor: once its owner and permissions are checked, it cannot be replaced by
//! a link.

use super::{Listed, Unusable};
use rustix::{
    fd::OwnedFd,
    fs::{self, AtFlags, Dir, FileType, Mode, OFlags, Stat},
    io::Errno,
    process::geteuid,
};
use std::{
    fs::File,
    io,
    os::unix::fs::MetadataExt,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Opening a pipe or a terminal must not wait, and programs that are started must not inherit the descriptor.
const ALWAYS: OFlags = OFlags::CLOEXEC.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);
const OWN_FOLDER: OFlags = FOLDER.union(OFlags::NOFOLLOW);

pub(super) struct Handle(OwnedFd);

impl Handle {
    /// Links are followed up to `base`, and not below it.
    pub(super) fn open(base: &Path, below: &[&str]) -> Result<Self, Unusable> {
        let mut folder = base_folder(base)?;
        let mut path = base.to_owned();
        for name in below {
            path.push(name);
            folder = own_folder(&folder, name, &path)?;
        }
        Ok(Self(folder))
    }

    /// Opens a file that belongs to this user for reading, and nothing else of that name.
    pub(super) fn file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | ALWAYS;
        own_file(fs::openat(&self.0, name, flags, Mode::empty())?)
    }

    pub(super) fn new_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | ALWAYS;
        Ok(File::from(fs::openat(&self.0, name, flags, own_mode())?))
    }

    pub(super) fn lock_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | ALWAYS;
        own_file(fs::openat(&self.0, name, flags, own_mode())?)
    }

    pub(super) fn is_still(&self, file: &File, name: &str) -> io::Result<bool> {
        let opened = fs::fstat(file)?;
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(named) => Ok((named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from, &self.0, to)?)
    }

    pub(super) fn link(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(fs::linkat(&self.0, from, &self.0, to, AtFlags::empty())?)
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    pub(super) fn modified(&self, name: &str) -> io::Result<SystemTime> {
        Ok(modified(&fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    pub(super) fn list(&self) -> io::Result<Vec<Listed>> {
        let mut listed = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if matches!(name, "." | "..") {
                continue;
            }
            // A file that has disappeared meanwhile is ignored.
            let Ok(stat) = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            let kind = FileType::from_raw_mode(stat.st_mode);
            if matches!(kind, FileType::RegularFile | FileType::Directory) {
                let is_folder = kind == FileType::Directory;
                listed.push(Listed { name: name.to_owned(), is_folder, modified: modified(&stat) });
            }
        }
        Ok(listed)
    }
}

fn own_mode() -> Mode {
    Mode::RUSR | Mode::WUSR
}

/// A pipe or a device would behave differently.
fn own_file(opened: OwnedFd) -> io::Result<File> {
    let file = File::from(opened);
    let found = file.metadata()?;
    if found.is_file() && found.uid() == geteuid().as_raw() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file of this user's"))
}

/// Opens the folder, and creates missing folders above it.
fn base_folder(path: &Path) -> Result<OwnedFd, Unusable> {
    match fs::open(path, FOLDER, Mode::empty()) {
        Ok(folder) => Ok(folder),
        Err(Errno::NOENT) => {
            let (parent, name) = (path.parent(), path.file_name());
            let (Some(parent), Some(name)) = (parent, name) else { return Err(failed(path, Errno::NOENT)) };
            let parent = base_folder(parent)?;
            made(&parent, Path::new(name), path)?;
            fs::openat(&parent, name, OWN_FOLDER, Mode::empty()).map_err(|error| failed(path, error))
        }
        Err(error) => Err(failed(path, error)),
    }
}

/// Opens a folder that belongs to this user, and to which no other user may write.
fn own_folder(parent: &OwnedFd, name: &str, path: &Path) -> Result<OwnedFd, Unusable> {
    let open = || fs::openat(parent, name, OWN_FOLDER, Mode::empty());
    let opened = match open() {
        Err(Errno::NOENT) => {
            made(parent, Path::new(name), path)?;
            open()
        }
        other => other,
    };
    let folder =
        opened.map_err(|error| if is_link(parent, name) { Unusable::link(path) } else { failed(path, error) })?;
    let found = fs::fstat(&folder).map_err(|error| failed(path, error))?;
    if found.st_uid != geteuid().as_raw() {
        return Err(Unusable::foreign(path));
    }
    if Mode::from_raw_mode(found.st_mode).intersects(Mode::WGRP | Mode::WOTH) {
        return Err(Unusable::open_to_others(path));
    }
    Ok(folder)
}

fn is_link(parent: &OwnedFd, name: &str) -> bool {
    let found = fs::statat(parent, name, AtFlags::SYMLINK_NOFOLLOW);
    found.is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::Symlink)
}

/// With `sudo` and a user's variables, a folder of root would be left in that user's home.
fn made(parent: &OwnedFd, name: &Path, path: &Path) -> Result<(), Unusable> {
    let found = fs::fstat(parent).map_err(|error| failed(path, error))?;
    let is_sticky = found.st_uid == 0 && Mode::from_raw_mode(found.st_mode).contains(Mode::SVTX);
    if found.st_uid != geteuid().as_raw() && !is_sticky {
        return Err(Unusable::not_ours_to_make(path));
    }
    match fs::mkdirat(parent, name, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(failed(path, error)),
    }
}

fn failed(path: &Path, error: Errno) -> Unusable {
    Unusable::failed(path, &error.into())
}

/// The types of the fields differ between systems.
#[allow(clippy::useless_conversion, clippy::unnecessary_cast, reason = "on some systems the value is one")]
fn modified(stat: &Stat) -> SystemTime {
    let seconds = u64::try_from(stat.st_mtime).unwrap_or_default();
    let rest = u32::try_from(stat.st_mtime_nsec).unwrap_or_default().min(999_999_999);
    UNIX_EPOCH + Duration::new(seconds, rest)
}
