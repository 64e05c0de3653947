use super::{put, Folder, KeyHome, NoKeys};
use crate::types::Secret;

const NAME: &str = "key";

/// A key file beside the tokens. A process that can read the user's files can decrypt the tokens.
pub(super) struct KeyFile<'a> {
    pub(super) folder: &'a Folder,
}

impl KeyHome for KeyFile<'_> {
    fn find(&self, _: &str) -> Result<Option<Secret>, NoKeys> {
        let content = self.folder.read(NAME)?;
        Ok(content.and_then(|key| std::str::from_utf8(&key).ok().map(Secret::new)))
    }

    fn add(&self, _: &str, key: &Secret) -> Result<(), NoKeys> {
        Ok(put(self.folder, NAME, key.expose().as_bytes())?)
    }
}
