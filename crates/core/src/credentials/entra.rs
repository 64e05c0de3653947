//! Entra ID's answers: a token (RFC 6749 §5.1), or a refusal (§5.2 and Microsoft's additions to it).

use super::{advice, principal::Principal};
use crate::{
    transport::Answer,
    types::{is_retryable_status, AccessToken, EntraRefusal, Error, ErrorKind, Phase, Secret, UnixMillis},
};
use serde::Deserialize;
use std::borrow::Cow;

/// No token lives longer than this; what claims more is cut, so that a wrong answer cannot be kept for ever.
pub(super) const LONGEST_LIFETIME: i64 = 365 * 24 * 60 * 60;

/// A refusal has one or two; the longest challenge that a service was seen to send has some 500 bytes, and one that does
/// not fit into a header cannot be answered.
const MOST_CODES: usize = 16;
const LONGEST_CLAIMS: usize = 16 * 1024;

#[derive(Deserialize)]
struct TokenAnswer<'a> {
    #[serde(borrow)]
    access_token: Option<Cow<'a, str>>,
    expires_in: Option<Seconds>,
    refresh_in: Option<Seconds>,
    token_type: Option<String>,
}

/// A number of seconds, which some services send as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(f64),
    Text(String),
}

impl Seconds {
    #[expect(clippy::cast_possible_truncation, reason = "cut to the longest lifetime first")]
    fn value(&self) -> Option<i64> {
        let seconds = match self {
            Self::Number(number) => *number,
            Self::Text(text) => text.trim().parse().ok()?,
        };
        #[expect(clippy::cast_precision_loss, reason = "a year of seconds is exact")]
        let longest = LONGEST_LIFETIME as f64;
        (seconds.is_finite() && seconds >= 1.0).then(|| seconds.min(longest) as i64)
    }
}

/// When a token ends, and when the next one should be asked for.
#[derive(Debug, PartialEq, Eq)]
struct Lifetime {
    expires_on: UnixMillis,
    refresh_after: Option<UnixMillis>,
}

/// The token of a successful answer.
fn token(answer: &Answer, principal: &Principal<'_>, now: UnixMillis) -> Result<AccessToken, Error> {
    let (parsed, expires_in) = parsed(answer)?;
    let lifetime = Lifetime::of(&parsed, expires_in, now);
    Ok(AccessToken {
        token: Secret::new(parsed.access_token.unwrap_or_default()),
        expires_on: lifetime.expires_on,
        refresh_after: lifetime.refresh_after,
        tenant: Some(principal.tenant.clone()),
        source: principal.kind,
        attempts: Vec::new(),
        cached_in: None,
    })
}

impl Lifetime {
    /// The token's times, counted from now.
    fn of(parsed: &TokenAnswer<'_>, expires_in: i64, now: UnixMillis) -> Self {
        let refresh_in = parsed.refresh_in.as_ref().and_then(Seconds::value).filter(|seconds| *seconds < expires_in);
        Self { expires_on: now + expires_in * 1000, refresh_after: refresh_in.map(|seconds| now + seconds * 1000) }
    }
}

fn parsed(answer: &Answer) -> Result<(TokenAnswer<'_>, i64), Error> {
    let parsed: TokenAnswer<'_> = serde_json::from_slice(&answer.body).map_err(|_| malformed(answer, "is not JSON"))?;
    let token = parsed.access_token.as_deref().unwrap_or_default();
    if token.is_empty() {
        return Err(malformed(answer, "has no access_token"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed(answer, "has an access_token with characters that no header can carry"));
    }
    if parsed.token_type.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(malformed(answer, "has a token that is not a bearer token"));
    }
    let expires_in = parsed.expires_in.as_ref().and_then(Seconds::value);
    expires_in.ok_or_else(|| malformed(answer, "does not say when the token expires")).map(|seconds| (parsed, seconds))
}

pub(super) fn malformed(answer: &Answer, what: &str) -> Error {
    let kind = answer.content_type.as_deref().unwrap_or("no content type");
    let message = format!(
        "the answer {what} (status {}, {}, {} bytes): is something between here and the token endpoint answering in its place?",
        answer.status,
        answer.redaction.readable(kind),
        answer.body.len()
    );
    Error::new(ErrorKind::Network, message).with_phase(Phase::Response)
}

/// An answer of a token endpoint.
pub(crate) struct Answered<'a> {
    pub(crate) principal: &'a Principal<'a>,
    /// Who answered.
    pub(crate) host: &'a str,
    pub(crate) answer: &'a Answer,
}

#[derive(Deserialize)]
struct RefusalAnswer {
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    error_codes: Vec<i64>,
    suberror: Option<String>,
    correlation_id: Option<String>,
    trace_id: Option<String>,
    claims: Option<String>,
}

impl Answered<'_> {
    /// The token, or why there is none. A success that has an `error` in place of a token is that refusal.
    pub(crate) fn token(&self, now: UnixMillis) -> Result<AccessToken, Error> {
        if !self.answer.is_success() {
            return Err(self.error());
        }
        let is_refusal = || serde_json::from_slice::<RefusalAnswer>(&self.answer.body).is_ok();
        token(self.answer, self.principal, now).map_err(|error| if is_refusal() { self.error() } else { error })
    }

    pub(crate) fn error(&self) -> Error {
        let error = match serde_json::from_slice::<RefusalAnswer>(&self.answer.body) {
            Ok(body) => self.refusal(body),
            Err(_) => self.unreadable(),
        };
        self.answer.with_its_wait(error.with_host(self.host))
    }

    fn readable(&self, text: &str) -> String {
        self.answer.redaction.readable(text)
    }

    fn refusal(&self, body: RefusalAnswer) -> Error {
        let refusal = EntraRefusal {
            status_code: Some(self.answer.status),
            error_codes: codes(&body),
            error: Some(self.readable(&body.error)),
            suberror: body.suberror.as_deref().map(|text| self.readable(text)),
            correlation_id: body.correlation_id.as_deref().map(|text| self.readable(text)),
            trace_id: body.trace_id.as_deref().map(|text| self.readable(text)),
            claims: body
                .claims
                .filter(|text| text.len() <= LONGEST_CLAIMS)
                .map(|text| self.answer.redaction.concealing(&text)),
        };
        // What is secret goes before the description is cut: a piece of a secret would not be found.
        let description = self.answer.redaction.concealing(&body.error_description);
        let message = self.sentence(&self.readable(&reason(&body.error, &description)), &refusal);
        Error::refused(message, refusal)
    }

    fn sentence(&self, reason: &str, refusal: &EntraRefusal) -> String {
        let Principal { kind, tenant, client_id, setting, .. } = self.principal;
        let advice = advice::for_codes(&refusal.error_codes, setting);
        let ids = [("correlation id", &refusal.correlation_id), ("trace id", &refusal.trace_id)];
        let ids: Vec<_> = ids.iter().filter_map(|(name, id)| Some(format!("{name} {}", id.as_ref()?))).collect();
        let ids = if ids.is_empty() { String::new() } else { format!(" [{}]", ids.join(", ")) };
        let host = self.host;
        if refusal.is_transient() {
            let status = self.answer.status;
            return format!(
                "{host} gave no token to application {client_id} in tenant {tenant}: it limits requests or is out of \
                 order (status {status}, {reason}). Try again later{ids}"
            );
        }
        let kind = kind.in_words();
        format!("{host} refused the {kind} of application {client_id} in tenant {tenant}: {reason}. {advice}{ids}")
    }

    /// An answer without a reason: a proxy or another program may have sent it.
    fn unreadable(&self) -> Error {
        let answer = self.answer;
        let kind = self.readable(answer.content_type.as_deref().unwrap_or("no content type"));
        let message = format!(
            "{} answered with status {} and a body that is not Entra ID's ({kind}, {} bytes): check the authority, and \
             whether a proxy answers in its place",
            self.host,
            answer.status,
            answer.body.len()
        );
        if is_retryable_status(answer.status) {
            let refusal = EntraRefusal { status_code: Some(answer.status), ..EntraRefusal::default() };
            return Error::refused(message, refusal);
        }
        Error::new(ErrorKind::Network, message).with_phase(Phase::Response)
    }
}

/// The numbers, or those of the text where an older service gives no list.
fn codes(body: &RefusalAnswer) -> Vec<i64> {
    if !body.error_codes.is_empty() {
        return body.error_codes.iter().copied().take(MOST_CODES).collect();
    }
    let number = body.error_description.strip_prefix("AADSTS").and_then(|rest| rest.split(':').next()?.parse().ok());
    number.into_iter().collect()
}

/// Entra ID's sentence without its ids and its time, which have fields of their own.
fn reason(error: &str, description: &str) -> String {
    let sentence = description.split(" Trace ID:").next().unwrap_or_default();
    let sentence = sentence.split(['\r', '\n']).next().unwrap_or_default().trim().trim_end_matches('.');
    (if sentence.is_empty() { error } else { sentence }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        transport::Redaction,
        types::{ClientId, CredentialKind, TenantId},
    };
    use zeroize::Zeroizing;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            content_type: Some("application/json".to_owned()),
            retry_after: None,
            challenge: None,
            body: Zeroizing::new(body.as_bytes().to_vec()),
            redaction: Redaction::default(),
        }
    }

    /// What the answer comes to at the moment 0.
    fn outcome(answer: &Answer) -> Result<AccessToken, Error> {
        let (tenant, client_id) = (TenantId::parse("t", "").unwrap(), ClientId::parse("c", "").unwrap());
        let principal = Principal {
            kind: CredentialKind::ClientSecret,
            tenant: &tenant,
            client_id: &client_id,
            setting: "ARM_CLIENT_SECRET",
            fmi_path: None,
        };
        Answered { principal: &principal, host: "login.example", answer }.token(0)
    }

    #[test]
    fn lifetimes_are_read_in_every_shape_that_services_send() {
        let rows = [
            (r#"{"access_token":"t","expires_in":3599}"#, 3_599_000, None),
            (r#"{"access_token":"t","expires_in":"3599"}"#, 3_599_000, None),
            (r#"{"access_token":"t","expires_in":3599.5,"refresh_in":1800}"#, 3_599_000, Some(1_800_000)),
            (r#"{"access_token":"t","expires_in":100,"refresh_in":100}"#, 100_000, None),
            (r#"{"access_token":"t","expires_in":1e300}"#, LONGEST_LIFETIME * 1000, None),
        ];
        for (body, expires_on, refresh_after) in rows {
            let token = outcome(&answer(200, body)).unwrap();
            assert_eq!((token.expires_on, token.refresh_after), (expires_on, refresh_after), "{body}");
        }
    }

    #[test]
    fn a_success_that_says_why_it_has_no_token_is_that_refusal() {
        let rows = [
            (r#"{"error":"invalid_client","error_description":"AADSTS7000215: no."}"#, ErrorKind::Authentication),
            (r#"{"error":"temporarily_unavailable"}"#, ErrorKind::ServiceUnavailable),
            (r#"{"error":"x","access_token":""}"#, ErrorKind::Authentication),
        ];
        for (body, kind) in rows {
            let error = outcome(&answer(200, body)).unwrap_err();
            assert_eq!((error.kind(), error.refusal().unwrap().status_code), (kind, Some(200)), "{body}: {error}");
        }
        assert!(outcome(&answer(200, r#"{"error":"x","access_token":"t","expires_in":9}"#)).is_ok());
    }

    #[test]
    fn an_answer_without_a_usable_token_is_no_success() {
        let rows = [
            ("{}", "has no access_token"),
            (r#"{"access_token":"","expires_in":1}"#, "has no access_token"),
            (r#"{"access_token":"marker token","expires_in":1}"#, "characters"),
            (r#"{"access_token":"markertökén","expires_in":1}"#, "characters"),
            (r#"{"access_token":"marker"}"#, "when the token expires"),
            (r#"{"access_token":"marker","expires_in":0}"#, "when the token expires"),
            (r#"{"access_token":"marker","expires_in":-5}"#, "when the token expires"),
            (r#"{"access_token":"marker","expires_in":0.9}"#, "when the token expires"),
            (r#"{"access_token":"marker","expires_in":"soon"}"#, "when the token expires"),
            (r#"{"access_token":"marker","expires_in":9,"token_type":"pop"}"#, "bearer"),
            ("<html>marker</html>", "is not JSON"),
            ("", "is not JSON"),
            (r#"{"access_token":"mark"#, "is not JSON"),
        ];
        for (body, words) in rows {
            let error = outcome(&answer(200, body)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Network, "{body}");
            assert!(error.message().contains(words), "{body}: {error}");
            assert!(!format!("{error:?}").contains("marker"), "{error:?}");
        }
    }

    #[test]
    fn escapes_in_a_token_or_a_description_lose_nothing() {
        let body = r#"{"access_token":"a\u002eb\u002ec","expires_in":5,"token_type":"Bearer"}"#;
        assert_eq!(outcome(&answer(200, body)).unwrap().token.expose(), "a.b.c");
        let description = "AADSTS7000215: Invalid \"secret\". Trace ID: 1 Correlation ID: 2 Timestamp: now";
        assert_eq!(reason("invalid_client", description), "AADSTS7000215: Invalid \"secret\"");
        assert_eq!(reason("invalid_client", "first\r\nsecond"), "first");
        assert_eq!(reason("invalid_client", ""), "invalid_client");
    }
}
