//! What these services say when they refuse: each in a shape of its own.

use crate::{
    transport::Answer,
    types::{is_retryable_status, shown_host, EntraRefusal, Error, ErrorKind, Phase},
};
use azure_core::http::Request;
use serde_json::Value;

/// Who was asked, for the errors.
pub(in crate::sources) struct Service<'a> {
    /// What it is, in words.
    pub(in crate::sources) name: &'a str,
    /// Its host name.
    pub(in crate::sources) host: String,
}

impl<'a> Service<'a> {
    pub(super) fn of(name: &'a str, request: &Request) -> Self {
        Self { name, host: shown_host(request.url()) }
    }

    /// An answer that is no success, as an error with the service's own words.
    pub(in crate::sources) fn refusal(&self, answer: &Answer) -> Error {
        let Some(said) = Said::parse(answer) else { return self.unknown(answer) };
        let message = format!("{} refused a token of its managed identity: {}{}", self.name, said.reason, said.id());
        let refusal = EntraRefusal {
            status_code: Some(answer.status),
            error: said.code,
            correlation_id: said.correlation_id,
            ..EntraRefusal::default()
        };
        let error = Error::refused(message, refusal).with_host(&self.host);
        // 410: the metadata service is being updated, for 70 s at the most.
        let retryable = error.retryable() || answer.status == 410;
        error.with_retryable(retryable)
    }

    fn unknown(&self, answer: &Answer) -> Error {
        let kind = answer.redaction.readable(answer.content_type.as_deref().unwrap_or("no content type"));
        let message = format!(
            "{} at {} answered with status {} and no reason ({kind}, {} bytes)",
            self.name,
            self.host,
            answer.status,
            answer.body.len()
        );
        if is_retryable_status(answer.status) {
            let refusal = EntraRefusal { status_code: Some(answer.status), ..EntraRefusal::default() };
            return Error::refused(message, refusal).with_host(&self.host);
        }
        let error = Error::new(ErrorKind::Network, message).with_phase(Phase::Response).with_host(&self.host);
        error.with_retryable(answer.status == 410)
    }
}

/// The words in a refusal: `{error, error_description}` (IMDS), `{error: {code, message}}` (Azure ML, Cloud Shell,
/// Service Fabric, Arc), `{statusCode, message}` (App Service).
struct Said {
    reason: String,
    code: Option<String>,
    correlation_id: Option<String>,
}

impl Said {
    fn parse(answer: &Answer) -> Option<Self> {
        let body: Value = serde_json::from_slice(&answer.body).ok()?;
        let error = &body["error"];
        let word =
            |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(|text| answer.redaction.readable(text));
        let code = word(error).or_else(|| word(&error["code"]));
        let reasons = [&body["error_description"], &error["message"], &body["message"], &body["Message"]];
        let reason = reasons.into_iter().find_map(word).or_else(|| code.clone())?;
        let reason = reason.trim_end_matches('.').to_owned();
        let ids = [&body["correlation_id"], &error["correlationId"], &body["correlationId"]];
        let correlation_id = ids.into_iter().find_map(word);
        Some(Self { reason, code, correlation_id })
    }

    fn id(&self) -> String {
        self.correlation_id.as_ref().map_or_else(String::new, |id| format!(" [correlation id {id}]"))
    }
}
