//! Decides whether a setting's value may be shown in an error, in the log or in one of Pulumi's sentences; no other
//! module does. A path, a host or an id is shown unchanged. A value that looks like a secret is not shown: users
//! sometimes set a key or a token in place of its path (`ARM_CLIENT_CERTIFICATE_PATH=$(base64 cert.pem)`), and errors
//! end up in logs.

use super::{
    printable::{is_printable, printable},
    suspicion::suspicion,
};
use std::{borrow::Cow, path::Path};
use url::Url;

/// Returns the value on one line, or the setting's name, the value's length and what seems to be wrong.
pub(crate) fn shown<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    match suspicion(value) {
        Some(suspicion) => format!("{} ({suspicion})", hidden(name, value)).into(),
        None if is_printable(value) => value.into(),
        None => printable(value).into(),
    }
}

/// Returns the same for a program of the package.
pub fn shown_value(name: &str, value: &str) -> String {
    shown(name, value).into_owned()
}

/// Returns the same for a path.
pub(crate) fn shown_path(name: &str, path: &Path) -> String {
    shown(name, &path.to_string_lossy()).into_owned()
}

/// Returns the host of an address, with the port if that is not the default one, and never a user, path or parameter.
pub(crate) fn shown_host(url: &Url) -> String {
    let name = shown("the host's name", url.host_str().unwrap_or_default());
    url.port().map_or_else(|| name.clone().into_owned(), |port| format!("{name}:{port}"))
}

/// Returns the name and length of a value that is not shown.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!("{name}, {} characters, not shown", value.chars().count())
}

/// Returns the message for a setting that should be a path and looks like the content of the file.
pub(crate) fn content_for_path(what: &str, name: &str, path: &Path) -> Option<String> {
    let text = path.to_string_lossy();
    suspicion(&text)?;
    let hidden = hidden(name, &text);
    Some(format!("the value seems to be the content of {what} instead of its path: {hidden}. Set {name} to the path"))
}

/// A Debug form that shows the type's name only: the fields are settings' values, any of which may be a secret.
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
    fn a_plain_value_is_shown_unchanged() {
        for value in ["/etc/azure/app.pem", "https://login.microsoftonline.com/", ""] {
            assert_eq!(shown("name", value), value);
        }
    }

    #[test]
    fn what_looks_like_a_secret_is_shown_by_name_and_length() {
        for value in ["-----BEGIN PRIVATE KEY-----\nMIIE", "http://user:word@host/", "key=wörd"] {
            let shown = shown("ARM_SETTING", value);
            let start = format!("ARM_SETTING, {} characters, not shown (", value.chars().count());
            assert!(shown.starts_with(&start) && !shown.contains(value), "{shown}");
        }
    }

    #[test]
    fn a_files_content_in_place_of_its_path_has_its_own_message() {
        let sentence = content_for_path("the certificate", "certificatePath", Path::new("-----BEGIN X-----")).unwrap();
        assert!(sentence.starts_with(
            "the value seems to be the content of the certificate instead of its path: certificatePath, 17 characters, not shown"
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
