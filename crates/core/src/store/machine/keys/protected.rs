use super::{put, Folder, KeyHome, NoKeys};
use crate::{host::ProtectKey, types::Secret};

const NAME: &str = "key.p";

/// A file that only this user of Windows can decrypt (DPAPI).
pub(super) struct ProtectedFile<'a> {
    pub(super) folder: &'a Folder,
    pub(super) protection: &'a dyn ProtectKey,
}

#[cfg(windows)]
impl<'a> ProtectedFile<'a> {
    pub(super) fn of_system(folder: &'a Folder) -> Result<Self, NoKeys> {
        let protection = crate::host::key_protection().ok_or_else(unusable)?;
        Ok(Self { folder, protection })
    }
}

impl KeyHome for ProtectedFile<'_> {
    /// A file that another user or machine has encrypted counts as absent.
    fn find(&self, _: &str) -> Result<Option<Secret>, NoKeys> {
        let content = self.folder.read(NAME)?;
        Ok(content.and_then(|content| self.protection.open(&content)))
    }

    fn add(&self, _: &str, key: &Secret) -> Result<(), NoKeys> {
        let content = self.protection.seal(key).ok_or_else(unusable)?;
        Ok(put(self.folder, NAME, &content)?)
    }
}

fn unusable() -> NoKeys {
    NoKeys::in_system("Windows does not encrypt a key for this user (CryptProtectData)")
}
