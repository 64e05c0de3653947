//! Leases: how long the near cache in JavaScript may hand out a token without asking the core.

use crate::{process::started, promises::idle_promise};
use azure_client_token_core::NearCacheLease;
use napi::{bindgen_prelude::Object, Env};
use napi_derive::napi;

/// Returns for how many milliseconds the token of this lease may be handed out again without another look. 0: the
/// caller must ask for a token. The event loop does not wait for files on which the token depends: the runtime checks
/// them for the next time.
#[napi(catch_unwind)]
pub fn trust(lease: i64) -> f64 {
    let (Ok(number), Some(process)) = (u64::try_from(lease), started()) else { return 0.0 };
    let lease = NearCacheLease::of_number(number);
    if let Some(look) = process.service.look_again(lease) {
        process.runtime.spawn(look);
    }
    process.service.trust(lease).as_secs_f64() * 1000.0
}

/// Returns the end of the renewal of this lease's token for an observer, as a promise like a call's that does not keep
/// the process alive, or nothing if no renewal is running.
#[napi(catch_unwind, ts_return_type = "Promise<import('./js/native').NativeOutcome> | null")]
pub fn renewal(env: &Env, lease: i64) -> napi::Result<Option<Object<'_>>> {
    let (Ok(number), Some(process)) = (u64::try_from(lease), started()) else { return Ok(None) };
    let Some(renewal) = process.service.renewal(NearCacheLease::of_number(number)) else { return Ok(None) };
    let (end, promise) = idle_promise(*env)?;
    process.runtime.spawn(async move { end.with(renewal.await.into()) });
    Ok(Some(promise))
}

/// Returns how often the process's cache was cleared. Settings that were read earlier must be read again.
#[napi(catch_unwind)]
pub fn cache_generation() -> i64 {
    let generation = started().map_or(0, |process| process.service.cache_generation());
    i64::try_from(generation).unwrap_or(i64::MAX)
}
