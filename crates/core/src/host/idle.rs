//! What is kept for its next use goes after a time without one.

use std::{sync::Arc, time::Duration};

/// How long something is kept that is not used. To make it again takes some milliseconds; keys and passwords that belong
/// to it lie in the memory as long.
pub(crate) const LONGEST_IDLE: Duration = Duration::from_secs(15 * 60);

/// Starts a task that calls `drop_idle` from time to time, until it returns that nothing is left or the owner is gone.
pub(crate) fn watch_idle<T>(owner: &Arc<T>, drop_idle: impl Fn(&T) -> bool + Send + 'static)
where
    T: Send + Sync + 'static,
{
    let owner = Arc::downgrade(owner);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LONGEST_IDLE / 3).await;
            if !owner.upgrade().is_some_and(|owner| drop_idle(&owner)) {
                return;
            }
        }
    });
}
