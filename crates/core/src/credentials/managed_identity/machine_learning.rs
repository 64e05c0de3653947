//! Azure Machine Learning. Microsoft does not document its token service; source: the managed identity sources of azidentity and
//! msal-node (`MSI_ENDPOINT` with `MSI_SECRET`, the first api-version, `clientid` without an underscore).

use super::refusal::Service;
use crate::{credentials::ManagedIdentityId, types::Secret};
use azure_core::http::Request;

const API_VERSION: &str = "2017-09-01";

pub(super) struct Workspace<'a> {
    pub(super) service: &'a Service,
    pub(super) secret: &'a Secret,
    pub(super) default_client_id: &'a Option<String>,
}

impl Workspace<'_> {
    pub(super) fn request(&self, identity: &ManagedIdentityId, resource: &str) -> Request {
        let client_id = match identity {
            ManagedIdentityId::ClientId(id) => Some(id.as_str()),
            _ => self.default_client_id.as_deref(),
        };
        let mut parameters = vec![("api-version", API_VERSION), ("resource", resource)];
        parameters.extend(client_id.map(|id| ("clientid", id)));
        let mut request = self.service.get(&parameters);
        request.insert_header("secret", self.secret.expose().to_owned());
        request
    }
}
