//! Floor 8: every parser of what comes from outside, on bytes that nobody checked. For `fuzz/` and for the test that
//! replays its corpus; no part of the contract. A new parser is a row here and a folder of seeds.

use crate::{
    config::{Exemptions, NetworkSettings, ProxySettings},
    host::Clock,
    sources::{entra, Acquisition, Principal, RequestedClaims},
    transport::{Answer, Deadline, Redaction, Transport},
    types::{ClientId, Cloud, CredentialKind, Error, ErrorKind, Scopes, TenantId},
};
use std::sync::{Arc, LazyLock};
use zeroize::Zeroizing;

/// A parser's entry: it panics where a promise does not hold.
pub type Parser = fn(&[u8]);

/// The entries by name; each has its seeds in `fuzz/corpus/<name>`.
pub const PARSERS: &[(&str, Parser)] = &[
    ("claims", claims),
    ("error_response", error_response),
    ("no_proxy", no_proxy),
    ("proxy_address", proxy_address),
    ("redaction", redaction),
    ("token_response", token_response),
];

/// What no error may show; every seed of an answer repeats it.
const SECRET: &str = "marker-secret";

/// A sentence of ours with a service's text in it. Bytes, four for each of the characters that are kept.
const LONGEST_MESSAGE: usize = 4 * 1024;

fn token_response(bytes: &[u8]) {
    let answer = answer(200, bytes);
    match entra::normalised_token(&answer) {
        Ok(normalised) => {
            assert!(normalised.is_ascii());
            let lifetime = entra::lifetime(&answer, 0).expect("a token that is accepted has a lifetime");
            assert!(
                lifetime.expires_on > 0 && lifetime.refresh_after.is_none_or(|moment| moment < lifetime.expires_on)
            );
        }
        Err(error) => assert_fit_to_show(&error, ErrorKind::Network),
    }
}

/// The first byte decides the status.
fn error_response(bytes: &[u8]) {
    static ASKED: LazyLock<(TenantId, ClientId, Acquisition)> = LazyLock::new(asked);
    let Some((status, body)) = bytes.split_first() else { return };
    let answer = answer(300 + u16::from(*status), body);
    let (tenant, client_id, acquisition) = &*ASKED;
    let principal = Principal { kind: CredentialKind::ClientSecret, tenant, client_id, setting: "ARM_CLIENT_SECRET" };
    let error = entra::Refused { principal: &principal, acquisition, answer: &answer }.into_error();
    let kind = error.refusal().map_or(ErrorKind::Network, |_| ErrorKind::Authentication);
    assert_fit_to_show(&error, kind);
}

/// A host and its port on the first line, the list on the others.
fn no_proxy(bytes: &[u8]) {
    let (host, list) = in_two(bytes, '\n');
    let (host, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let is_exempt = Exemptions::parse(list).contain(host, port.parse().unwrap_or(443));
    assert!(is_exempt || !list.split(',').any(|entry| entry.trim() == "*"), "* exempts everything");
}

fn proxy_address(bytes: &[u8]) {
    match ProxySettings::all(&String::from_utf8_lossy(bytes), "HTTPS_PROXY") {
        Ok(settings) => assert!(!settings.distinct()[0].address().contains('@'), "a password may be in the address"),
        Err(error) => assert_fit_to_show(&error, ErrorKind::Configuration),
    }
}

/// A secret on the first line, a text on the others. Where the secret has asterisks, what hides it may repeat it.
fn redaction(bytes: &[u8]) {
    let (secret, text) = in_two(bytes, '\n');
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("client_secret", secret).finish();
    let shown = Redaction::of_form(form).readable(text);
    assert!(secret.is_empty() || secret.contains('*') || !shown.contains(secret));
    assert!(shown.len() <= LONGEST_MESSAGE && !shown.contains(char::is_control));
}

/// The first byte decides about Continuous Access Evaluation.
fn claims(bytes: &[u8]) {
    let Some((flag, challenge)) = bytes.split_first() else { return };
    match RequestedClaims::new(Some(&String::from_utf8_lossy(challenge)), flag % 2 == 1) {
        Ok(claims) => assert!(claims.as_deref().is_some_and(|text| text.starts_with('{'))),
        Err(error) => assert_fit_to_show(&error, ErrorKind::Configuration),
    }
}

fn asked() -> (TenantId, ClientId, Acquisition) {
    let acquisition = Acquisition {
        scopes: Scopes::of_endpoint("api://fuzzing"),
        tenant: None,
        claims: RequestedClaims::default(),
        cloud: Cloud::public(),
        deadline: Deadline::at(Clock::system().instant()),
        transport: Arc::new(Transport::new(NetworkSettings::default())),
        clock: Clock::system(),
    };
    let id = "00000000-0000-4000-8000-000000000000";
    let tenant = TenantId::parse(id, "tenantId").expect("a GUID is a tenant");
    (tenant, ClientId::parse(id, "clientId").expect("a GUID is a client id"), acquisition)
}

fn answer(status: u16, body: &[u8]) -> Answer {
    Answer {
        status,
        content_type: Some("application/json".to_owned()),
        retry_after: None,
        body: Zeroizing::new(body.to_vec()),
        redaction: Redaction::of_form(format!("client_secret={SECRET}")),
    }
}

fn assert_fit_to_show(error: &Error, kind: ErrorKind) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.message().len() <= LONGEST_MESSAGE, "{} bytes", error.message().len());
    assert!(!error.message().contains(char::is_control), "{error:?}");
    assert!(!format!("{error:?}{:?}", error.refusal()).contains(SECRET), "{error:?}");
}

/// Bytes as text, parted at the first of that character.
fn in_two(bytes: &[u8], separator: char) -> (&str, &str) {
    std::str::from_utf8(bytes).ok().and_then(|text| text.split_once(separator)).unwrap_or_default()
}
