//! Cloud Shell, which has the identity of the user who opened it. Source: the managed identity sources of azidentity
//! and msal-node.

use super::{address, only_its_own};
use crate::{config::ManagedIdentityId, sources::pipeline, types::Error};
use azure_core::http::{Method, Request};
use url::form_urlencoded;

pub(super) fn request(endpoint: &str, identity: &ManagedIdentityId, resource: &str) -> Result<Request, Error> {
    only_its_own("Cloud Shell", "it has the identity of its user alone, so leave the id out", identity)?;
    let mut request = pipeline::request(address(endpoint, "MSI_ENDPOINT")?, Method::Post);
    request.insert_header("metadata", "true");
    request.insert_header("content-type", "application/x-www-form-urlencoded");
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("resource", resource).finish();
    request.set_body(form.into_bytes());
    Ok(request)
}
