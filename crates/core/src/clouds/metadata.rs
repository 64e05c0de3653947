//! Reads the endpoints of a cloud from the metadata document of its Resource Manager (parity §5):
//! `GET {host}/metadata/endpoints?api-version=2022-09-01`.

use super::RequestContext;
use crate::{
    transport::{fetch, Answer},
    types::{is_retryable_status, Authority, Cloud, Error, ErrorKind},
};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

const VERSION: &str = "2022-09-01";

/// The members of the document that decide where tokens come from, in lower case: Pulumi's provider ignores their case.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    name: String,
    #[serde(default)]
    authentication: Authentication,
    #[serde(default, rename = "resourcemanager")]
    resource_manager: String,
    #[serde(default, rename = "microsoftgraphresourceid")]
    microsoft_graph_resource_id: String,
}

#[derive(Default, Deserialize)]
struct Authentication {
    #[serde(default, rename = "loginendpoint")]
    login_endpoint: String,
    #[serde(default)]
    audiences: Vec<String>,
}

/// Reads the cloud from the host.
pub(super) async fn cloud(host: &str, context: &RequestContext) -> Result<Cloud, Error> {
    let address = format!("{host}/metadata/endpoints?api-version={VERSION}");
    let url = Url::parse(&address).map_err(|_| failed(host, ErrorKind::Configuration, "it is no address"))?;
    let answer = fetch(&context.exchange(), &url, None).await.map_err(|error| unreached(host, &error))?;
    described(host, &answer)
}

pub(crate) fn described(host: &str, answer: &Answer) -> Result<Cloud, Error> {
    if answer.status != 200 {
        let reason = format!("performing request: expected 200 OK but got {}", answer.status_line());
        let is_retryable = is_retryable_status(answer.status);
        return Err(failed(host, ErrorKind::Network, &reason).with_retryable(is_retryable));
    }
    let text = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body);
    let document: Document = serde_json::from_slice(text)
        .and_then(|document| serde_json::from_value(in_lower_case(document)))
        .map_err(|_| failed(host, ErrorKind::Network, "the document has an unexpected form"))?;
    document.cloud().map_err(|reason| failed(host, ErrorKind::Configuration, &reason))
}

/// Converts the names of the document's members to lower case.
fn in_lower_case(document: Value) -> Value {
    match document {
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name.to_lowercase(), in_lower_case(value))).collect()
        }
        other => other,
    }
}

impl Document {
    fn cloud(self) -> Result<Cloud, String> {
        let audience = self.authentication.audiences.first().map(String::as_str).unwrap_or_default();
        let needed = [
            ("authentication.loginEndpoint", self.authentication.login_endpoint.as_str()),
            ("authentication.audiences[0]", audience),
            ("resourceManager", self.resource_manager.as_str()),
        ];
        if let Some((name, _)) = needed.iter().find(|(_, value)| value.is_empty()) {
            return Err(format!("the document has no {name}"));
        }
        let authority = Authority::parse(&self.authentication.login_endpoint, "authentication.loginEndpoint");
        Ok(Cloud {
            name: (!self.name.is_empty()).then_some(self.name),
            authority: authority.map_err(|error| error.message().to_owned())?,
            regional_authority: None,
            resource_manager: self.resource_manager.trim_end_matches('/').to_owned(),
            graph: (!self.microsoft_graph_resource_id.is_empty()).then_some(self.microsoft_graph_resource_id),
        })
    }
}

fn failed(host: &str, kind: ErrorKind, reason: &str) -> Error {
    let message = format!("failed to get Azure environment metadata from {host}: {reason}");
    let error = match kind {
        ErrorKind::Configuration => Error::configuration(message, ["metadataHost", "ARM_METADATA_HOSTNAME"]),
        kind => Error::new(kind, message),
    };
    error.with_host(without_scheme(host))
}

/// Returns the host as errors name it.
pub(crate) fn without_scheme(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, host)| host)
}

/// Says the same failure in the provider's words.
fn unreached(host: &str, error: &Error) -> Error {
    let failure = failed(host, error.kind(), error.message()).with_retryable(error.retryable());
    let failure = error.phase().into_iter().fold(failure, Error::with_phase);
    failure.with_causes(error.causes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Redaction;

    const HOST: &str = "https://management.example";
    const COMPLETE: &str = r#"{"name":"Example","authentication":{"loginEndpoint":"https://login.example",
        "audiences":["https://management.example/a"]},"resourceManager":"https://management.example/",
        "microsoftGraphResourceId":"https://graph.example/"}"#;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::of_json(status, body.as_bytes(), Redaction::default())
    }

    #[test]
    fn a_document_describes_a_cloud_with_a_byte_order_mark_and_in_any_letter_case() {
        let in_capitals =
            COMPLETE.replace("loginEndpoint", "LoginEndpoint").replace("authentication", "Authentication");
        let in_capitals = in_capitals.replace("resourceManager", "RESOURCEMANAGER").replace("\"name\"", "\"Name\"");
        for text in [COMPLETE.to_owned(), format!("\u{feff}{COMPLETE}"), in_capitals] {
            let cloud = described(HOST, &answer(200, &text)).unwrap();
            assert_eq!(cloud.name.as_deref(), Some("Example"));
            assert_eq!(cloud.authority.as_str(), "https://login.example/");
            assert_eq!(cloud.default_endpoint(), "https://management.example/");
            assert_eq!(cloud.graph.as_deref(), Some("https://graph.example/"));
        }
    }

    #[test]
    fn optional_values_may_be_missing() {
        let text = COMPLETE.replace("microsoftGraphResourceId", "x").replace("\"name\"", "\"y\"");
        let cloud = described(HOST, &answer(200, &text)).unwrap();
        assert_eq!((cloud.name, cloud.graph), (None, None));
    }

    /// Each row: status, document, the message's reason.
    #[test]
    fn every_flaw_has_its_sentence() {
        let without = |part: &str| COMPLETE.replace(part, "other");
        let rows = [
            (503, String::new(), "performing request: expected 200 OK but got 503 Service Unavailable"),
            (204, String::new(), "performing request: expected 200 OK but got 204 No Content"),
            (301, COMPLETE.to_owned(), "performing request: expected 200 OK but got 301 Moved Permanently"),
            (200, "<html>marker</html>".to_owned(), "has an unexpected form"),
            (200, "[1]".to_owned(), "has an unexpected form"),
            (200, "{}".to_owned(), "has no authentication.loginEndpoint"),
            (200, without("loginEndpoint"), "has no authentication.loginEndpoint"),
            (200, without("audiences"), "has no authentication.audiences[0]"),
            (200, without("resourceManager"), "has no resourceManager"),
            (200, COMPLETE.replace("https://login.example", "http://login.example"), "must be https"),
        ];
        for (status, text, words) in rows {
            let error = described(HOST, &answer(status, &text)).unwrap_err();
            let sentence = format!("failed to get Azure environment metadata from {HOST}: ");
            assert!(error.message().starts_with(&sentence), "{error}");
            assert!(error.message().contains(words), "{error} has not: {words}");
            assert!(!error.message().contains("marker"), "{error}");
        }
    }
}
