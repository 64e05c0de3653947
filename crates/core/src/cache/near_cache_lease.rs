use crate::types::AccessToken;
use std::sync::Arc;

/// The number of a cached token. A near cache asks with it from time to time whether it may still use its copy: see
/// [`Service::trust`](crate::Service::trust). A lease does not keep its token in memory, and no other token ever has
/// the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NearCacheLease(u64);

/// A token that is handed out, with its lease.
#[derive(Clone, Debug)]
pub(crate) struct LeasedToken {
    pub(crate) token: Arc<AccessToken>,
    pub(crate) lease: NearCacheLease,
}

impl NearCacheLease {
    /// The lease with this number, which [`NearCacheLease::number`] returned.
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }

    /// Returns its number, which a floating-point number holds exactly.
    pub const fn number(self) -> u64 {
        self.0
    }
}
