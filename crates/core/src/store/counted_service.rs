//! A token service for tests of several processes, which counts its requests.

use super::{SharedTokens, StoreRequest};
use crate::{
    key::KeyBuilder,
    types::{AccessToken, CredentialKind, Error, Secret, TokenIdentity, UnixMillis},
};
use std::{
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc, Mutex,
    },
    time::Duration,
};

const HOUR: UnixMillis = 3_600_000;

/// Gives a token with this lifetime after a delay, and counts the requests.
#[derive(Default)]
pub(super) struct Service {
    requests: AtomicU32,
    delay: Duration,
    life: UnixMillis,
    failures: Mutex<Vec<Error>>,
}

impl Service {
    pub(super) fn of_life(life: UnixMillis) -> Arc<Self> {
        Arc::new(Self { life, ..Self::default() })
    }

    /// A service with tokens that live for an hour. It first fails with these failures, from the last to the first.
    pub(super) fn slow(delay: Duration, failures: Vec<Error>) -> Arc<Self> {
        Arc::new(Self { delay, life: HOUR, failures: Mutex::new(failures), ..Self::default() })
    }

    pub(super) fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }

    pub(super) async fn token(&self, now: UnixMillis) -> Result<AccessToken, Error> {
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(self.delay).await;
        match self.failures.lock().unwrap().pop() {
            Some(failure) => Err(failure),
            None => Ok(token(&format!("marker-{number}"), now + self.life)),
        }
    }
}

/// The call of a process that has just begun, without options.
pub(super) fn plain_call(store: &Arc<SharedTokens>) -> StoreRequest {
    StoreRequest {
        store: Arc::clone(store),
        call: KeyBuilder::stable().part("call"),
        logins: Vec::new(),
        written_after: 0,
        held_until: None,
        force_refresh: false,
        refusal_memory: Duration::ZERO,
    }
}

fn token(text: &str, expires_on: UnixMillis) -> AccessToken {
    AccessToken {
        token: Secret::new(text),
        expires_on,
        refresh_after: None,
        tenant: None,
        identity: TokenIdentity::default(),
        source: CredentialKind::ClientSecret,
        attempts: Vec::new(),
        cached_in: None,
    }
}
