/// Why a request did not reach its service, if that decides how often it is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnreachedCause {
    /// The host, or the proxy before it, refused the connection.
    Refused,
    /// The resolver has no answer at this time (`EAI_AGAIN`), and may have one later.
    LookupDeferred,
    /// This machine has no free port for the connection (Linux: `EADDRNOTAVAIL`).
    NoLocalPort,
    /// The proxy answered CONNECT with a status that may pass: 408, 429 or 5xx.
    ProxyUnavailable,
}
