//! App Service, Functions and Container Apps. Source: "How to use managed identities for App Service and Azure
//! Functions", the REST endpoint reference (Microsoft Learn).

use super::{get, named};
use crate::{
    config::ManagedIdentityId,
    types::{Error, Secret},
};
use azure_core::http::Request;

const API_VERSION: &str = "2019-08-01";

pub(super) fn request(
    endpoint: &str,
    header: &Secret,
    identity: &ManagedIdentityId,
    resource: &str,
) -> Result<Request, Error> {
    let mut parameters = vec![("api-version", API_VERSION), ("resource", resource)];
    parameters.extend(named(identity, ["client_id", "principal_id", "mi_res_id"]));
    let mut request = get(endpoint, "IDENTITY_ENDPOINT", &parameters)?;
    request.insert_header("x-identity-header", header.expose().to_owned());
    Ok(request)
}
