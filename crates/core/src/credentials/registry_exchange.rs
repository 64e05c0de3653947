//! Exchanges a token of Entra ID for a container registry's own token. Source:
//! <https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md>.

use super::{pipeline, token_answer::check_text, Acquisition};
use crate::{
    transport::Answer,
    types::{
        claims_in, is_retryable_status, AccessToken, EntraRefusal, Error, ErrorKind, HelpAnchor, Phase, Registry,
        Secret, TokenIdentity, UnixMillis,
    },
};
use azure_core::http::{
    headers::{ACCEPT, CONTENT_TYPE},
    Method, Request, Url,
};
use serde::Deserialize;
use std::borrow::Cow;
use url::form_urlencoded::Serializer;

#[derive(Deserialize)]
struct RegistryAnswer<'a> {
    #[serde(borrow)]
    refresh_token: Option<Cow<'a, str>>,
}

/// Exchanges the token for the registry's token.
pub(crate) async fn exchanged(
    token: AccessToken,
    registry: &Registry,
    acquisition: &Acquisition,
) -> Result<AccessToken, Error> {
    let answer = pipeline::answer(acquisition, request(&token, registry)?).await?;
    registry_token(&answer, registry, token)
}

fn request(token: &AccessToken, registry: &Registry) -> Result<Request, Error> {
    let url = Url::parse(&format!("https://{registry}/oauth2/exchange"));
    let url = url.map_err(|_| Error::new(ErrorKind::Internal, "the registry's host name does not form a valid URL"))?;
    let mut request = pipeline::request(url, Method::Post);
    request.insert_header(ACCEPT, "application/json");
    request.insert_header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "access_token").append_pair("service", registry.host());
    if let Some(tenant) = tenant(token) {
        form.append_pair("tenant", &tenant);
    }
    form.append_pair("access_token", token.token.expose());
    request.set_body(form.finish().into_bytes());
    Ok(request)
}

/// Returns the tenant that gave the token, or else the one in the token.
fn tenant(token: &AccessToken) -> Option<String> {
    let asked = token.tenant.as_ref().map(|tenant| tenant.as_str().to_owned());
    asked.or_else(|| TokenIdentity::of(token.token.expose()).tenant_id)
}

/// Returns the token in the answer, or the error.
pub(crate) fn registry_token(answer: &Answer, registry: &Registry, token: AccessToken) -> Result<AccessToken, Error> {
    if !answer.is_success() {
        return Err(refusal(answer, registry));
    }
    let parsed: Option<RegistryAnswer<'_>> = serde_json::from_slice(&answer.body).ok();
    let text = parsed.and_then(|parsed| parsed.refresh_token).unwrap_or_default();
    if check_text(&text).is_err() {
        return Err(malformed(answer, registry));
    }
    let expires_on = end(&text).unwrap_or(token.expires_on);
    Ok(AccessToken { token: Secret::new(text), expires_on, refresh_after: None, ..token })
}

#[derive(Deserialize)]
struct End {
    exp: f64,
}

/// Returns when the registry's token ends. If it names no end, it ends with Entra ID's token.
#[expect(clippy::cast_possible_truncation, reason = "within the range of a date")]
fn end(token: &str) -> Option<UnixMillis> {
    let End { exp } = claims_in(token)?;
    (1.0..4e9).contains(&exp).then_some((exp * 1000.0) as UnixMillis)
}

fn refusal(answer: &Answer, registry: &Registry) -> Error {
    let status = answer.status;
    let error = if is_retryable_status(status) {
        let message = format!(
            "the registry {registry} gave no token: it throttles requests or is unavailable (status {status}). Try again later"
        );
        refused(message, status)
    } else if status == 401 || status == 403 {
        let message = format!(
            "the registry {registry} refused the login (status {status}). Give the identity the role AcrPull or AcrPush \
             there, and check that its network rules let this machine in"
        );
        refused(message, status)
    } else {
        let message = format!(
            "the registry {registry} answered with status {status} in place of a token: check its name, and whether a \
             proxy answers in its place"
        );
        Error::new(ErrorKind::Network, message).with_phase(Phase::Response)
    };
    answer.with_its_wait(about(error, registry))
}

fn refused(message: String, status: u16) -> Error {
    Error::refused(message, EntraRefusal::of_status(status))
}

/// The answer is not shown, because it may repeat what was sent.
fn malformed(answer: &Answer, registry: &Registry) -> Error {
    let message = format!(
        "the registry {registry} answered without a refresh_token that can be used (status {}, {} bytes): check whether a \
         proxy answers in its place",
        answer.status,
        answer.body.len()
    );
    about(Error::new(ErrorKind::Network, message).with_phase(Phase::Response), registry)
}

fn about(error: Error, registry: &Registry) -> Error {
    error.with_host(registry.host()).with_help(HelpAnchor::Registry)
}
