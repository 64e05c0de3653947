use crate::types::{ClientId, CredentialKind, TenantId};

/// Who asks, for the errors.
pub(crate) struct Principal<'a> {
    pub(crate) kind: CredentialKind,
    pub(crate) tenant: &'a TenantId,
    pub(crate) client_id: &'a ClientId,
    /// The setting that holds what proves it.
    pub(crate) setting: &'a str,
    /// The federated managed identity whose token is wanted.
    pub(crate) fmi_path: Option<&'a str>,
}
