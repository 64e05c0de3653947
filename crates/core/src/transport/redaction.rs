use crate::types::{is_guid, printable, redact, suspicion, user_information, without_suspicious_words, Extent, Secret};
use azure_core::{
    http::{headers::AUTHORIZATION, Body, Request, Url},
    Bytes,
};
use base64::{engine::general_purpose::STANDARD, Engine};
use std::{borrow::Cow, fmt};
use url::form_urlencoded::parse;

/// Parameters of a form or an address that are not secret, and that a service's message needs. Every other parameter
/// counts as a secret.
const HARMLESS_PARAMETERS: [&str; 20] = [
    "api-version",
    "audience",
    "bypass_cache",
    "claims",
    "client_assertion_type",
    "client_id",
    "client_info",
    "clientid",
    "fmi_path",
    "grant_type",
    "mi_res_id",
    "msi_res_id",
    "object_id",
    "principal_id",
    "requested_token_use",
    "resource",
    "scope",
    "serviceConnectionId",
    "token_sha256_to_refresh",
    "xms_cc",
];

/// Headers that are not secret; `x-ms-` and `x-client-` are prefixes of headers that identify a request and its sender.
const HARMLESS_HEADERS: [&str; 8] = [
    "accept",
    "client-request-id",
    "content-length",
    "content-type",
    "host",
    "metadata",
    "user-agent",
    "x-tfs-fedauthredirect",
];

/// The longest part of a service's text that a message contains.
const LONGEST_TEXT: usize = 600;

/// The most of a service's text that is read. The text may have a megabyte, and other calls wait meanwhile.
const MOST_READ: usize = 16 * 1024;

/// The shortest secret that is looked for in a sentence of this package. Shorter ones are words.
const SHORTEST_IN_OWN_WORDS: usize = 4;

/// The shortest segment of a path that may be a token.
const SHORTEST_IN_PATH: usize = 12;

/// Removes from a service's text the secrets of the request, because some services repeat what they received.
#[derive(Clone, Default)]
pub(crate) struct Redaction {
    /// The form that was sent. It is parsed only if there is a text to show.
    form: Bytes,
    /// The secrets in its headers, and those of other requests.
    headers: Vec<Secret>,
    /// The address of the request, which may have parameters.
    address: Option<Secret>,
}

impl Redaction {
    pub(super) fn of(request: &Request) -> Self {
        let form = match request.body() {
            Body::Bytes(form) => form.clone(),
            Body::SeekableStream(_) => Bytes::new(),
        };
        let proofs = request.headers().iter().filter(|(name, _)| !is_harmless_header(name.as_str()));
        let headers = proofs.flat_map(|(name, value)| match value.as_str().split_once(' ') {
            Some((scheme, proof)) if *name == AUTHORIZATION => of_authorization(scheme, proof),
            _ => vec![Secret::new(value.as_str())],
        });
        Self { form, headers: headers.collect(), address: Some(Secret::new(request.url().as_str())) }
    }

    /// Adds secrets that other requests of the credential sent.
    pub(crate) fn and(mut self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        self.headers.extend(secrets);
        self
    }

    /// The redaction for a form that was sent.
    pub(crate) fn of_form(form: impl Into<Bytes>) -> Self {
        Self { form: form.into(), ..Self::default() }
    }

    /// Returns the text on one line, shortened, without secrets. They are removed first, from the original text,
    /// because a part of a secret would not be found. Then each word is judged: a service may mention a token that was
    /// not sent to it.
    pub(crate) fn readable(&self, text: &str) -> String {
        let concealed = self.concealing(&printable(&self.concealing(text)));
        without_suspicious_words(&concealed).chars().take(LONGEST_TEXT).collect()
    }

    /// Returns the text without secrets, and without the end of a long one.
    pub(crate) fn concealing(&self, text: &str) -> String {
        redact(beginning(text), self.secrets().iter().map(Secret::expose), Extent::Pieces)
    }

    /// Returns a sentence of this package, in which there are names from outside, without secrets. A secret of few letters
    /// stays, which would also hide words of the sentence.
    pub(crate) fn concealing_names(&self, sentence: &str) -> String {
        let secrets = self.secrets();
        let long = secrets.iter().map(Secret::expose).filter(|secret| secret.len() >= SHORTEST_IN_OWN_WORDS);
        redact(beginning(sentence), long, Extent::Pieces)
    }

    /// Returns the codes, or none if a secret is among them: it may consist of digits, or be a list of its bytes.
    pub(crate) fn without_secrets(&self, codes: Vec<i64>) -> Vec<i64> {
        let list = codes.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
        if self.concealing(&list) == list {
            codes
        } else {
            Vec::new()
        }
    }

    fn secrets(&self) -> Vec<Secret> {
        let of_form = proofs(parse(&self.form));
        let of_address = self.address.iter().flat_map(|address| secrets_of_address(address.expose()));
        of_form.into_iter().chain(self.headers.iter().cloned()).chain(of_address).collect()
    }
}

/// Returns the secrets in an address: its user and password, the values of its parameters, a parameter without `=`, and
/// names of parameters and segments of its path that are not words.
pub(crate) fn secrets_of_address(address: &str) -> Vec<Secret> {
    let Ok(address) = Url::parse(address) else { return Vec::new() };
    let of_user = user_information(&address).into_iter().flat_map(|user| [parts_of_user(&user), vec![user]].concat());
    let segments = address.path_segments().into_iter().flatten();
    let of_path = segments.filter(|segment| is_proof(segment)).map(Secret::new);
    let parameters = address.query().into_iter().flat_map(|query| query.split('&'));
    let of_no_name =
        parameters.filter(|one| !one.is_empty() && !one.contains('=') && !HARMLESS_PARAMETERS.contains(one));
    let names = address.query_pairs().map(|(name, _)| name);
    let of_names = names.filter(|name| is_proof(name) && !HARMLESS_PARAMETERS.contains(&&**name)).map(Secret::new);
    of_user
        .chain(proofs(address.query_pairs()))
        .chain(of_path)
        .chain(of_no_name.map(Secret::new))
        .chain(of_names)
        .collect()
}

/// Returns whether a segment of a path may be a token. Services also use words, versions, host names and GUIDs there, and
/// their messages need those.
pub(super) fn is_proof(segment: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| segment.as_bytes().iter().any(kind);
    let is_mixed = has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit) && !segment.contains('.');
    suspicion(segment).is_some() || (is_mixed && segment.len() >= SHORTEST_IN_PATH && !is_guid(segment))
}

/// Shortens a long text, and removes the word that is cut: the beginning of a secret would not be recognised.
fn beginning(text: &str) -> &str {
    if text.len() <= MOST_READ {
        return text;
    }
    let end = (0..=MOST_READ).rev().find(|end| text.is_char_boundary(*end));
    let cut = &text[..end.unwrap_or_default()];
    cut.rfind(char::is_whitespace).map_or("", |end| &cut[..end])
}

/// Returns the secrets of an `Authorization` header. After `Basic` there is a user and a password, or a key.
fn of_authorization(scheme: &str, proof: &str) -> Vec<Secret> {
    let proof = Secret::new(proof);
    let parts = if scheme.eq_ignore_ascii_case("basic") { parts_of_basic(&proof) } else { Vec::new() };
    parts.into_iter().chain([proof]).collect()
}

fn is_harmless_header(name: &str) -> bool {
    HARMLESS_HEADERS.contains(&name) || name.starts_with("x-ms-") || name.starts_with("x-client-")
}

/// Returns the values of a form or query that may be secret.
fn proofs<'a>(pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Vec<Secret> {
    let is_proof = |name: &str, value: &str| !HARMLESS_PARAMETERS.contains(&name) || suspicion(value).is_some();
    pairs.filter(|(name, value)| is_proof(name, value)).map(|(_, value)| Secret::new(value)).collect()
}

/// Returns the user and the password in a `Basic` header.
fn parts_of_basic(proof: &Secret) -> Vec<Secret> {
    let decoded = STANDARD.decode(proof.expose()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map(|pair| parts_of_user(&Secret::new(pair))).unwrap_or_default()
}

fn parts_of_user(pair: &Secret) -> Vec<Secret> {
    let parts = pair.expose().split_once(':');
    parts.map(|(user, password)| [user, password].map(Secret::new).to_vec()).unwrap_or_default()
}

impl fmt::Debug for Redaction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Redaction")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction(form: &'static str) -> Redaction {
        Redaction::of_form(form)
    }

    #[test]
    fn secrets_are_removed_in_every_form() {
        let redaction = redaction("client_id=app&client_secret=a%2Bb+c&client_assertion=ey.x.y&scope=s");
        assert_eq!(
            redaction.readable("app sent a+b c, or a%2Bb+c, and ey.x.y for s"),
            "app sent ***, or ***, and *** for s"
        );
    }

    #[test]
    fn a_text_is_one_line_of_bounded_length() {
        assert_eq!(redaction("").readable("a\r\nb\u{1b}[31m"), "a b");
        assert_eq!(redaction("").readable(&"ü ".repeat(5000)).chars().count(), LONGEST_TEXT);
        let long = format!("first {}secret-w0rd", "\0".repeat(MOST_READ - 11));
        assert_eq!(redaction("client_secret=secret-w0rd").readable(&long), "first");
        assert_eq!(redaction("").readable(&"a".repeat(MOST_READ + 1)), "");
    }

    #[test]
    fn secrets_of_other_requests_are_removed() {
        let redaction = redaction("client_secret=marker-1").and([Secret::new("marker-2")]);
        assert_eq!(redaction.readable("marker-1 and marker-2"), "*** and ***");
    }

    #[test]
    fn the_secrets_of_headers_are_removed() {
        let url = "http://localhost/".parse().expect("an address");
        let mut request = Request::new(url, azure_core::http::Method::Get);
        request.insert_header("x-identity-header", "marker-1");
        request.insert_header("secret", "");
        request.insert_header("x-functions-key", "marker-3");
        request.insert_header("x-ms-client-request-id", "an-id");
        request.insert_header("authorization", "Basic marker-2");
        assert_eq!(
            Redaction::of(&request).readable("marker-1, Basic marker-2, marker-3 or an-id"),
            "***, Basic ***, *** or an-id"
        );
    }

    #[test]
    fn secrets_are_found_despite_line_breaks_in_the_text_or_in_the_secret() {
        assert_eq!(redaction("client_secret=abc").readable("it was a\r\nb\u{0}c"), "it was ***");
        assert_eq!(redaction("client_secret=abc%0A").readable("it was abc"), "it was ***");
        assert_eq!(redaction("client_secret=a%0Abc").concealing("it was a\nbc"), "it was ***");
    }

    #[test]
    fn user_and_query_of_the_address_are_removed() {
        let url = "http://localhost/?code=c0de%2B1&api-version=2019&resource=https://a";
        let mut request = Request::new(url.parse().expect("an address"), azure_core::http::Method::Get);
        request.insert_header(AUTHORIZATION, "Basic dXNAZXI6bWFyay9lcg==");
        let text = "us@er, mark/er or mark%2Fer, dXNAZXI6bWFyay9lcg==, c0de+1 or c0de%2B1, 2019, https://a";
        assert_eq!(Redaction::of(&request).readable(text), "***, *** or ***, ***, *** or ***, 2019, https://a");
    }

    #[test]
    fn secrets_in_an_address_are_distinguished_from_its_words() {
        let guid = "7b795fb9-09d3-42f4-a494-38864f99ba3c";
        let address = format!(
            "https://us%40er:w0rd%2Bx@ci.example/pathT0ken4711/{guid}/v2.0/oidctoken/contoso2024.example?api-version=7.1&sig=s1g"
        );
        let redaction = Redaction::default().and(secrets_of_address(&address));
        let said = format!(
            "us@er and w0rd+x dXNAZXI6dzByZCt4 pathT0ken4711 s1g {guid} v2.0 oidctoken contoso2024.example 7.1"
        );
        let shown = format!("*** and *** *** *** *** {guid} v2.0 oidctoken contoso2024.example 7.1");
        assert_eq!(redaction.readable(&said), shown);
        let alone = Redaction::default().and(secrets_of_address(
            "https://ci.example/?qM4rker%2B1&api-version&n4meOfTheKey=1&token_sha256_to_refresh=1&resource=r",
        ));
        assert_eq!(
            alone.readable("token_sha256_to_refresh, n4meOfTheKey, qM4rker+1 or qM4rker%2B1"),
            "token_sha256_to_refresh, ***, *** or ***"
        );
        for none in ["", "no address", "https://ci.example/token?api-version=7.1"] {
            assert!(secrets_of_address(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_secret_in_a_harmless_field_is_removed() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        let redaction = Redaction::of_form(format!("client_id={token}&scope=s"));
        assert_eq!(redaction.readable(&format!("no application {token} for s")), "no application *** for s");
    }

    #[test]
    fn secrets_are_removed_before_anything_is_cut() {
        let sequence = redaction("client_secret=abcdefgh").readable("it was abcd\u{1b}[1mefgh and ab\ncd ef\r\ngh");
        assert_eq!(sequence, "it was *** and ***");
    }

    #[test]
    fn codes_with_a_secret_among_them_are_removed() {
        let redaction = redaction("client_secret=4711081512345678&password=Zk7wQp2LmX");
        let rows =
            [vec![4_711_081_512_345_678], vec![47_110_815, 12_345_678], "Zk7wQp2LmX".bytes().map(i64::from).collect()];
        for codes in rows {
            assert_eq!(redaction.without_secrets(codes), [0; 0]);
        }
        assert_eq!(redaction.without_secrets(vec![7_000_215, 50_076]), [7_000_215, 50_076]);
    }

    #[test]
    fn a_short_secret_hides_no_words_of_this_package() {
        let sentence = "it is a CA's own certificate, for marker-1";
        assert_eq!(redaction("client_secret=a&password=own").concealing_names(sentence), sentence);
        let shown = redaction("client_secret=marker-1").concealing_names(sentence);
        assert_eq!(shown, "it is a CA's own certificate, for ***");
    }

    #[test]
    fn a_short_secret_is_hidden_as_a_word_and_a_blank_one_nowhere() {
        assert_eq!(redaction("client_secret=a").readable("a bad secret: 'a'"), "*** bad secret: '***'");
        for blank in ["client_secret=", "client_secret=+", "client_secret=%0A"] {
            assert_eq!(redaction(blank).readable("a text"), "a text");
        }
    }
}
