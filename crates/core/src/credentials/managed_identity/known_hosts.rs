use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A machine has one metadata service; only a test names more than this many.
const MOST_HOSTS: usize = 64;

/// The metadata services that have given a token. If one of them does not answer, that is an outage and not an absence.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownHosts(Arc<Mutex<HashSet<String>>>);

impl KnownHosts {
    pub(super) fn add(&self, authority_host: &str) {
        let mut hosts = self.hosts();
        if hosts.len() >= MOST_HOSTS {
            hosts.clear();
        }
        hosts.insert(authority_host.to_owned());
    }

    pub(super) fn contains(&self, authority_host: &str) -> bool {
        self.hosts().contains(authority_host)
    }

    /// Removes all of them: the next call probes each again.
    pub(crate) fn clear(&self) {
        self.hosts().clear();
    }

    fn hosts(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
