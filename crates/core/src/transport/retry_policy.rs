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
