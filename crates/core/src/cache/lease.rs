use crate::types::AccessToken;
use std::sync::Arc;

/// What one who keeps a token within reach looks at now and then, see [`Service::trust`](crate::Service::trust). A
/// number and nothing else: the token that it belongs to is wiped although the number is still known, and no other token
/// ever has the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease(u64);

/// A token that is handed out, with its lease.
#[derive(Clone, Debug)]
pub(crate) struct Leased {
    pub(crate) token: Arc<AccessToken>,
    pub(crate) lease: Lease,
}

impl Lease {
    /// The lease of this number, as [`Lease::number`] gave it.
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number: small enough to be exact in a floating-point number.
    pub const fn number(self) -> u64 {
        self.0
    }
}
