use crate::types::CachedIn;
use std::time::Duration;

/// The rules for a store: time limits, the length of a lease, its name in messages.
pub(super) struct Rules {
    /// Its name in a sentence.
    pub(super) name: &'static str,
    /// What to do if it fails.
    pub(super) advice: &'static str,
    /// The origin of its tokens, for the callers that get them.
    pub(super) cached_in: CachedIn,
    /// The time limit of one command.
    pub(super) patience: Duration,
    /// How long the right to ask lasts, unless it is extended.
    pub(super) lease: Duration,
    /// The longest wait for the process with that right …
    pub(super) longest_wait: Duration,
    /// … the time until the first look for its token; each further one comes later, up to the next value.
    pub(super) first_poll: Duration,
    pub(super) longest_poll: Duration,
    /// Whether it is a disk. A disk does not fail for a moment only, so its first failure is logged and not retried.
    pub(super) is_disk: bool,
    /// Whether processes that have waited for a request share its failure.
    pub(super) shares_failures: bool,
}
