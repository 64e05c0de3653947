use super::{redaction::Redaction, retry_after::retry_after};
use std::{fmt, time::Duration};
use zeroize::Zeroizing;

/// What a service answered: status, what is needed of the head, and a bounded body.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// `WWW-Authenticate`: what a 401 asks for.
    pub(crate) challenge: Option<String>,
    /// It may carry a token, so it is wiped.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// Makes what it says fit to be shown.
    pub(crate) redaction: Redaction,
}

impl Answer {
    /// An answer with that head, whose body is still to come.
    pub(super) fn headed(status: u16, redaction: Redaction, header: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            status,
            content_type: header("content-type"),
            retry_after: header("retry-after").and_then(|value| retry_after(&value, header("date").as_deref())),
            challenge: header("www-authenticate"),
            body: Zeroizing::default(),
            redaction,
        }
    }

    /// The status as its line says it: `503 Service Unavailable`.
    pub(crate) fn status_line(&self) -> String {
        reqwest::StatusCode::from_u16(self.status).map_or_else(|_| self.status.to_string(), |status| status.to_string())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl fmt::Debug for Answer {
    /// Never the body.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
