use super::Error;
use std::{
    fmt,
    hash::{Hash, Hasher},
};
use url::{form_urlencoded, Url};
use zeroize::Zeroizing;

/// A text that must never be printed. It is wiped from memory when it is dropped.
///
/// It has no `Display`, and its `Debug` shows the type only, so that formatting cannot put a secret into a log, an
/// error or a panic.
///
/// ```
/// use azure_client_token_core::Secret;
/// let secret = Secret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "Secret(***)");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Makes a text a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the text, for the one place that sends it or passes it on.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns user and password of an address in the form of `Basic` (RFC 7617): decoded, with a colon between them.
pub(crate) fn user_information(address: &Url) -> Option<Secret> {
    let decoded = |text: &str| {
        let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
        form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let (user, password) = (address.username(), address.password());
    let is_named = !user.is_empty() || password.is_some();
    is_named.then(|| Secret::new(format!("{}:{}", decoded(user), decoded(password.unwrap_or_default()))))
}

/// Checks that a request can carry the secret in a header (RFC 9110 section 5.5). A setting that was read from a file
/// often contains a line break.
///
/// # Errors
/// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) for a control character, or a character outside ASCII.
pub(crate) fn check_header(secret: &Secret, setting: &str) -> Result<(), Error> {
    if secret.expose().bytes().all(|byte| byte == b'\t' || matches!(byte, b' '..=b'~')) {
        return Ok(());
    }
    let message = format!("{setting} contains a line break or another character that an HTTP header must not contain");
    Err(Error::configuration(message, [setting]))
}

impl Hash for Secret {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.expose().hash(hasher);
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}
