//! App Service, Functions and Container Apps. Source: "How to use managed identities for App Service and Azure
//! Functions", the REST endpoint reference (Microsoft Learn).

use super::{named, refusal::Service, revocation, Acquisition};
use crate::{credentials::ManagedIdentityId, types::Secret};
use azure_core::http::Request;

const API_VERSION: &str = "2019-08-01";

pub(super) fn request(
    service: &Service,
    header: &Secret,
    identity: &ManagedIdentityId,
    resource: &str,
    acquisition: &Acquisition,
) -> Request {
    let revocation = revocation::parameters(acquisition);
    let mut parameters = vec![("api-version", API_VERSION), ("resource", resource)];
    parameters.extend(named(identity, ["client_id", "principal_id", "mi_res_id"]));
    parameters.extend(revocation.iter().map(|(name, value)| (*name, value.as_str())));
    let mut request = service.get(&parameters);
    request.insert_header("x-identity-header", header.expose().to_owned());
    request
}
