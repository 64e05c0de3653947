//! What JavaScript's own warm cache may rely on, and for how long.

use crate::process::started;
use azure_client_token_core::Lease;
use napi_derive::napi;

/// For how many milliseconds the token of this lease may be handed out again without another look; 0: it has to be
/// asked for.
#[napi(catch_unwind)]
pub fn trust(lease: i64) -> f64 {
    let Ok(number) = u64::try_from(lease) else { return 0.0 };
    started().map_or(0.0, |process| process.service.trust(Lease::of_number(number)).as_secs_f64() * 1000.0)
}

/// How often the process's cache was cleared: settings from before the last time have to be read again.
#[napi(catch_unwind)]
pub fn cache_generation() -> i64 {
    let generation = started().map_or(0, |process| process.service.cache_generation());
    i64::try_from(generation).unwrap_or(i64::MAX)
}
