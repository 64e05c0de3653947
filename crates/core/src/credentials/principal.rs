use crate::{
    key::{KeyBuilder, KeyPart},
    types::{opaque, ClientId, CredentialKind, TenantId},
};

/// An application in a tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// The tenant that knows the application.
    pub tenant: TenantId,
    /// The application.
    pub client_id: ClientId,
    /// The path of a federated managed identity, where its token is wanted in place of the application's own
    /// (`fmi_path`).
    pub fmi_path: Option<String>,
}

opaque!(ServicePrincipal);

impl KeyPart for ServicePrincipal {
    fn add_to(&self, key: KeyBuilder) -> KeyBuilder {
        let Self { tenant, client_id, fmi_path } = self;
        key.part(tenant.as_str()).part(client_id.as_str()).optional(fmi_path.as_deref())
    }
}

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
