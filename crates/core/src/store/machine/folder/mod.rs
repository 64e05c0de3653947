//! Opens the folder of the machine's store, and reads and writes its files. All functions block: call them on a thread
//! for files.

mod lock;
#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "windows.rs")]
mod system;
mod unusable;

pub(crate) use lock::Lock;
pub(crate) use unusable::Unusable;

use super::super::base32::base32;
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    thread,
    time::{Duration, SystemTime},
};
use zeroize::Zeroizing;

/// The longest file. Every encrypted token is shorter.
const LONGEST_FILE: u64 = 64 * 1024;

/// The prefix of files that are being written.
pub(super) const UNFINISHED: &str = "new-";

/// How often a rename is tried on Windows, where it fails while another process has the file open …
const RENAME_TRIES: u32 = 3;
/// … and the pause between two tries.
const RENAME_PAUSE: Duration = Duration::from_millis(10);

/// A folder that belongs to this user alone.
pub(crate) struct Folder {
    system: system::Handle,
}

/// A file or folder in the list of the folder's content.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) is_folder: bool,
    pub(super) modified: SystemTime,
}

impl Folder {
    /// Opens `below` in `base`, and creates missing folders.
    ///
    /// # Errors
    /// The reason why the folder must not or cannot be used.
    pub(crate) fn open(base: &Path, below: &[&str]) -> Result<Self, Unusable> {
        Ok(Self { system: system::Handle::open(base, below)? })
    }

    /// Returns the content of a file that belongs to this user, or nothing if there is none or it is longer than any
    /// encrypted value.
    ///
    /// # Errors
    /// The system's error.
    pub(crate) fn read(&self, name: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let file = match self.system.file(name) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let length = file.metadata()?.len();
        if length > LONGEST_FILE {
            return Ok(None);
        }
        // The whole capacity at once: a growing buffer would leave copies of a key behind.
        let mut content = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1));
        file.take(LONGEST_FILE + 1).read_to_end(&mut content)?;
        Ok((content.len() as u64 <= LONGEST_FILE).then_some(content))
    }

    /// Replaces the file of that name, completely or not at all. `life`: how long it is of use. Processes
    /// that prune the folder learn it from the file's modification time. Returns the time by the disk's clock.
    ///
    /// # Errors
    /// The system's error.
    pub(crate) fn write(&self, name: &str, content: &[u8], life: Duration) -> io::Result<SystemTime> {
        let (unfinished, now) = self.unfinished(content, life)?;
        self.renamed(&unfinished, name).inspect_err(|_| self.discard(&unfinished))?;
        Ok(now)
    }

    /// Writes a file of that name if there is none, and returns whether it did.
    ///
    /// # Errors
    /// The system's error.
    pub(crate) fn create(&self, name: &str, content: &[u8]) -> io::Result<bool> {
        let (unfinished, _) = self.unfinished(content, Duration::ZERO)?;
        let linked = self.system.link(&unfinished, name);
        self.discard(&unfinished);
        match linked {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes the lock with the name of a file, or returns nothing if another process has it.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] if the disk has no locks, or the system's error.
    pub(crate) fn try_lock(&self, name: &str) -> io::Result<Option<Lock>> {
        lock::try_lock(&self.system, name)
    }

    /// Returns when a file was last changed, or nothing if there is none.
    ///
    /// # Errors
    /// The system's error.
    pub(super) fn modified(&self, name: &str) -> io::Result<Option<SystemTime>> {
        match self.system.modified(name) {
            Ok(moment) => Ok(Some(moment)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes a file.
    ///
    /// # Errors
    /// The system's error.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        self.system.remove(name)
    }

    /// Returns the folder's content.
    ///
    /// # Errors
    /// The system's error.
    pub(super) fn list(&self) -> io::Result<Vec<Listed>> {
        self.system.list()
    }

    /// Writes a file with a name that no other process uses, and returns the name and the time.
    fn unfinished(&self, content: &[u8], life: Duration) -> io::Result<(String, SystemTime)> {
        let name = random_name()?;
        let written = self.system.new_file(&name).and_then(|file| fill(file, content, life));
        written.inspect_err(|_| self.discard(&name)).map(|now| (name, now))
    }

    fn renamed(&self, from: &str, to: &str) -> io::Result<()> {
        let mut tries = 1;
        loop {
            match self.system.rename(from, to) {
                Err(error) if tries < RENAME_TRIES && is_in_the_way(&error) => thread::sleep(RENAME_PAUSE),
                outcome => return outcome,
            }
            tries += 1;
        }
    }

    /// If this fails, pruning deletes the file later.
    fn discard(&self, name: &str) {
        let _ = self.system.remove(name);
    }
}

fn fill(mut file: File, content: &[u8], life: Duration) -> io::Result<SystemTime> {
    file.write_all(content)?;
    let now = file.metadata()?.modified()?;
    file.set_modified(now + life)?;
    Ok(now)
}

fn is_in_the_way(error: &io::Error) -> bool {
    cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied
}

fn random_name() -> io::Result<String> {
    let mut bytes = [0; 15];
    let none = |_| io::Error::other("the operating system gave no random bytes");
    SystemRandom::new().fill(&mut bytes).map_err(none)?;
    Ok(format!("{UNFINISHED}{}", base32(&bytes)))
}

#[cfg(test)]
pub(super) mod tests;
