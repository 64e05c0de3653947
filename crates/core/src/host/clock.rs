use crate::types::UnixMillis;
use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::Instant;

/// The wall clock, in which services state a token's expiry, and the monotonic clock, which cannot be set.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[expect(clippy::disallowed_methods, reason = "`host` alone may")]
    pub fn system() -> Self {
        Self(Arc::new(SystemTime::now))
    }

    /// A wall clock that shows the result of `wall`.
    pub fn fake(wall: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(wall))
    }

    /// Returns the time in milliseconds since the epoch.
    pub fn now(&self) -> UnixMillis {
        let since_epoch = (self.0)().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        UnixMillis::try_from(since_epoch.as_millis()).unwrap_or(UnixMillis::MAX)
    }

    /// Returns the time of the steady clock, which is tokio's, so that tests can pause it.
    pub fn instant(&self) -> Instant {
        Instant::now()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Clock({})", self.now())
    }
}
