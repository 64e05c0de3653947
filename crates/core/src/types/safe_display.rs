//! Decides whether a setting's value may be shown in an error, in the log or in a sentence of Pulumi's; no other module
//! does. A path, a host or an id is shown as it is. What looks like a secret is not shown: users sometimes set a key or a
//! token instead of its path (`ARM_CLIENT_CERTIFICATE_PATH=$(base64 cert.pem)`), and errors end up in logs.

use super::printable;
use std::{borrow::Cow, fmt, path::Path};
use url::Url;

/// No file system that Node.js runs on takes a longer path (`PATH_MAX` of Linux).
const LONGEST: usize = 4096;

/// The shortest piece of base64 in one segment of a path that is no name any more.
const SHORTEST_BASE64: usize = 64;

/// The shortest piece after `eyJ` that is no word any more: a header such as `{"alg":"none"}` and what follows it.
const SHORTEST_TOKEN: usize = 24;

/// Why a value is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspicion {
    /// `-----BEGIN …`: a key or a certificate.
    Pem,
    /// A JSON Web Token.
    Token,
    /// An address with a user name or a password.
    User,
    /// Base64, as keys and archives are written.
    Base64,
    LineBreak,
    TooLong,
}

impl fmt::Display for Suspicion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pem => "it looks like the content of a key or certificate",
            Self::Token => "it looks like a token",
            Self::User => "it has a user name or a password in it",
            Self::Base64 => "it looks like the base64 of a key, a certificate or a token",
            Self::LineBreak => "it has a line break in it",
            Self::TooLong => "it is longer than any path",
        })
    }
}

/// The value on one line, or the setting's name, the value's length and what seems to be wrong.
pub(crate) fn shown<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    match suspicion(value) {
        Some(suspicion) => format!("{} ({suspicion})", hidden(name, value)).into(),
        None if printable::is_printable(value) => value.into(),
        None => printable(value).into(),
    }
}

/// The same of a path.
pub(crate) fn shown_path(name: &str, path: &Path) -> String {
    shown(name, &path.to_string_lossy()).into_owned()
}

/// The host of an address, with the port where it is not the usual one: never a user, a path or a parameter.
pub(crate) fn shown_host(url: &Url) -> String {
    let name = shown("the host's name", url.host_str().unwrap_or_default());
    url.port().map_or_else(|| name.clone().into_owned(), |port| format!("{name}:{port}"))
}

/// The name and length of a value that is not shown.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!("{name}, {} characters, not shown", value.chars().count())
}

/// The complaint where a path is expected and what stands there looks like the content of the file.
pub(crate) fn content_for_path(what: &str, name: &str, path: &Path) -> Option<String> {
    let text = path.to_string_lossy();
    suspicion(&text)?;
    let hidden = hidden(name, &text);
    Some(format!("the content of {what} seems to stand in the place of its path: {hidden}. Set {name} to the path"))
}

/// What makes the value look like a secret.
pub(crate) fn suspicion(value: &str) -> Option<Suspicion> {
    let length = value.chars().take(LONGEST + 1).count();
    let rows = [
        (value.contains("-----BEGIN"), Suspicion::Pem),
        (has_token(value), Suspicion::Token),
        (has_user(value), Suspicion::User),
        (has_base64(value), Suspicion::Base64),
        (value.contains(['\n', '\r', '\u{2028}', '\u{2029}']), Suspicion::LineBreak),
        (length > LONGEST, Suspicion::TooLong),
    ];
    rows.into_iter().find_map(|(is_so, suspicion)| is_so.then_some(suspicion))
}

/// `eyJ` is how base64 writes `{"`. Without regard to case, because a host's name is told in lower case.
fn has_token(value: &str) -> bool {
    let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let mut pieces = value.as_bytes().split(|byte| !is_of_token(byte)).flat_map(starts);
    pieces.any(|piece| piece.len() >= SHORTEST_TOKEN + 3)
}

/// The piece from each place on at which a token may begin.
fn starts(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let begins = |at: &usize| *at == 0 || !piece[*at - 1].is_ascii_alphanumeric();
    let places = (0..piece.len()).filter(begins).map(|at| &piece[at..]);
    places.filter(|rest| rest.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"eyj")))
}

/// A password may have a slash in it that was not escaped, so that all behind the scheme is looked at. Without a scheme
/// it is an address with a password only where a colon comes first, which is not a drive's.
fn has_user(value: &str) -> bool {
    if let Some((_, rest)) = value.split_once("://") {
        return rest.contains('@');
    }
    let user = value.split_once(':').filter(|(user, _)| user.len() > 1 && !user.contains(['/', '\\']));
    user.is_some_and(|(_, rest)| rest.contains('@'))
}

fn has_base64(value: &str) -> bool {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-_=".contains(byte);
    value.as_bytes().split(|byte| !is_base64(byte)).any(|piece| piece.len() >= SHORTEST_BASE64)
}

/// A Debug form that is the type's name: what is in it are settings' values, any of which may be a secret.
macro_rules! opaque {
    ($($name:ident),* $(,)?) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(stringify!($name))
            }
        })*
    };
}
pub(crate) use opaque;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suspicion_is_a_plain_sentence() {
        use Suspicion::{Base64, LineBreak, Pem, Token, TooLong, User};
        for suspicion in [Pem, Token, User, Base64, LineBreak, TooLong] {
            match suspicion {
                Pem | Token | User | Base64 | LineBreak | TooLong => {}
            }
            assert!(super::super::is_plain(&suspicion.to_string()), "{suspicion}");
        }
    }

    #[test]
    fn a_path_a_host_and_an_id_are_shown() {
        let plain = [
            "/etc/azure/app.pem",
            r"C:\Users\me@work\certificate.pfx",
            "/home/keyJar/monkeyJungle.pem",
            "/var/run/secrets/azure/tokens/azure-identity-token",
            "https://login.microsoftonline.com/",
            "7b795fb9-09d3-42f4-a494-38864f99ba3c",
            "/subscriptions/7b795fb9-09d3-42f4-a494-38864f99ba3c/resourceGroups/r/providers/Microsoft.ManagedIdentity",
            "https://management.azure.com/.default",
            "",
        ];
        for value in plain {
            assert_eq!(shown("name", value), value);
        }
    }

    #[test]
    fn what_looks_like_a_secret_is_told_by_name_and_length() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        let rows = [
            ("-----BEGIN PRIVATE KEY-----\nMIIE", Suspicion::Pem),
            (token, Suspicion::Token),
            (&format!("/tmp/{token}"), Suspicion::Token),
            (&token.to_lowercase(), Suspicion::Token),
            ("http://user:word@host/", Suspicion::User),
            ("https://token@host", Suspicion::User),
            ("http://user:12/34@host", Suspicion::User),
            ("user:word@host:80", Suspicion::User),
            (&"Ab1+".repeat(16), Suspicion::Base64),
            (&format!("/a/{}/b", "Ab1_".repeat(16)), Suspicion::Base64),
            ("first\nsecond", Suspicion::LineBreak),
            (&"a b/".repeat(1025), Suspicion::TooLong),
        ];
        for (value, expected) in rows {
            assert_eq!(suspicion(value), Some(expected), "{value}");
            let shown = shown("ARM_SETTING", value);
            let start = format!("ARM_SETTING, {} characters, not shown (", value.chars().count());
            assert!(shown.starts_with(&start) && !shown.contains(value), "{shown}");
        }
    }

    #[test]
    fn the_content_of_a_file_in_the_place_of_its_path_has_a_sentence_of_its_own() {
        let sentence = content_for_path("the certificate", "certificatePath", Path::new("-----BEGIN X-----")).unwrap();
        assert!(sentence.starts_with(
            "the content of the certificate seems to stand in the place of its path: certificatePath, 17 characters, not shown"
        ));
        assert_eq!(content_for_path("the certificate", "certificatePath", Path::new("/app.pem")), None);
    }

    #[test]
    fn of_an_address_the_host_is_shown() {
        let shown = |text: &str| shown_host(&text.parse().unwrap());
        assert_eq!(shown("http://user:word@host.example:8080/path?code=x"), "host.example:8080");
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        assert!(shown(&format!("https://{token}:8443"))
            .starts_with(&format!("the host's name, {} characters, not shown", token.len())));
    }

    #[test]
    fn a_value_is_shown_without_what_a_terminal_obeys() {
        assert_eq!(shown("name", "a\u{1b}[31mb\u{202e}c"), "abc");
    }
}
