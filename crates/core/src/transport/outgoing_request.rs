use super::{connect::Target, connection::Outgoing, tunnel::proof};
use crate::types::{Error, ErrorKind};
use azure_core::http::{Body, Method, Request, Url};
use http_body_util::Full;
use hyper::header::{HeaderValue, ACCEPT, HOST, PROXY_AUTHORIZATION};

/// Returns the request as it is sent over a connection (RFC 9112 §3.2): with the path alone, or with the whole address
/// if an HTTP proxy forwards it.
pub(super) fn outgoing(request: &Request, target: &Target<'_>) -> Result<Outgoing, Error> {
    let Body::Bytes(body) = request.body() else { return Err(not_bytes()) };
    let mut builder = hyper::Request::builder().method(method(request)?).uri(address(target));
    for (name, value) in request.headers().iter() {
        builder = builder.header(name.as_str(), value.as_str());
    }
    let mut sent = builder.body(Full::new(body.clone())).map_err(|error| unusable(&error))?;
    let headers = sent.headers_mut();
    headers.insert(HOST, HeaderValue::try_from(host(target.url)).map_err(|error| unusable(&error))?);
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    if let Some(proof) = target.proxy.filter(|_| target.is_sent_on()).and_then(proof) {
        let mut proof = HeaderValue::try_from(proof.as_str()).map_err(|error| unusable(&error))?;
        proof.set_sensitive(true);
        headers.insert(PROXY_AUTHORIZATION, proof);
    }
    Ok(sent)
}

fn method(request: &Request) -> Result<hyper::Method, Error> {
    match request.method() {
        Method::Get => Ok(hyper::Method::GET),
        Method::Post => Ok(hyper::Method::POST),
        _ => Err(Error::new(ErrorKind::Internal, "a token is asked for with GET or POST")),
    }
}

fn address(target: &Target<'_>) -> String {
    if target.is_sent_on() {
        return target.url[..url::Position::AfterQuery].to_owned();
    }
    target.url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// Returns the host, with its port if that is not the default one (RFC 9110 §7.2).
fn host(url: &Url) -> &str {
    &url[url::Position::BeforeHost..url::Position::AfterPort]
}

pub(super) fn not_bytes() -> Error {
    Error::new(ErrorKind::Internal, "a request for a token has a body of bytes")
}

fn unusable(cause: &dyn std::error::Error) -> Error {
    Error::new(ErrorKind::Internal, "the request cannot be made").with_causes(vec![cause.to_string()])
}
