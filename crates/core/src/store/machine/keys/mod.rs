//! The encryption key of the machine's store. The first process that needs it creates it; the others read it.
//!
//! Each place for the key has its own file here: the kernel's keyring, macOS's Keychain, a file, and a file that
//! Windows encrypts.

mod file;
#[cfg(target_os = "macos")]
mod keychain;
#[cfg(target_os = "linux")]
mod keyring;
#[cfg(any(windows, test))]
mod protected;
#[cfg(test)]
mod tests;

use super::{
    super::{base32::base32, seal::StoreKey},
    folder::{Folder, Lock},
};
use crate::{config::Protection, host::counted, types::Secret};
use base64::{engine::general_purpose::STANDARD, Engine};
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    io,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use zeroize::Zeroizing;

/// The file with the folder's id, which names its key in a key store that all folders share.
const ID: &str = "id";
/// The lock for creating keys, and for other short work that one process at a time does.
pub(super) const LOCK: &str = "key.l";
const KEY_LENGTH: usize = 32;
const ID_LENGTH: usize = 16;

/// How long to wait for the lock. Creating a key takes moments, so a process that holds the lock longer has been
/// stopped.
const PATIENCE: Duration = Duration::from_secs(4);
const PAUSE: Duration = Duration::from_millis(2);

/// Gives the keys of the store in a folder. The first one encrypts, all of them decrypt.
pub(crate) trait MachineKeys: Send + Sync {
    /// Returns the keys. Blocks, so it must be called on a thread for files.
    ///
    /// # Errors
    /// The reason why there are no keys. Then nothing is stored.
    fn keys(&self, folder: &Folder) -> Result<Arc<[StoreKey]>, NoKeys>;
}

/// Why there are no keys: one sentence says what is wrong, and one what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoKeys(pub(crate) String);

impl NoKeys {
    fn in_system(what: &str) -> Self {
        Self(format!("{what}. Set protection to 'file' in the option cache, or set its keys"))
    }

    fn stopped() -> Self {
        let seconds = PATIENCE.as_secs();
        Self(format!(
            "another process has been creating the encryption key for more than {seconds} s, and may be suspended. Resume or end that process"
        ))
    }
}

impl From<io::Error> for NoKeys {
    fn from(error: io::Error) -> Self {
        Self(format!("the cache folder cannot store the encryption key ({error}). Check its disk"))
    }
}

/// Returns the source of keys for that protection. `given`: the checked keys of [`Protection::Given`].
pub(crate) fn keys_of(protection: &Protection, given: Vec<StoreKey>) -> Arc<dyn MachineKeys> {
    match protection {
        Protection::Required => Arc::new(SystemKeys),
        Protection::File => Arc::new(FileKeys),
        Protection::Given(_) => Arc::new(GivenKeys(given.into())),
    }
}

/// The keys that the program gives.
pub(crate) struct GivenKeys(pub(crate) Arc<[StoreKey]>);

impl MachineKeys for GivenKeys {
    fn keys(&self, _: &Folder) -> Result<Arc<[StoreKey]>, NoKeys> {
        Ok(Arc::clone(&self.0))
    }
}

/// A key in a file of the folder.
#[derive(Clone, Copy)]
struct FileKeys;

impl MachineKeys for FileKeys {
    fn keys(&self, folder: &Folder) -> Result<Arc<[StoreKey]>, NoKeys> {
        key(folder, &file::KeyFile { folder })
    }
}

/// A key in the system's key store.
#[derive(Clone, Copy)]
struct SystemKeys;

impl MachineKeys for SystemKeys {
    fn keys(&self, folder: &Folder) -> Result<Arc<[StoreKey]>, NoKeys> {
        #[cfg(target_os = "linux")]
        return key(folder, &keyring::Keyring);
        #[cfg(target_os = "macos")]
        return key(folder, &keychain::Keychain);
        #[cfg(windows)]
        return key(folder, &protected::ProtectedFile::of_system(folder)?);
        #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
        return Err(NoKeys::in_system("this package supports no key store of this system"));
    }
}

/// A place for a key. Only one process at a time adds a key.
pub(super) trait KeyHome {
    /// Returns the key with that id, in base64. A damaged key counts as absent.
    fn find(&self, id: &str) -> Result<Option<Secret>, NoKeys>;

    /// Stores a key, in place of a damaged one.
    fn add(&self, id: &str, key: &Secret) -> Result<(), NoKeys>;
}

/// Returns the key. Most processes find one, and wait for no lock.
fn key(folder: &Folder, home: &dyn KeyHome) -> Result<Arc<[StoreKey]>, NoKeys> {
    let (mut waited, mut last) = (Duration::ZERO, now());
    loop {
        if let Some(key) = found(folder, home)? {
            return Ok(Arc::new([key]));
        }
        match folder.try_lock(LOCK) {
            Ok(None) if waited >= PATIENCE => return Err(NoKeys::stopped()),
            Ok(None) => {
                thread::sleep(PAUSE);
                let looked = std::mem::replace(&mut last, now());
                waited += counted(last - looked);
            }
            // Without locks, two first processes may each use a key of their own for a while.
            lock => return Ok(Arc::new([found_or_new(folder, home, lock.ok().flatten())?])),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this thread waits for the machine, not for a test's clock")]
fn now() -> Instant {
    Instant::now()
}

/// Finds or creates the key, with the lock if the disk has locks.
fn found_or_new(folder: &Folder, home: &dyn KeyHome, _lock: Option<Lock>) -> Result<StoreKey, NoKeys> {
    if let Some(key) = found(folder, home)? {
        return Ok(key);
    }
    let id = id_or_new(folder)?;
    home.add(&id, &new_key()?)?;
    found(folder, home)?.ok_or_else(|| NoKeys::in_system("the key store does not keep what it is given"))
}

fn found(folder: &Folder, home: &dyn KeyHome) -> Result<Option<StoreKey>, NoKeys> {
    let Some(id) = id(folder)? else { return Ok(None) };
    Ok(home.find(&id)?.and_then(|key| StoreKey::new(&id, &key)))
}

fn id(folder: &Folder) -> io::Result<Option<String>> {
    let text = folder.read(ID)?.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    Ok(text
        .filter(|id| id.len() == base32(&[0; ID_LENGTH]).len() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())))
}

fn id_or_new(folder: &Folder) -> Result<String, NoKeys> {
    if let Some(id) = id(folder)? {
        return Ok(id);
    }
    let id = base32(&*random::<ID_LENGTH>()?);
    put(folder, ID, id.as_bytes())?;
    Ok(id)
}

fn new_key() -> Result<Secret, NoKeys> {
    Ok(Secret::new(STANDARD.encode(*random::<KEY_LENGTH>()?)))
}

/// Writes a file, or replaces a damaged one.
fn put(folder: &Folder, name: &str, content: &[u8]) -> io::Result<()> {
    if !folder.create(name, content)? {
        folder.remove(name)?;
        folder.create(name, content)?;
    }
    Ok(())
}

fn random<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>, NoKeys> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    let filled = SystemRandom::new().fill(&mut *bytes);
    filled.map_err(|_| NoKeys("the system gives no random numbers. Check /dev/urandom".to_owned()))?;
    Ok(bytes)
}
