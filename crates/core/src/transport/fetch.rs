use super::{Answer, Exchange};
use crate::types::{Error, Secret};
use azure_core::http::{headers, Method, Request, Url};

/// Gets a document, with a bearer token if one is given. The exchange's rules repeat the request after a failure that
/// may pass, and after 408, 429 and 5xx. The caller judges the last answer.
pub(crate) async fn fetch(exchange: &Exchange, url: &Url, bearer: Option<&Secret>) -> Result<Answer, Error> {
    exchange.send(&request(url, bearer)).await
}

/// Gets a document from a service of the host, which requires the header `Metadata: true`.
pub(crate) async fn fetch_from_host(exchange: &Exchange, url: &Url) -> Result<Answer, Error> {
    let mut request = Request::new(url.clone(), Method::Get);
    request.insert_header("metadata", "true");
    exchange.send(&request).await
}

fn request(url: &Url, bearer: Option<&Secret>) -> Request {
    let mut request = Request::new(url.clone(), Method::Get);
    request.insert_header(headers::ACCEPT, "application/json");
    if let Some(token) = bearer {
        request.insert_header(headers::AUTHORIZATION, format!("Bearer {}", token.expose()));
    }
    request
}
