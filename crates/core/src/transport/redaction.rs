use crate::types::{printable, Secret};
use azure_core::{
    http::{
        headers::{HeaderName, AUTHORIZATION},
        Body, Request,
    },
    Bytes,
};
use std::fmt;
use url::form_urlencoded::{byte_serialize, parse};

/// The fields of a token request that prove an identity (RFC 6749 §2.3.1, RFC 7521 §4).
const PROOFS: [&str; 4] = ["client_secret", "client_assertion", "assertion", "refresh_token"];

/// The longest piece of a service's text that goes into a message of ours.
const LONGEST_TEXT: usize = 600;

/// The headers that prove who asks: of App Service, of Azure ML and Service Fabric, of Arc and OIDC services.
const PROOF_HEADERS: [HeaderName; 3] =
    [HeaderName::from_static("x-identity-header"), HeaderName::from_static("secret"), AUTHORIZATION];

const HIDDEN: &str = "***";

/// Takes out of a service's text what the request had sent in confidence: some services repeat what they were asked.
#[derive(Clone, Default)]
pub(crate) struct Redaction {
    /// The form that was sent; it is only looked into when there is a text to show.
    form: Bytes,
    headers: Vec<Secret>,
}

impl Redaction {
    pub(super) fn of(request: &Request) -> Self {
        let form = match request.body() {
            Body::Bytes(form) => form.clone(),
            Body::SeekableStream(_) => Bytes::new(),
        };
        let proofs = PROOF_HEADERS.into_iter().filter_map(|name| request.headers().get_optional_string(&name));
        // The last word: behind `Basic` or `Bearer`.
        Self { form, headers: proofs.filter_map(|value| value.split(' ').next_back().map(Secret::new)).collect() }
    }

    /// Of a form that was sent.
    pub(crate) fn of_form(form: impl Into<Bytes>) -> Self {
        Self { form: form.into(), headers: Vec::new() }
    }

    /// The text on one line, in a bounded length, without what is secret.
    pub(crate) fn readable(&self, text: &str) -> String {
        self.concealing(&printable(text)).chars().take(LONGEST_TEXT).collect()
    }

    /// The text as it is, but for what is secret.
    pub(crate) fn concealing(&self, text: &str) -> String {
        let of_form =
            parse(&self.form).filter(|(name, _)| PROOFS.contains(&&**name)).map(|(_, value)| value.into_owned());
        let of_headers = self.headers.iter().map(|proof| proof.expose().to_owned());
        of_form.chain(of_headers).fold(text.to_owned(), |shown, secret| without(&shown, &secret))
    }
}

/// The secret may stand there as it is, as the form carried it, or tidied: a secret that was read from a file often
/// ends in a line break, which no answer repeats.
fn without(text: &str, secret: &str) -> String {
    let encoded: String = byte_serialize(secret.as_bytes()).collect();
    let tidied = printable(secret);
    let shapes = [secret, &encoded, tidied.trim()];
    shapes.iter().filter(|shape| !shape.is_empty()).fold(text.to_owned(), |shown, shape| shown.replace(shape, HIDDEN))
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
    fn what_proves_an_identity_is_taken_out_in_every_shape() {
        let redaction = redaction("client_id=app&client_secret=a%2Bb+c&client_assertion=ey.x.y&scope=s");
        assert_eq!(
            redaction.readable("app sent a+b c, or a%2Bb+c, and ey.x.y for s"),
            "app sent ***, or ***, and *** for s"
        );
    }

    #[test]
    fn a_text_is_one_line_of_bounded_length() {
        assert_eq!(redaction("").readable("a\r\nb\u{1b}[31m"), "ab[31m");
        assert_eq!(redaction("").readable(&"ü".repeat(5000)).chars().count(), LONGEST_TEXT);
    }

    #[test]
    fn the_proofs_of_headers_are_taken_out() {
        let url = "http://localhost/".parse().expect("an address");
        let mut request = Request::new(url, azure_core::http::Method::Get);
        request.insert_header("x-identity-header", "marker-1");
        request.insert_header("secret", "");
        request.insert_header("authorization", "Basic marker-2");
        assert_eq!(Redaction::of(&request).readable("marker-1, Basic marker-2 or none"), "***, Basic *** or none");
    }

    #[test]
    fn line_breaks_in_the_text_or_in_the_secret_hide_nothing_from_us() {
        assert_eq!(redaction("client_secret=abc").readable("it was a\r\nb\u{0}c"), "it was ***");
        assert_eq!(redaction("client_secret=abc%0A").readable("it was abc"), "it was ***");
        assert_eq!(redaction("client_secret=a%0Abc").concealing("it was a\nbc"), "it was ***");
    }

    #[test]
    fn an_empty_secret_hides_nothing() {
        assert_eq!(redaction("client_secret=").readable("text"), "text");
    }
}
