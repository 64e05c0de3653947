//! Cloud Shell, which has the identity of the user who opened it. Source: the managed identity sources of azidentity
//! and msal-node.

use super::refusal::Service;
use azure_core::http::Request;
use url::form_urlencoded;

pub(super) fn request(service: &Service, resource: &str) -> Request {
    let mut request = service.post();
    request.insert_header("metadata", "true");
    request.insert_header("content-type", "application/x-www-form-urlencoded");
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("resource", resource).finish();
    request.set_body(form.into_bytes());
    request
}
