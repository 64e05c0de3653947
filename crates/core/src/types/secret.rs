use std::{
    fmt,
    hash::{Hash, Hasher},
};
use zeroize::Zeroizing;

/// A text that must never be printed. It is wiped from memory when it is dropped.
///
/// There is no `Display`, and `Debug` shows the type only, so that a secret cannot reach a log, an
/// error or a panic by being formatted.
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
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself: for the one place that sends it or hands it over.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
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
