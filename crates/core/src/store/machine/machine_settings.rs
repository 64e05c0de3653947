use super::{
    file_store::FileStore, key_access::KeyAccess, keys::MachineKeys, location::StoreLocation,
    opened_folder::OpenedFolder,
};
use crate::{
    host::TokenStoreHandle,
    store::{rules::Rules, shared_tokens::SharedTokens},
    types::CachedIn,
};
use std::{sync::Arc, time::Duration};

/// The settings of the machine's store.
pub(crate) struct MachineSettings {
    pub(crate) location: StoreLocation,
    pub(crate) keys: Arc<dyn MachineKeys>,
}

/// The time limit of a command. A machine that starts two hundred processes at once is slow; what takes longer counts
/// as unavailable.
const PATIENCE: Duration = Duration::from_secs(5);
/// The holder of a lock touches it three times in this period. A holder that does not has been stopped, and loses the
/// lock.
const LEASE: Duration = Duration::from_secs(10);
/// The longest wait for the holder of a lock.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const FIRST_POLL: Duration = Duration::from_millis(2);
const LONGEST_POLL: Duration = Duration::from_millis(40);

impl SharedTokens {
    /// The store of this machine.
    pub(crate) fn of_machine(settings: MachineSettings) -> Self {
        Self::of_machine_with_lease(settings, LEASE)
    }

    pub(super) fn of_machine_with_lease(settings: MachineSettings, lease: Duration) -> Self {
        let disk = OpenedFolder::of(&settings.location);
        let rules = Rules {
            name: "machine's store of tokens",
            advice: "Check the disk of the user's cache folder",
            cached_in: CachedIn::Machine,
            first_poll: FIRST_POLL,
            longest_poll: LONGEST_POLL,
            longest_wait: LONGEST_WAIT,
            lease,
            patience: PATIENCE,
            is_disk: true,
            shares_failures: true,
        };
        let store = TokenStoreHandle::new(FileStore::new(Arc::clone(&disk), lease));
        Self::with(&store, Arc::new(KeyAccess::new(disk, settings.keys)), None, rules)
    }
}
