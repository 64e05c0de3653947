use super::{base32::base32, circuit_breaker::LogContext, rules::Rules, shared_tokens::SharedTokens};
use crate::{
    host::{Clock, Log, StoreFailure, StoreWrite},
    transport::RetryRules,
};
use ring::rand::{SecureRandom, SystemRandom};
use std::{future::Future, pin::pin, sync::Arc, time::Duration};
use tokio::{runtime::Handle, time::timeout};

/// A lease is extended after a third of its time while the request continues.
const PART_OF_EXTENSION: u32 = 3;

/// The right to ask for a token that others wait for. Dropping it returns it.
pub(super) struct Lease {
    store: Arc<SharedTokens>,
    key: String,
    value: String,
    context: (Log, Clock),
    is_over: bool,
}

/// The outcome of a request for a lease.
pub(super) enum LeaseAttempt {
    Won(Lease),
    Taken,
}

impl Lease {
    pub(super) async fn try_acquire(
        store: &Arc<SharedTokens>,
        key: String,
        context: LogContext<'_>,
    ) -> Result<LeaseAttempt, StoreFailure> {
        let value = random_value().ok_or(StoreFailure)?;
        let write = StoreWrite { ttl: store.rules.lease, if_absent: true };
        // Made before the store is asked: the store may have granted the lease in an answer that comes too late.
        let mut lease = Self {
            store: Arc::clone(store),
            key,
            value,
            context: (context.log.clone(), context.clock.clone()),
            is_over: false,
        };
        let won = store.store.set(&lease.key, &lease.value, write, context).await?;
        lease.is_over = !won;
        Ok(if won { LeaseAttempt::Won(lease) } else { LeaseAttempt::Taken })
    }

    /// Does the work, and holds the lease until it ends.
    pub(super) async fn hold<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            if let Ok(outcome) = timeout(self.store.rules.lease / PART_OF_EXTENSION, work.as_mut()).await {
                return outcome;
            }
            let (store, key, value) = (Arc::clone(&self.store), self.key.clone(), self.value.clone());
            let (log, clock) = self.context.clone();
            tokio::spawn(async move {
                let context = LogContext { log: &log, clock: &clock };
                store.store.extend(&key, &value, store.rules.lease, context).await
            });
        }
    }

    pub(super) async fn release(mut self) {
        self.is_over = true;
        let context = LogContext { log: &self.context.0, clock: &self.context.1 };
        let _ = self.store.store.delete(&self.key, &self.value, context).await;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(runtime) = Handle::try_current().ok().filter(|_| !self.is_over) else { return };
        let store = Arc::clone(&self.store);
        let (key, value) = (std::mem::take(&mut self.key), std::mem::take(&mut self.value));
        let (log, clock) = self.context.clone();
        drop(runtime.spawn(async move {
            let context = LogContext { log: &log, clock: &clock };
            store.store.delete(&key, &value, context).await
        }));
    }
}

/// Returns 128 random bits, so that only the holder of the lease can return it.
fn random_value() -> Option<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(base32(&bytes))
}

/// Returns the time until a waiter's next look, which is longer each time.
pub(super) fn poll_wait(rules: &Rules, looks: u32) -> Duration {
    let wait = rules.first_poll.saturating_mul(2_u32.saturating_pow(looks));
    RetryRules::scattered(wait.min(rules.longest_poll))
}
