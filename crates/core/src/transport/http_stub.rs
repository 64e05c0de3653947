use crate::types::Error;
use async_trait::async_trait;
use zeroize::Zeroizing;

/// A test's services in place of the network. Requests and answers are plain data, so a test needs no HTTP library.
#[async_trait]
pub trait HttpStub: Send + Sync {
    /// Answers a request, or returns why there is no answer.
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error>;
}

/// A request as it would be sent.
#[derive(Clone)]
pub struct StubRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Zeroizing<Vec<u8>>,
    /// The proxy that would be used.
    pub proxy: Option<String>,
    /// The thumbprint of the only certificate that would be accepted, if there is one.
    pub pinned: Option<String>,
}

/// An answer as it would arrive.
#[derive(Clone, Debug, Default)]
pub struct StubAnswer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}
