use crate::types::CachedIn;
use std::time::Duration;

/// The rules for a store: time limits, the length of a lease, its name in messages.
pub(super) struct Rules {
    /// What it is called in a sentence.
    pub(super) name: &'static str,
    /// What to do where it fails.
    pub(super) advice: &'static str,
    /// Where its tokens come from, for those who get them.
    pub(super) cached_in: CachedIn,
    /// How long one of its commands may take.
    pub(super) patience: Duration,
    /// How long the right to ask lasts, unless it is extended.
    pub(super) lease: Duration,
    /// Who has that right is waited for no longer than this …
    pub(super) longest_wait: Duration,
    /// … and looked for after this, and after ever longer times up to the next one.
    pub(super) first_poll: Duration,
    pub(super) longest_poll: Duration,
    /// Whether it is a disk, which does not fail for a moment: the first failure is logged, and not retried.
    pub(super) is_disk: bool,
    /// Whether those who have waited for a request share its failure.
    pub(super) shares_failures: bool,
}
