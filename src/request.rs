//! Converts a call from JavaScript.

use crate::configuration::NativeClient;
use azure_client_token_core::TokenRequest;
use napi::bindgen_prelude::ClassInstance;
use napi_derive::napi;
use std::time::Duration;
use tokio::{sync::watch, time::Instant};

/// What the token is for.
#[napi(object, object_to_js = false)]
pub struct NativeArgs {
    /// The endpoint that the token is for.
    pub endpoint: Option<String>,
    /// The container registry whose own token is wanted, in place of an endpoint.
    pub registry: Option<String>,
}

/// The options of the call, and the signal that cancels it.
#[napi(object, object_to_js = false)]
pub struct NativeOptions<'env> {
    /// The login context.
    pub client: ClassInstance<'env, NativeClient>,
    /// Cancels the call when its `cancel` is called.
    pub cancellation: Option<ClassInstance<'env, Cancellation>>,
    /// The scopes, in place of an endpoint.
    pub scopes: Option<Vec<String>>,
    /// The tenant to ask, in place of the configured one.
    pub tenant_id: Option<String>,
    /// A claims challenge.
    pub claims: Option<String>,
    /// Whether to ask for a token that takes part in Continuous Access Evaluation.
    pub enable_cae: Option<bool>,
    /// Whether to ask for a new token even if the cached one is fresh.
    pub force_refresh: Option<bool>,
    /// For how many milliseconds the call has waited in JavaScript for its turn.
    pub waited: Option<f64>,
    /// The time limit of the whole call, in milliseconds.
    pub timeout: Option<u32>,
}

impl NativeOptions<'_> {
    pub(crate) fn request(&self, args: NativeArgs) -> TokenRequest {
        TokenRequest {
            endpoint: args.endpoint,
            scopes: self.scopes.clone(),
            tenant: self.tenant_id.clone(),
            claims: self.claims.clone(),
            enable_cae: self.enable_cae.unwrap_or_default(),
            force_refresh: self.force_refresh.unwrap_or_default(),
            made: self.made(),
            timeout: self.timeout.map(|milliseconds| Duration::from_millis(milliseconds.into())),
            registry: args.registry,
        }
    }

    /// Returns when JavaScript made the call.
    fn made(&self) -> Option<Instant> {
        let waited = Duration::try_from_secs_f64(self.waited.unwrap_or_default() / 1000.0).ok()?;
        Instant::now().checked_sub(waited)
    }
}

/// Cancels every call that was made with it.
#[napi]
pub struct Cancellation {
    cancelled: watch::Sender<bool>,
}

#[napi]
impl Cancellation {
    /// Makes one that has not cancelled anything.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self { cancelled: watch::Sender::new(false) }
    }

    /// Cancels the calls. Each of them settles at once as cancelled.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<bool> {
        self.cancelled.subscribe()
    }
}
