use super::CredentialKind;
use std::time::Duration;

/// The outcome of one source that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// The source gave the token.
    Used,
    /// The source could not try.
    Unavailable,
    /// The source tried and failed.
    Failed,
}

impl AttemptOutcome {
    /// Returns the name in JavaScript, which does not change.
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
    /// The source.
    pub source: CredentialKind,
    /// Its outcome.
    pub outcome: AttemptOutcome,
    /// Why it gave no token, as a sentence.
    pub reason: Option<String>,
    /// How long it took.
    pub duration: Duration,
}
