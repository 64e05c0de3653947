use super::{Attempt, CredentialKind, Secret, TenantId};
use std::time::Duration;

/// A time as JavaScript's `Date.now()` gives it: milliseconds since 1970-01-01 UTC.
pub type UnixMillis = i64;

/// An access token and what is known of it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The bearer token itself.
    pub token: Secret,
    /// When the service says that it ends.
    pub expires_on: UnixMillis,
    /// From when on a new one should be asked for.
    pub refresh_after: Option<UnixMillis>,
    /// The tenant that issued it, where known.
    pub tenant: Option<TenantId>,
    /// Which kind of credential gave it.
    pub source: CredentialKind,
    /// The sources that were tried, this one last.
    pub attempts: Vec<Attempt>,
    /// Where it was kept; nothing: a service gave it.
    pub cached_in: Option<CachedIn>,
}

/// Where a token was kept that a call gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachedIn {
    /// The memory of this process.
    Memory,
    /// The store that the processes of this machine's user share.
    Machine,
    /// A store that processes of several machines share.
    Shared,
}

impl CachedIn {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Machine => "machine",
            Self::Shared => "shared",
        }
    }

    /// What the log adds.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Memory => ", from memory",
            Self::Machine => ", from the machine's store",
            Self::Shared => ", from the shared store",
        }
    }
}

/// A token with less life than this is not handed out while a better one can be had: what its receiver does with it
/// takes time, and clocks differ. MSAL keeps the same distance.
const LEAST_LIFE: Duration = Duration::from_secs(5 * 60);

/// Of a token that was short-lived from the start, this part takes the place of [`LEAST_LIFE`]: else it would be
/// renewed at every call, by one that is as short-lived.
const LEAST_PART: u32 = 4;

/// The least life that is handed out of a token that has lived for so long from the start.
pub(crate) fn least_life(life: Duration) -> Duration {
    LEAST_LIFE.min(life / LEAST_PART)
}
