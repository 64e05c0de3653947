use super::{access::Access, disk::Disk, files::Files, keys::MachineKeys, place::Place};
use crate::{
    host::TokenStoreHandle,
    store::shared::{Rules, SharedTokens},
    types::CachedIn,
};
use std::{sync::Arc, time::Duration};

/// What the store of a machine is used with.
pub(crate) struct MachineSettings {
    pub(crate) place: Place,
    pub(crate) keys: Arc<dyn MachineKeys>,
}

/// A machine that starts two hundred processes at once is slow: what takes longer is out of order.
const PATIENCE: Duration = Duration::from_secs(5);
/// Who holds the lock is waited for no longer: it may have been stopped.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
const FIRST_POLL: Duration = Duration::from_millis(2);
const LONGEST_POLL: Duration = Duration::from_millis(40);

impl SharedTokens {
    /// The store of this machine.
    pub(crate) fn of_machine(settings: MachineSettings) -> Self {
        let disk = Disk::of(&settings.place);
        let rules = Rules {
            name: "machine's store of tokens",
            advice: "Check the disk of the user's cache folder",
            cached_in: CachedIn::Machine,
            first_poll: FIRST_POLL,
            longest_poll: LONGEST_POLL,
            longest_wait: LONGEST_WAIT,
            lease: LONGEST_WAIT,
            patience: PATIENCE,
            polls_lease_only: true,
            shares_failures: true,
        };
        let store = TokenStoreHandle::new(Files::new(Arc::clone(&disk)));
        Self::with(&store, Arc::new(Access::new(disk, settings.keys)), None, rules)
    }
}
