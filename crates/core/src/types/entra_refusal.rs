use super::is_retryable_status;

/// AADSTS90033: Entra ID asks to try again, with the status 400.
const TRANSIENT: i64 = 90_033;

/// The content of a refusal by Entra ID, or by a similar service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntraRefusal {
    /// The HTTP status; absent if a tool such as the Azure CLI reports the refusal.
    pub status_code: Option<u16>,
    /// The OAuth error code (RFC 6749 §5.2), such as `invalid_client`.
    pub error: Option<String>,
    /// The numbers of its AADSTS codes.
    pub error_codes: Vec<i64>,
    /// A more specific reason, such as `bad_token`.
    pub suberror: Option<String>,
    /// The id of this request in Entra ID's logs.
    pub correlation_id: Option<String>,
    /// The id of this request for Microsoft's support.
    pub trace_id: Option<String>,
    /// The claims for the next request (a claims challenge).
    pub claims: Option<String>,
}

impl EntraRefusal {
    /// A refusal with nothing but a status.
    pub(crate) fn of_status(status: u16) -> Self {
        Self { status_code: Some(status), ..Self::default() }
    }

    /// Returns whether the service asks to try again later: by its status, by OAuth's `temporarily_unavailable`
    /// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>), or by AADSTS90033.
    pub fn is_transient(&self) -> bool {
        self.status_code.is_some_and(is_retryable_status)
            || self.error.as_deref() == Some("temporarily_unavailable")
            || self.error_codes.contains(&TRANSIENT)
    }
}
