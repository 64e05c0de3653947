use super::{Attempt, CredentialKind, Secret, TenantId};

/// A moment as JavaScript's `Date.now()` gives it: milliseconds since 1970-01-01 UTC.
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
}
