//! Azure Machine Learning. Microsoft does not document its token service; source: the managed identity sources of azidentity and
//! msal-node (`MSI_ENDPOINT` with `MSI_SECRET`, the first api-version, `clientid` without an underscore).

use super::refusal::Service;
use crate::{credentials::ManagedIdentityId, types::Secret};
use azure_core::http::Request;
use std::borrow::Cow;

const API_VERSION: &str = "2017-09-01";

pub(super) struct Workspace<'a> {
    pub(super) service: &'a Service,
    pub(super) secret: &'a Secret,
    pub(super) default_client_id: &'a Option<String>,
}

impl Workspace<'_> {
    /// Returns the identity to ask for: the workspace's default one, if the settings name none.
    pub(super) fn identity<'a>(&self, identity: &'a ManagedIdentityId) -> Cow<'a, ManagedIdentityId> {
        match (identity, self.default_client_id) {
            (ManagedIdentityId::SystemAssigned, Some(id)) => Cow::Owned(ManagedIdentityId::ClientId(id.clone())),
            _ => Cow::Borrowed(identity),
        }
    }

    pub(super) fn request(&self, identity: &ManagedIdentityId, resource: &str) -> Request {
        let mut parameters = vec![("api-version", API_VERSION), ("resource", resource)];
        if let ManagedIdentityId::ClientId(id) = identity {
            parameters.push(("clientid", id));
        }
        let mut request = self.service.get(&parameters);
        request.insert_header("secret", self.secret.expose().to_owned());
        request
    }
}
