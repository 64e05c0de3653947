use crate::types::Error;
use async_trait::async_trait;
use zeroize::Zeroizing;

/// What stands where the network would: a test's services. Requests and answers are plain data, so that a test
/// needs no HTTP library.
#[async_trait]
pub trait HttpStub: Send + Sync {
    /// Answers a request, or says why there is no answer.
    async fn answer(&self, request: StubRequest) -> Result<StubAnswer, Error>;
}

/// A request as it would go out.
#[derive(Clone)]
pub struct StubRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Zeroizing<Vec<u8>>,
    /// The proxy that it would go through.
    pub proxy: Option<String>,
    /// The only certificate that would be accepted, where one is pinned.
    pub pinned: Option<String>,
}

/// An answer as it would come in.
#[derive(Clone, Debug, Default)]
pub struct StubAnswer {
    /// The status.
    pub status: u16,
    /// The head.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}
