use super::{redaction::Redaction, retry_after::retry_after};
use crate::types::{is_retryable_status, names_a_secret, EntraRefusal, Error, Secret};
use azure_core::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use std::{fmt, time::Duration};
use zeroize::Zeroizing;

/// The response of a service: its status, the headers that are needed, and a body of bounded size.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// The header `WWW-Authenticate` of a 401.
    pub(crate) challenge: Option<String>,
    /// The body, which is wiped because it may contain a token.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// Removes what was sent from text of the answer that is shown.
    pub(crate) redaction: Redaction,
}

impl Answer {
    /// Makes an answer in JSON, for a test or a fuzzer.
    pub(crate) fn of_json(status: u16, body: &[u8], redaction: Redaction) -> Self {
        Self { body: Zeroizing::new(body.to_vec()), ..Self::headed(status, redaction, json) }
    }

    /// Makes an answer with this head, whose body is still to come.
    pub(super) fn headed(status: u16, redaction: Redaction, header: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            status,
            content_type: header("content-type"),
            retry_after: header("retry-after").and_then(|value| retry_after(&value, header("date").as_deref())),
            challenge: header("www-authenticate"),
            body: Zeroizing::default(),
            redaction,
        }
    }

    /// Returns the status as in its status line: `503 Service Unavailable`.
    pub(crate) fn status_line(&self) -> String {
        hyper::StatusCode::from_u16(self.status).map_or_else(|_| self.status.to_string(), |status| status.to_string())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns whether the same request may succeed later, by the status, by one of `statuses`, or by OAuth's `error`.
    pub(super) fn asks_to_try_again(&self, statuses: &[StatusCode]) -> bool {
        is_retryable_status(self.status)
            || statuses.iter().any(|status| u16::from(*status) == self.status)
            || self.refusal().is_some_and(|refusal| refusal.is_transient())
    }

    /// Returns what also removes the answer's own secrets, such as its `access_token`: another member may repeat them.
    pub(crate) fn redaction_of_members(&self) -> Redaction {
        let mut secrets = Vec::new();
        if let Ok(answer) = serde_json::from_slice(&self.body) {
            add_secrets(answer, 0, &mut secrets);
        }
        self.redaction.clone().and(secrets)
    }

    /// Returns the part of a refusal that decides about another try. A body with a token is not a refusal.
    fn refusal(&self) -> Option<EntraRefusal> {
        if self.is_success() && self.body.windows(TOKEN.len()).any(|window| window == TOKEN) {
            return None;
        }
        let refusal = RefusalBody::parse(&self.body)?;
        let error_codes = refusal.codes();
        Some(EntraRefusal { error: Some(refusal.error), error_codes, ..EntraRefusal::default() })
    }

    /// Adds to this answer's error how long the service asks its clients to wait.
    pub(crate) fn with_its_wait(&self, error: Error) -> Error {
        match self.retry_after.filter(|_| error.retryable()) {
            Some(wait) => error.with_retry_after(wait),
            None => error,
        }
    }
}

/// Members that are named like secrets and are not: an error's code, and the word `Bearer`.
const HARMLESS_MEMBERS: [&str; 2] = ["code", "token_type"];

/// The shortest value within the answer that counts. Shorter ones are words, of which a message may consist.
const SHORTEST_WITHIN: usize = 8;

/// Adds the values of members whose names mark them as secrets, on each level, and in JSON that is a text of the answer.
/// `shortest`: the length from which on a value counts on this level.
fn add_secrets(answer: Value, shortest: usize, secrets: &mut Vec<Secret>) {
    match answer {
        Value::Object(members) => members.into_iter().for_each(|(name, value)| match value {
            Value::String(text) if names_a_secret(&name) && !HARMLESS_MEMBERS.contains(&name.as_str()) => {
                secrets.extend((text.len() >= shortest).then(|| Secret::new(text)));
            }
            value => add_secrets(value, SHORTEST_WITHIN, secrets),
        }),
        Value::Array(values) => values.into_iter().for_each(|value| add_secrets(value, SHORTEST_WITHIN, secrets)),
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            if let Ok(answer) = serde_json::from_str(&text) {
                add_secrets(answer, SHORTEST_WITHIN, secrets);
            }
        }
        _ => {}
    }
}

const TOKEN: &[u8] = b"\"access_token\"";

fn json(header: &str) -> Option<String> {
    (header == "content-type").then(|| "application/json".to_owned())
}

/// The most codes that are read. A refusal has one or two.
const MOST_CODES: usize = 16;

/// A refusal of OAuth (RFC 6749 §5.2), with Entra ID's additions.
#[derive(Deserialize)]
pub(crate) struct RefusalBody {
    pub(crate) error: String,
    #[serde(default)]
    pub(crate) error_description: String,
    #[serde(default)]
    error_codes: Vec<i64>,
    pub(crate) suberror: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) trace_id: Option<String>,
    pub(crate) claims: Option<String>,
}

impl RefusalBody {
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// Returns the codes in the list, or those in the text: an older service gives no list.
    pub(crate) fn codes(&self) -> Vec<i64> {
        if !self.error_codes.is_empty() {
            return self.error_codes.iter().copied().take(MOST_CODES).collect();
        }
        let number =
            self.error_description.strip_prefix("AADSTS").and_then(|rest| rest.split(':').next()?.parse().ok());
        number.into_iter().collect()
    }
}

impl fmt::Debug for Answer {
    /// Never shows the body.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_any_member_is_hidden_where_another_member_repeats_it() {
        for answer in [
            r#"{"access_token":"opaque-w0rd"}"#,
            r#"{"error":{"code":"BadRequest","innererror":{"access_token":"opaque-w0rd"}}}"#,
            r#"{"tokens":[1,{"clientSecret":"opaque-w0rd"}]}"#,
            r#"{"error":"{\"details\":[{\"refresh_token\":\"opaque-w0rd\"}]}"}"#,
        ] {
            let answer = Answer::of_json(400, answer.as_bytes(), Redaction::default());
            let shown = answer.redaction_of_members().readable("it was opaque-w0rd, which is a BadRequest");
            assert_eq!(shown, "it was ***, which is a BadRequest", "{:?}", answer.body);
        }
    }

    #[test]
    fn a_short_secret_at_the_top_of_an_answer_is_hidden() {
        let answer = Answer::of_json(400, br#"{"client_secret":"w0rd"}"#, Redaction::default());
        assert_eq!(answer.redaction_of_members().readable("it was w0rd"), "it was ***");
    }

    #[test]
    fn words_and_codes_are_no_secrets_of_an_answer() {
        let answer = br#"{"code":"BadRequest","token_type":"Bearer-like","details":[{"key":"word"}]}"#;
        let said = "a word, a BadRequest, Bearer-like";
        assert_eq!(Answer::of_json(400, answer, Redaction::default()).redaction_of_members().readable(said), said);
    }
}
