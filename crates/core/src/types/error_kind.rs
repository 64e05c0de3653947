/// Declares the kinds of errors in one table, each with its stable code.
macro_rules! error_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident: $code:literal;)+) => {
        /// What went wrong. Each kind has a stable code in JavaScript.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl ErrorKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Returns the stable code.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)+
                }
            }

            /// Returns the kind with this code.
            pub(crate) fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

error_kinds! {
    /// A setting is missing, malformed or contradictory.
    Configuration: "ERR_CONFIGURATION";
    /// A source cannot try: what it would ask does not exist here.
    CredentialUnavailable: "ERR_CREDENTIAL_UNAVAILABLE";
    /// The service that issues tokens refused.
    Authentication: "ERR_AUTHENTICATION";
    /// The service that issues tokens throttles requests or is unavailable; the same request may succeed later.
    ServiceUnavailable: "ERR_SERVICE_UNAVAILABLE";
    /// The token does not belong to the expected identity.
    UnexpectedIdentity: "ERR_UNEXPECTED_IDENTITY";
    /// The machine has no more threads, descriptors, memory, processes or disk space for this process.
    ResourceExhausted: "ERR_RESOURCE_EXHAUSTED";
    /// There was no usable answer.
    Network: "ERR_NETWORK";
    /// The call's time ended.
    Timeout: "ERR_TIMEOUT";
    /// The caller cancelled the call.
    Cancelled: "ERR_CANCELLED";
    /// This package has a defect.
    Internal: "ERR_INTERNAL";
}
