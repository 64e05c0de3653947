//! Layer 9: runs every parser of untrusted input on arbitrary bytes, for `fuzz/` and for the test that replays its
//! corpus. Not part of the public contract. A new parser needs a row here and a folder of seeds.

use crate::{
    certificates::SigningCertificate,
    client_config::claims_of,
    clouds::{metadata, region},
    config::{Exemptions, ProxySettings, PulumiConfig},
    credentials::azure_profile::{Found, Profile},
    credentials::{entra, fuzz_entries, registry_exchange, Principal, RequestedClaims},
    transport::{Answer, Redaction},
    types::{
        is_shown, AccessToken, ClientId, Cloud, CredentialKind, Error, ErrorKind, Registry, Secret, TenantId,
        TokenIdentity,
    },
};
use std::sync::LazyLock;

/// Calls a parser. It panics if the parser breaks a promise.
pub type Parser = fn(&[u8]);

/// The parsers by name. Each has its seeds in `fuzz/corpus/<name>`.
pub const PARSERS: &[(&str, Parser)] = &[
    ("arc_challenge", arc_challenge),
    ("azure_profile", azure_profile),
    ("certificate", certificate),
    ("claims", claims),
    ("command_output", command_output),
    ("error_response", error_response),
    ("jwt_claims", jwt_claims),
    ("machine_region", machine_region),
    ("managed_identity_answer", managed_identity_answer),
    ("metadata_document", metadata_document),
    ("no_proxy", no_proxy),
    ("proxy_address", proxy_address),
    ("pulumi_config", pulumi_config),
    ("redaction", redaction),
    ("registry_answer", registry_answer),
    ("token_response", token_response),
    ("tool_complaint", tool_complaint),
    ("tool_output", tool_output),
    ("value_parts", value_parts),
];

/// A secret that no error may show. Every seed of an answer repeats it.
const SECRET: &str = "marker-secret";

/// The longest message, in bytes: a sentence with a service's text in it, and four bytes for each character of that.
const LONGEST_MESSAGE: usize = 4 * 1024;

fn token_response(bytes: &[u8]) {
    let answer = answer(200, bytes);
    let answered = entra::Answered { principal: &principal(), host: "login.example", answer: &answer };
    match answered.token(0) {
        Ok(token) => assert_usable(&token),
        Err(error) => assert_fit_to_show(&error, kind_of(&error)),
    }
}

/// Returns the kind that the refusal in an error has.
fn kind_of(error: &Error) -> ErrorKind {
    match error.refusal() {
        Some(refusal) if refusal.is_transient() => ErrorKind::ServiceUnavailable,
        Some(_) => ErrorKind::Authentication,
        None => ErrorKind::Network,
    }
}

/// The first byte is the status.
fn error_response(bytes: &[u8]) {
    let Some((status, body)) = bytes.split_first() else { return };
    let answer = answer(300 + u16::from(*status), body);
    let error = entra::Answered { principal: &principal(), host: "login.example", answer: &answer }.error();
    assert_fit_to_show(&error, kind_of(&error));
}

/// The first byte is the status. The error must contain no other text of the answer than its own message.
fn managed_identity_answer(bytes: &[u8]) {
    let Some((status, body)) = bytes.split_first() else { return };
    match fuzz_entries::managed_identity_answer(&answer(200 + u16::from(*status), body), 0) {
        Ok(token) => assert_usable(&token),
        Err(error) => assert!(error.message().len() <= LONGEST_MESSAGE && !format!("{error:?}").contains(SECRET)),
    }
}

/// The first byte is the status.
fn registry_answer(bytes: &[u8]) {
    let Some((status, body)) = bytes.split_first() else { return };
    let registry = Registry::parse("contoso.azurecr.io", &Cloud::public()).expect("a registry");
    let token = AccessToken { token: Secret::new("of-entra"), ..no_token() };
    match registry_exchange::registry_token(&answer(200 + u16::from(*status), body), &registry, token) {
        Ok(token) => assert_usable(&token),
        Err(error) => assert_fit_to_show(&error, kind_of(&error)),
    }
}

/// The first byte is the status.
fn metadata_document(bytes: &[u8]) {
    let Some((status, body)) = bytes.split_first() else { return };
    match metadata::described("https://metadata.example", &answer(200 + u16::from(*status), body)) {
        Ok(cloud) => assert!(cloud.authority.as_str().starts_with("https://") && !cloud.resource_manager.is_empty()),
        Err(error) => assert!(error.message().len() <= LONGEST_MESSAGE && !error.message().contains(char::is_control)),
    }
}

/// The text contains a stack's secrets.
fn pulumi_config(bytes: &[u8]) {
    if let Err(error) = PulumiConfig::parse(&String::from_utf8_lossy(bytes)) {
        assert_fit_to_show(&error, ErrorKind::Configuration);
    }
}

fn jwt_claims(bytes: &[u8]) {
    let token = AccessToken { token: Secret::new(String::from_utf8_lossy(bytes)), ..no_token() };
    if let Err(error) = claims_of(&token) {
        assert_fit_to_show(&error, ErrorKind::Authentication);
    }
}

/// An access token whose text is not yet known.
fn no_token() -> AccessToken {
    AccessToken {
        token: Secret::new(""),
        expires_on: 1,
        refresh_after: None,
        tenant: None,
        identity: TokenIdentity::default(),
        source: CredentialKind::AzureCli,
        attempts: Vec::new(),
        cached_in: None,
    }
}

fn arc_challenge(bytes: &[u8]) {
    let file = fuzz_entries::arc_challenge(&String::from_utf8_lossy(bytes));
    assert!(file.is_none_or(|file| !file.as_os_str().is_empty()));
}

/// Malformed output is never shown, because it may contain a token.
fn tool_output(bytes: &[u8]) {
    match fuzz_entries::tool_output(bytes, 0) {
        Ok(token) => assert_usable(&token),
        Err(error) => assert!(!error.message().contains(SECRET) && error.message().len() <= LONGEST_MESSAGE),
    }
}

/// The output of a user's own program may also be a token alone.
fn command_output(bytes: &[u8]) {
    match fuzz_entries::command_output(bytes, 0) {
        Ok(token) => assert_usable(&token),
        Err(error) => assert!(!error.message().contains(SECRET) && error.message().len() <= LONGEST_MESSAGE),
    }
}

/// Whatever the profile contains, an account that is found in it is complete.
fn azure_profile(bytes: &[u8]) {
    let Some(profile) = Profile::parse(bytes) else { return };
    for named in [None, Some("second")] {
        if let Found::Account(account) = profile.account(named, "AzureCloud") {
            assert!(!account.id.is_empty() && account.environment_name == "AzureCloud");
        }
    }
}

/// Whatever answers in place of IMDS, secrets go only to Microsoft's host in that region.
fn machine_region(bytes: &[u8]) {
    let Some(region) = region::named(&answer(200, bytes)) else { return };
    let authority = Cloud::public().authority.in_region(&region).expect("the public cloud has regions");
    assert_eq!(authority.as_str(), format!("https://{region}.login.microsoft.com/"));
}

fn tool_complaint(bytes: &[u8]) {
    let said = fuzz_entries::tool_complaint(&String::from_utf8_lossy(bytes));
    assert!(said.len() <= LONGEST_MESSAGE && !said.contains(char::is_control) && !said.contains("eyJ"), "{said}");
}

/// A variable's value, after which a password stands in a line of its own. A program prints all of it.
fn value_parts(bytes: &[u8]) {
    let value = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_MESSAGE)]);
    let whole = format!("{value}\nPassword={SECRET}\nhost=h\n");
    let shown = fuzz_entries::shown_by_program(&format!("<{SECRET}> {value}"), &[("ANY", &whole)]);
    assert!(!shown.contains(SECRET), "{shown}");
    let shown = fuzz_entries::shown_by_program(&whole, &[("A_SECRET", &whole)]);
    assert!(!shown.contains(SECRET), "{shown}");
}

/// The first line is a host and its port, the others are the list.
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

/// The first line is a secret, the others are a text. A secret with asterisks may occur in what hides it. A secret of
/// less than four characters is hidden only as a word.
fn redaction(bytes: &[u8]) {
    let (secret, text) = in_two(bytes, '\n');
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("client_secret", secret).finish();
    let shown = Redaction::of_form(form).readable(text);
    let is_short = secret.trim().chars().filter(|character| is_shown(*character)).count() < 4;
    assert!(is_short || secret.contains('*') || !shown.contains(secret));
    assert!(shown.len() <= LONGEST_MESSAGE && !shown.contains(char::is_control));
}

/// The first line is a password; PEM or PKCS#12 follows.
fn certificate(bytes: &[u8]) {
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (password, content) = (String::from_utf8_lossy(&bytes[..line]), bytes.get(line + 1..).unwrap_or_default());
    if let Err(unreadable) = SigningCertificate::read(content, Some(&*password)) {
        assert!(!unreadable.to_string().contains(SECRET), "{unreadable}");
    }
}

/// The first byte decides whether Continuous Access Evaluation is supported.
fn claims(bytes: &[u8]) {
    let Some((flag, challenge)) = bytes.split_first() else { return };
    match RequestedClaims::new(Some(&String::from_utf8_lossy(challenge)), flag % 2 == 1) {
        Ok(claims) => assert!(claims.as_deref().is_some_and(|text| text.starts_with('{'))),
        Err(error) => assert_fit_to_show(&error, ErrorKind::Configuration),
    }
}

static ASKED: LazyLock<(TenantId, ClientId)> = LazyLock::new(|| {
    let id = "00000000-0000-4000-8000-000000000000";
    let tenant = TenantId::parse(id, "tenantId").expect("a GUID is a tenant");
    (tenant, ClientId::parse(id, "clientId").expect("a GUID is a client id"))
});

fn principal() -> Principal<'static> {
    let (tenant, client_id) = &*ASKED;
    Principal { kind: CredentialKind::ClientSecret, tenant, client_id, setting: "ARM_CLIENT_SECRET", fmi_path: None }
}

fn answer(status: u16, body: &[u8]) -> Answer {
    Answer::of_json(status, body, Redaction::of_form(format!("client_secret={SECRET}")))
}

/// Each of these answers came at the epoch.
fn assert_usable(token: &AccessToken) {
    assert!(token.token.expose().bytes().all(|byte| byte.is_ascii_graphic()) && !token.token.is_empty());
    assert!(token.expires_on > 0 && token.refresh_after.is_none_or(|moment| moment < token.expires_on));
}

fn assert_fit_to_show(error: &Error, kind: ErrorKind) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.message().len() <= LONGEST_MESSAGE, "{} bytes", error.message().len());
    assert!(!error.message().contains(char::is_control), "{error:?}");
    assert!(!format!("{error:?}{:?}", error.refusal()).contains(SECRET), "{error:?}");
}

/// Splits the bytes, as text, at the first occurrence of that character.
fn in_two(bytes: &[u8], separator: char) -> (&str, &str) {
    std::str::from_utf8(bytes).ok().and_then(|text| text.split_once(separator)).unwrap_or_default()
}
