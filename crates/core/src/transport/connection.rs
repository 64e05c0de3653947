use super::bounded_stream::{BoundedStream, Received, MOST_HEAD};
use http_body_util::Full;
use hyper::{
    body::{Bytes, Incoming},
    client::conn::{
        http1::{Builder, SendRequest},
        TrySendError,
    },
    Request, Response,
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// A byte stream: a socket, or TLS over one.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A request with its whole body.
pub(super) type Outgoing = Request<Full<Bytes>>;

/// An HTTP/1.1 connection, which handles one request at a time.
#[derive(Debug)]
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    received: Received,
}

impl Connection {
    /// Starts HTTP on the stream. A task of its own moves the bytes until either side closes the connection.
    pub(super) async fn over(stream: Box<dyn Stream>) -> hyper::Result<Self> {
        let received = Received::default();
        let bounded = TokioIo::new(BoundedStream::new(stream, received.clone()));
        let (sender, driver) = Builder::new().max_buf_size(MOST_HEAD).handshake(bounded).await?;
        // The request that is running gets the error.
        tokio::spawn(async move { driver.await.unwrap_or_default() });
        Ok(Self { sender, received })
    }

    /// Sends a request. If the connection ended before any of it was sent, the error contains the request.
    pub(super) async fn send(&mut self, request: Outgoing) -> Result<Response<Incoming>, TrySendError<Outgoing>> {
        self.received.begin();
        self.sender.try_send_request(request).await
    }

    /// Waits, after the end of an answer, until another request may be sent. Returns false if the host closes the
    /// connection.
    pub(super) async fn is_ready(&mut self) -> bool {
        self.sender.ready().await.is_ok()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }
}
