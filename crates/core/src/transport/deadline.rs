use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Until when an acquisition is wanted: the latest moment that any of its waiters named.
#[derive(Clone, Debug)]
pub(crate) struct Deadline(Arc<Mutex<Instant>>);

impl Deadline {
    pub(crate) fn at(moment: Instant) -> Self {
        Self(Arc::new(Mutex::new(moment)))
    }

    /// A waiter that stays longer has joined.
    pub(crate) fn extend_to(&self, moment: Instant) {
        let mut deadline = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *deadline = moment.max(*deadline);
    }

    /// Whether a wait of that length would end in time.
    pub(crate) fn allows(&self, wait: Duration) -> bool {
        let deadline = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Instant::now().checked_add(wait).is_some_and(|end| end < deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_latest_waiter_decides() {
        let start = Instant::now();
        let deadline = Deadline::at(start + Duration::from_secs(2));
        assert!(deadline.allows(Duration::from_secs(1)));
        assert!(!deadline.allows(Duration::from_secs(2)));
        deadline.extend_to(start + Duration::from_secs(1));
        assert!(deadline.allows(Duration::from_secs(1)), "an earlier one changes nothing");
        deadline.extend_to(start + Duration::from_secs(5));
        assert!(deadline.allows(Duration::from_secs(4)));
        assert!(!deadline.allows(Duration::MAX));
    }
}
