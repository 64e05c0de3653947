use super::{circuit_breaker::Told, seal::StoreKey};
use crate::{host::StoreFailure, key::Reach};
use async_trait::async_trait;
use std::sync::Arc;

/// An open store: its keys, and which processes share it.
#[derive(Clone)]
pub(crate) struct Opened {
    /// The first seals, all open.
    pub(super) keys: Arc<[StoreKey]>,
    /// Who shares it.
    pub(crate) reach: Reach,
}

/// Where a store's keys are had from.
#[async_trait]
pub(super) trait Opening: Send + Sync {
    async fn open(&self, told: Told<'_>) -> Result<Opened, StoreFailure>;
}

/// They are there.
#[async_trait]
impl Opening for Opened {
    async fn open(&self, _: Told<'_>) -> Result<Opened, StoreFailure> {
        Ok(self.clone())
    }
}
