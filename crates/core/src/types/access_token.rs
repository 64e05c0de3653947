use super::{Attempt, CredentialKind, Secret, TenantId, TokenIdentity};
use std::time::Duration;

/// A time as JavaScript's `Date.now()` gives it: milliseconds since 1970-01-01 UTC.
pub type UnixMillis = i64;

/// An access token and its properties.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The bearer token itself.
    pub token: Secret,
    /// The end that the service states.
    pub expires_on: UnixMillis,
    /// When a new one should be asked for.
    pub refresh_after: Option<UnixMillis>,
    /// The tenant that issued it, if known.
    pub tenant: Option<TenantId>,
    /// Whose it is by its claims, as far as these may be shown.
    pub identity: TokenIdentity,
    /// The kind of credential that gave it.
    pub source: CredentialKind,
    /// The sources that were tried; the last one gave it.
    pub attempts: Vec<Attempt>,
    /// Where it was kept; absent if a service gave it.
    pub cached_in: Option<CachedIn>,
}

/// Where the token of a call was kept.
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
    /// Returns the name in JavaScript, which does not change.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Machine => "machine",
            Self::Shared => "shared",
        }
    }

    /// Returns the words for the log.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Memory => ", from memory",
            Self::Machine => ", from the machine's store",
            Self::Shared => ", from the shared store",
        }
    }
}

/// The remaining life below which a token is not handed out while a better one can be had: its receiver needs time to
/// use it, and clocks differ. MSAL uses the same value.
const LEAST_LIFE: Duration = Duration::from_secs(5 * 60);

/// For a token that was short-lived from the start, this part of its life replaces [`LEAST_LIFE`]: otherwise every call
/// would renew it, with another short-lived one.
const LEAST_PART: u32 = 4;

/// Returns the least remaining life with which a token of this lifetime is handed out.
pub(crate) fn least_life(life: Duration) -> Duration {
    LEAST_LIFE.min(life / LEAST_PART)
}
