//! Where the keys of the machine's store come from.

use super::{super::seal::StoreKey, folder::Folder};
use crate::config::Protection;
use std::sync::Arc;

/// Gives the keys of the store in a folder: the first seals, all open.
pub(crate) trait MachineKeys: Send + Sync {
    /// Blocks; it is called on a thread for files. Processes that call it for the first time at the same moment must get
    /// the same keys: make them under [`Folder::lock_within`]`("key.l", …)`.
    ///
    /// # Errors
    /// There are none, and why: nothing is kept then.
    fn keys(&self, folder: &Folder) -> Result<Arc<[StoreKey]>, NoKeys>;
}

/// Why there are no keys: one sentence of what is wrong, and one of what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoKeys(pub(crate) String);

/// The keys that the program gives itself.
pub(crate) struct GivenKeys(pub(crate) Arc<[StoreKey]>);

impl MachineKeys for GivenKeys {
    fn keys(&self, _: &Folder) -> Result<Arc<[StoreKey]>, NoKeys> {
        Ok(Arc::clone(&self.0))
    }
}

/// What gives the keys for that protection. `given`: those of [`Protection::Given`], checked.
pub(crate) fn keys_of(protection: &Protection, given: Vec<StoreKey>) -> Arc<dyn MachineKeys> {
    match protection {
        Protection::Required | Protection::File => Arc::new(NoKeyStore),
        Protection::Given(_) => Arc::new(GivenKeys(given.into())),
    }
}

/// A system without a store of keys.
struct NoKeyStore;

impl MachineKeys for NoKeyStore {
    fn keys(&self, _: &Folder) -> Result<Arc<[StoreKey]>, NoKeys> {
        Err(NoKeys("this system has no store of keys. Give the option cache the protection 'file', or keys".to_owned()))
    }
}
