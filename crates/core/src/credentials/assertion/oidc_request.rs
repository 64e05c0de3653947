//! The OIDC token of a job in GitHub Actions, and in CI services that have the same interface:
//! <https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token>.

use super::Acquisition;
use crate::{
    credentials::pipeline,
    transport::{secrets_of_address, Answer},
    types::{is_retryable_status, EntraRefusal, Error, ErrorKind, Phase, Secret},
};
use azure_core::http::{
    headers::{ACCEPT, AUTHORIZATION},
    Method, Request, Url,
};
use serde_json::{Map, Value};

const SERVICE: Service = Service {
    name: "GitHub",
    advice: "Check that the job may ask for an identity token (permissions: id-token: write), and that the request \
             token is this job's own",
    // GitHub's body is never shown.
    says: |_| None,
};

/// A request for an assertion.
pub(super) struct AssertionRequest<'a> {
    pub(super) url: &'a str,
    pub(super) token: &'a Secret,
    pub(super) audience: &'a str,
    pub(super) setting: &'a str,
}

impl AssertionRequest<'_> {
    pub(super) async fn assertion(&self, acquisition: &Acquisition) -> Result<Secret, Error> {
        let request = authorized(self.address()?, Method::Get, self.token);
        SERVICE.assertion(acquisition, request, "value", secrets_of_address(self.url)).await
    }

    fn address(&self) -> Result<Url, Error> {
        let url = address(self.url, self.setting)?;
        Ok(with_parameters(url, &[("audience", self.audience)]))
    }
}

/// A request with the job's own token.
pub(super) fn authorized(address: Url, method: Method, token: &Secret) -> Request {
    let mut request = pipeline::request(address, method);
    request.insert_header(ACCEPT, "application/json");
    request.insert_header(AUTHORIZATION, format!("Bearer {}", token.expose()));
    request
}

/// Parses the address. It may be an http address, because CI services on the job's own network use these.
pub(super) fn address(text: &str, setting: &str) -> Result<Url, Error> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let invalid = || {
        Error::configuration(format!("the address of the OIDC token service ({setting}) is not a valid URL: set it to the address that the CI service gives to its jobs"), [setting])
    };
    url.ok_or_else(invalid)
}

/// Sets these parameters, and keeps the others.
pub(super) fn with_parameters(mut url: Url, set: &[(&str, &str)]) -> Url {
    let is_set = |name: &str| set.iter().any(|(other, _)| *other == name);
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| !is_set(name)).map(|(name, value)| (name.into(), value.into())).collect();
    url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(set);
    url
}

/// Returns a member of the answer; the case of its name is ignored.
pub(super) fn value(answer: &Answer, name: &str) -> Option<Secret> {
    let members: Map<String, Value> = serde_json::from_slice(&answer.body).ok()?;
    let member = members.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
    match member {
        Some((_, Value::String(text))) if !text.is_empty() => Some(Secret::new(text)),
        _ => None,
    }
}

/// A service that gives jobs their identity: what its errors need.
pub(super) struct Service {
    pub(super) name: &'static str,
    /// What to check if the service refuses.
    pub(super) advice: &'static str,
    /// Returns the service's own message, if it may be shown: an answer may repeat what was sent, or contain a token.
    pub(super) says: fn(&Answer) -> Option<String>,
}

impl Service {
    /// Returns the assertion, which is this member of the answer. Secrets of the address are removed from what the
    /// service repeats; the job's own token replaces the address's user in the request.
    pub(super) async fn assertion(
        &self,
        acquisition: &Acquisition,
        request: Request,
        member: &str,
        sent: Vec<Secret>,
    ) -> Result<Secret, Error> {
        let mut answer = pipeline::answer(acquisition, request).await.map_err(|error| self.not_asked(&error))?;
        answer.redaction = answer.redaction.and(sent);
        if !answer.is_success() {
            return Err(self.refused(&answer));
        }
        value(&answer, member).ok_or_else(|| self.missing(member, &answer))
    }

    /// Returns the network's error for a request without an answer, with the sentence that people search for.
    fn not_asked(&self, error: &Error) -> Error {
        error.clone().with_message(format!("{} OIDC: couldn't request token: {error}", self.name))
    }

    /// Returns the error of a refusal. The advice applies to a refused job; an overloaded service needs no change to
    /// the job.
    fn refused(&self, answer: &Answer) -> Error {
        let (status, said) = (answer.status, self.said(answer));
        let advice = if is_retryable_status(status) {
            "The token service is unavailable or overloaded: try again later"
        } else {
            self.advice
        };
        let message = format!("{} OIDC: {status} with response: {said}. {advice}", self.name);
        answer.with_its_wait(Error::refused(message, EntraRefusal::of_status(status)))
    }

    /// Returns the error for a successful answer without the member.
    fn missing(&self, member: &str, answer: &Answer) -> Error {
        let said = self.said(answer);
        let advice = match (self.says)(answer) {
            Some(_) => self.advice,
            None => "Check that the address is that of the token service",
        };
        let message =
            format!("{} OIDC: {} with no {member} in its response: {said}. {advice}", self.name, answer.status);
        Error::new(ErrorKind::Network, message).with_phase(Phase::Response)
    }

    fn said(&self, answer: &Answer) -> String {
        (self.says)(answer).unwrap_or_else(|| format!("{} bytes, which are not shown", answer.body.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Redaction;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::of_json(status, body.as_bytes(), Redaction::default())
    }

    #[test]
    fn parameters_are_set_and_the_others_kept() {
        let rows = [
            ("https://ci.example/token?api-version=2.0", "api-version=2.0&audience=api%3A%2F%2Fa"),
            ("https://ci.example/token?audience=other&x=1&audience=more", "x=1&audience=api%3A%2F%2Fa"),
            ("https://ci.example/token", "audience=api%3A%2F%2Fa"),
        ];
        for (url, expected) in rows {
            let url = with_parameters(Url::parse(url).unwrap(), &[("audience", "api://a")]);
            assert_eq!(url.query(), Some(expected));
        }
    }

    #[test]
    fn the_value_is_found_whatever_its_case() {
        for body in [r#"{"value":"jwt"}"#, r#"{"count":1,"Value":"jwt"}"#, r#"{"VALUE":"jwt"}"#] {
            assert_eq!(value(&answer(200, body), "value").unwrap().expose(), "jwt");
        }
        for body in ["{}", "", "[]", r#"{"value":""}"#, r#"{"value":1}"#] {
            assert!(value(&answer(200, body), "value").is_none(), "{body}");
        }
    }

    #[test]
    fn a_refusal_names_its_status_and_never_its_body() {
        let error = SERVICE.refused(&answer(403, "marker"));
        assert!(error.message().starts_with("GitHub OIDC: 403 with response: "), "{error}");
        assert_eq!((error.kind(), error.refusal().unwrap().status_code), (ErrorKind::Authentication, Some(403)));
        let error = SERVICE.refused(&answer(503, "marker"));
        assert!(error.kind() == ErrorKind::ServiceUnavailable && error.retryable());
        assert!(!format!("{error} {error:?}").contains("marker"));
    }
}
