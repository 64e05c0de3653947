/// The phase that a call had reached when it failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Reading files, decrypting keys and signing, before a request.
    #[default]
    Prepare,
    /// Waiting for an assertion from the program's own function.
    Assertion,
    /// Waiting for another program, such as az.
    Program,
    /// Waiting for one of the connections to a host, whose number is limited.
    Queue,
    /// Looking up the host's name.
    Dns,
    /// Opening the connection.
    Connect,
    /// Agreeing on TLS, which includes verifying the server's certificate.
    Tls,
    /// Getting through the proxy.
    Proxy,
    /// Sending the request and waiting for the answer's head.
    Request,
    /// Reading the answer.
    Response,
    /// Waiting before another try.
    Retry,
}

impl Phase {
    /// Returns the name in JavaScript, which does not change.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Assertion => "assertion",
            Self::Program => "program",
            Self::Queue => "queue",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::Request => "request",
            Self::Response => "response",
            Self::Retry => "retry",
        }
    }
}
