use super::{circuit_breaker::LogContext, seal::StoreKey};
use crate::{host::StoreFailure, key::Reach};
use async_trait::async_trait;
use std::sync::Arc;

/// An open store: its keys, and which processes share it.
#[derive(Clone)]
pub(crate) struct OpenStore {
    /// The first one encrypts, all of them decrypt.
    pub(super) keys: Arc<[StoreKey]>,
    /// The processes that share it.
    pub(crate) reach: Reach,
}

/// Provides the keys of a store.
#[async_trait]
pub(super) trait KeySource: Send + Sync {
    async fn open(&self, context: LogContext<'_>) -> Result<OpenStore, StoreFailure>;
}

/// A store whose keys are already known.
#[async_trait]
impl KeySource for OpenStore {
    async fn open(&self, _: LogContext<'_>) -> Result<OpenStore, StoreFailure> {
        Ok(self.clone())
    }
}
