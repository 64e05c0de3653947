use crate::types::AccessToken;
use std::sync::Arc;

/// A number that stands for a cached token. A near cache asks with it, now and then, whether it may still use its copy: see
/// [`Service::trust`](crate::Service::trust). It keeps nothing alive: the token is wiped even if its number is still known.
/// No other token ever has the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NearCacheLease(u64);

/// A token that is handed out, with its lease.
#[derive(Clone, Debug)]
pub(crate) struct LeasedToken {
    pub(crate) token: Arc<AccessToken>,
    pub(crate) lease: NearCacheLease,
}

impl NearCacheLease {
    /// The lease of this number, as [`NearCacheLease::number`] gave it.
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number: small enough to be exact in a floating-point number.
    pub const fn number(self) -> u64 {
        self.0
    }
}
