use super::CredentialKind;
use std::time::Duration;

/// The outcome of one source that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// It gave the token.
    Used,
    /// It could not try.
    Unavailable,
    /// It tried and failed.
    Failed,
}

impl AttemptOutcome {
    /// The name that JavaScript sees, stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Unavailable => "unavailable",
            Self::Failed => "failed",
        }
    }
}

/// One source that was tried for a token.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which one.
    pub source: CredentialKind,
    /// Its outcome.
    pub outcome: AttemptOutcome,
    /// Why it gave none, in a sentence.
    pub reason: Option<String>,
    /// How long it took.
    pub duration: Duration,
}
