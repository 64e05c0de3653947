/// Declares the kinds of errors from one table: each with its stable code.
macro_rules! error_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident: $code:literal;)+) => {
        /// What went wrong, in one word; each has a stable code in JavaScript.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl ErrorKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)+
                }
            }

            /// The kind that has this code.
            pub(crate) fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

error_kinds! {
    /// A setting is missing, malformed or contradictory.
    Configuration: "ERR_CONFIGURATION";
    /// A source could not even try: nothing is there that it could ask.
    CredentialUnavailable: "ERR_CREDENTIAL_UNAVAILABLE";
    /// The service that issues tokens refused.
    Authentication: "ERR_AUTHENTICATION";
    /// The service that issues tokens throttles requests or is unavailable; the same request may succeed later.
    ServiceUnavailable: "ERR_SERVICE_UNAVAILABLE";
    /// The token is not for what the program expects.
    UnexpectedIdentity: "ERR_UNEXPECTED_IDENTITY";
    /// The machine has no more threads, descriptors, memory or processes for this process.
    ResourceExhausted: "ERR_RESOURCE_EXHAUSTED";
    /// No usable answer came back.
    Network: "ERR_NETWORK";
    /// The call's time was up.
    Timeout: "ERR_TIMEOUT";
    /// The caller gave up.
    Cancelled: "ERR_CANCELLED";
    /// A defect of ours.
    Internal: "ERR_INTERNAL";
}
