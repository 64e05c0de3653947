//! Entra ID's answers: a token (RFC 6749 §5.1), or a refusal (§5.2 and Microsoft's additions to it).

use super::{
    advice,
    principal::Principal,
    token_answer::{malformed, TokenAnswer},
};
use crate::{
    transport::{Answer, RefusalBody},
    types::{has_token, is_retryable_status, AccessToken, EntraRefusal, Error, ErrorKind, Phase, UnixMillis},
};
use std::fmt;

/// The longest claims challenge. The longest known one has about 500 bytes, and one that does not fit into a header
/// cannot be answered.
const LONGEST_CLAIMS: usize = 16 * 1024;

/// Returns the token of a successful answer.
fn token(answer: &Answer, principal: &Principal<'_>, now: UnixMillis) -> Result<AccessToken, Error> {
    let parsed = TokenAnswer::parse(answer)?;
    if !parsed.is_bearer() {
        return Err(malformed(answer, "has a token that is not a bearer token"));
    }
    // Entra ID counts in seconds from now, so less than one second is no lifetime.
    let end = parsed.end_by_lifetime(now).filter(|end| *end >= now + 1000);
    let token = parsed.token(end, now, (principal.kind, Some(principal.tenant.clone())));
    token.map_err(|fault| malformed(answer, fault.in_words()))
}

/// An answer of a token endpoint.
pub(crate) struct Answered<'a> {
    pub(crate) principal: &'a Principal<'a>,
    /// The host that sent the answer.
    pub(crate) host: &'a str,
    pub(crate) answer: &'a Answer,
}

impl Answered<'_> {
    /// Returns the token, or the error. A successful answer with an `error` in place of a token is a refusal.
    pub(crate) fn token(&self, now: UnixMillis) -> Result<AccessToken, Error> {
        if !self.answer.is_success() {
            return Err(self.error());
        }
        let is_refusal = || RefusalBody::parse(&self.answer.body).is_some();
        token(self.answer, self.principal, now).map_err(|error| if is_refusal() { self.error() } else { error })
    }

    pub(crate) fn error(&self) -> Error {
        let error = RefusalBody::parse(&self.answer.body).map_or_else(|| self.unreadable(), |body| self.refusal(body));
        self.answer.with_its_wait(error.with_host(self.host))
    }

    fn refusal(&self, body: RefusalBody) -> Error {
        let redaction = self.answer.redaction_of_members();
        let readable = |text: &str| redaction.readable(text);
        let refusal = EntraRefusal {
            status_code: Some(self.answer.status),
            error_codes: redaction.without_secrets(body.codes()),
            error: Some(readable(&body.error)),
            suberror: body.suberror.as_deref().map(readable),
            correlation_id: body.correlation_id.as_deref().map(readable),
            trace_id: body.trace_id.as_deref().map(readable),
            claims: body
                .claims
                .filter(|text| text.len() <= LONGEST_CLAIMS && !has_token(text))
                .map(|text| redaction.concealing(&text)),
        };
        // Secrets are removed before the description is shortened, because a part of a secret would not be found.
        let description = redaction.concealing(&body.error_description);
        let message = self.sentence(&readable(&reason(&body.error, &description)), &refusal);
        Error::refused(message, refusal)
    }

    fn sentence(&self, reason: &str, refusal: &EntraRefusal) -> String {
        let Principal { kind, tenant, client_id, setting, .. } = self.principal;
        // An id that equals the secret is a mistake in the settings.
        let shown = |id: &dyn fmt::Display| self.answer.redaction.concealing(&id.to_string());
        let (tenant, client_id) = (shown(tenant), shown(client_id));
        let advice = advice::for_codes(&refusal.error_codes, setting);
        let ids = [("correlation id", &refusal.correlation_id), ("trace id", &refusal.trace_id)];
        let ids: Vec<_> = ids.iter().filter_map(|(name, id)| Some(format!("{name} {}", id.as_ref()?))).collect();
        let ids = if ids.is_empty() { String::new() } else { format!(" [{}]", ids.join(", ")) };
        let host = self.host;
        if refusal.is_transient() {
            let status = self.answer.status;
            return format!(
                "{host} gave no token to application {client_id} in tenant {tenant}: it throttles requests or is unavailable (status {status}, {reason}). Try again later{ids}"
            );
        }
        let kind = kind.in_words();
        format!("{host} refused the {kind} of application {client_id} in tenant {tenant}: {reason}. {advice}{ids}")
    }

    /// Returns the error for an answer without a reason, which a proxy or another program may have sent.
    fn unreadable(&self) -> Error {
        let answer = self.answer;
        let kind = answer.redaction.readable(answer.content_type.as_deref().unwrap_or("no content type"));
        let message = format!(
            "{} answered with status {} and a body that is not Entra ID's ({kind}, {} bytes): check the authority, and \
             whether a proxy answers in its place",
            self.host,
            answer.status,
            answer.body.len()
        );
        if is_retryable_status(answer.status) {
            let refusal = EntraRefusal::of_status(answer.status);
            return Error::refused(message, refusal);
        }
        Error::new(ErrorKind::Network, message).with_phase(Phase::Response)
    }
}

/// Returns Entra ID's sentence without the ids and the time, which have fields of their own.
fn reason(error: &str, description: &str) -> String {
    let sentence = description.split(" Trace ID:").next().unwrap_or_default();
    let sentence = sentence.split(['\r', '\n']).next().unwrap_or_default().trim().trim_end_matches('.');
    (if sentence.is_empty() { error } else { sentence }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        credentials::expiry::LONGEST_LIFETIME,
        transport::Redaction,
        types::{ClientId, CredentialKind, TenantId},
    };

    fn answer(status: u16, body: &str) -> Answer {
        Answer::of_json(status, body.as_bytes(), Redaction::default())
    }

    /// Returns the result for the answer at the time 0.
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
    fn lifetimes_are_read_in_every_format_that_services_send() {
        let rows = [
            (r#"{"access_token":"t","expires_in":3599}"#, 3_599_000, None),
            (r#"{"access_token":"t","expires_in":"3599"}"#, 3_599_000, None),
            (r#"{"access_token":"t","expires_in":3599.5,"refresh_in":1800}"#, 3_599_500, Some(1_800_000)),
            (r#"{"access_token":"t","expires_in":100,"refresh_in":100}"#, 100_000, None),
            (r#"{"access_token":"t","expires_in":100,"refresh_in":0}"#, 100_000, None),
            (r#"{"access_token":"t","expires_in":1e300}"#, LONGEST_LIFETIME * 1000, None),
        ];
        for (body, expires_on, refresh_after) in rows {
            let token = outcome(&answer(200, body)).unwrap();
            assert_eq!((token.expires_on, token.refresh_after), (expires_on, refresh_after), "{body}");
        }
    }

    #[test]
    fn an_id_that_equals_the_secret_is_not_shown() {
        let (tenant, client_id) = (TenantId::parse("t", "").unwrap(), ClientId::parse("m4rkerw0rd", "").unwrap());
        let setting = "ARM_CLIENT_SECRET";
        let kind = CredentialKind::ClientSecret;
        let principal = Principal { kind, tenant: &tenant, client_id: &client_id, setting, fmi_path: None };
        let redaction = Redaction::of_form("client_id=m4rkerw0rd&client_secret=m4rkerw0rd");
        for status in [400, 503] {
            let answer = &Answer::of_json(status, br#"{"error":"e"}"#, redaction.clone());
            let error = Answered { principal: &principal, host: "login.example", answer }.error();
            assert!(error.message().contains("application *** in tenant t"), "{error}");
        }
    }

    #[test]
    fn tokens_of_the_answer_are_not_shown() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        let body = serde_json::json!({
            "access_token": "", "refresh_token": "m4rkerw0rd-0paque", "error": token, "suberror": token,
            "error_description": format!("AADSTS1: no {token} with m4rkerw0rd-0paque and {{\"id_token\": \"m4rkertwo\"}}"),
            "correlation_id": token, "trace_id": format!("a {token}"), "claims": token,
        });
        for status in [200, 400] {
            let error = outcome(&answer(status, &body.to_string())).unwrap_err();
            assert!(error.message().contains("AADSTS1: no *** with *** and {\"id_token\": \"***\"}"), "{error}");
            let all = format!("{error:?} {:?}", error.refusal());
            assert!(!["eyJ", "m4rker"].iter().any(|secret| all.contains(secret)), "{all}");
        }
        let answer = Answer { content_type: Some(format!("text/{token}")), ..answer(400, "") };
        assert!(outcome(&answer).unwrap_err().message().contains("(***, 0 bytes)"));
    }

    #[test]
    fn a_successful_status_with_an_error_in_the_body_is_a_refusal() {
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
    fn an_answer_without_a_usable_token_is_an_error() {
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
