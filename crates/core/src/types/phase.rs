/// The phase that a call had reached when it failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Reading files, opening keys and signing: whatever precedes a request.
    #[default]
    Prepare,
    /// Waiting for an assertion that the program itself makes.
    Assertion,
    /// Waiting for another program, such as az.
    Program,
    /// Waiting for one of the connections to a host, which are bounded.
    Queue,
    /// Looking up the host's name.
    Dns,
    /// Opening the connection.
    Connect,
    /// Agreeing on TLS, which includes judging the server's certificate.
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
    /// The name that JavaScript sees, stable.
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
