use super::Exchange;
use async_trait::async_trait;
use azure_core::{
    http::{
        policies::{RetryHeaders, RetryPolicy},
        StatusCode,
    },
    time::Duration,
};
use std::{fmt, sync::Arc};

/// Tells `azure_core`'s pipeline whether to try again: what the [`Exchange`] saw decides.
pub(crate) struct RetryRule(Arc<Exchange>);

impl RetryRule {
    pub(crate) fn new(exchange: Arc<Exchange>) -> Arc<Self> {
        Arc::new(Self(exchange))
    }
}

impl fmt::Debug for RetryRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RetryRule")
    }
}

#[async_trait]
impl RetryPolicy for RetryRule {
    fn is_expired(&self, _since_start: Duration, _retry_count: u32) -> bool {
        self.0.planned_wait().is_none()
    }

    fn retry_headers(&self) -> Option<&RetryHeaders> {
        None
    }

    /// Empty: the pipeline's own list, in which is the 503 that stands for whatever is asked again.
    fn retry_status_codes(&self) -> &[StatusCode] {
        &[]
    }

    fn sleep_duration(&self, _retry_count: u32) -> Duration {
        Duration::ZERO
    }

    async fn wait(&self, _retry_count: u32, _retry_after: Option<Duration>) {
        self.0.pause().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::NetworkSettings,
        host::{Clock, Log, LogLevel},
        transport::{Deadline, RetryRules, Transport, Wire, WireAnswer, WireRequest},
        types::Error,
    };
    use azure_core::http::{Method, Request};
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::{Duration as StdDuration, UNIX_EPOCH},
    };
    use tokio::time::Instant;

    struct Busy;

    #[async_trait]
    impl Wire for Busy {
        async fn answer(&self, _: WireRequest) -> Result<WireAnswer, Error> {
            Ok(WireAnswer { status: 503, ..WireAnswer::default() })
        }
    }

    /// The pipeline may ask as often as it likes: what is counted, drawn and told happens with the tries.
    #[tokio::test(start_paused = true)]
    async fn a_question_whether_to_try_again_changes_nothing() {
        let lines = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&lines);
        let log = Log::default().and_to(LogLevel::Debug, move |_| _ = counted.fetch_add(1, Ordering::Relaxed));
        let deadline = Deadline::at(Instant::now() + StdDuration::from_secs(60));
        let transport = Arc::new(Transport::new(NetworkSettings::default(), Some(Arc::new(Busy))));
        let exchange = Exchange::new(RetryRules::ENTRA, transport, deadline, (log, Clock::fake(|| UNIX_EPOCH)));
        let rule = RetryRule::new(Arc::clone(&exchange));
        let request = Request::new("https://login.example/".parse().unwrap(), Method::Get);
        for is_last in [false, false, false, true] {
            exchange.try_once(&request).await.unwrap();
            let state = || (exchange.planned_wait(), lines.load(Ordering::Relaxed));
            let before = state();
            assert!((0..10).all(|_| rule.is_expired(Duration::ZERO, 0) == is_last));
            assert_eq!(state(), before);
        }
    }
}
