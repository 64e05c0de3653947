//! Shortages of this machine at each step of a request. Their errors say nothing about the host.

use super::{
    super::{
        connect::ConnectFailure,
        connection::Connection,
        failure::{Context, RequestFailure},
        tunnel::Refusal,
    },
    *,
};
use crate::types::Resource;
use http_body_util::{BodyExt, Full};
use std::{
    io,
    pin::Pin,
    task::{ready, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

/// Returns the error for a host behind a proxy.
fn error_of(make: impl FnOnce(&Context<'_>) -> Error) -> Error {
    let proxy = ProxySettings::all("http://127.0.0.1:1", "HTTPS_PROXY").unwrap();
    let transport = Transport::new(NetworkSettings { proxy, ..NetworkSettings::default() }, None);
    let url = "https://host/".parse().unwrap();
    make(&Context { transport: &transport, url: &url, redaction: &Redaction::default() })
}

#[test]
fn a_shortage_while_connecting_is_reported_as_one_in_every_step() {
    let steps: [fn(io::Error) -> ConnectFailure; 3] =
        [ConnectFailure::Host, ConnectFailure::Proxy, |error| ConnectFailure::Refused(Refusal::Other(error))];
    for step in steps {
        let blocked = Resource::Memory.lacked(io::ErrorKind::WouldBlock.into());
        for (error, resource) in [(blocked, Resource::Memory), (io::ErrorKind::OutOfMemory.into(), Resource::Memory)] {
            let error = error_of(|context| context.failure(&RequestFailure::Connect(step(error))));
            assert_eq!((error.resource(), error.retryable()), (Some(resource), true), "{error}");
            assert_plain(&error);
        }
    }
}

/// A connection that ends because of a lack of buffers.
struct Short(DuplexStream);

impl AsyncRead for Short {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.0).poll_read(context, buffer))?;
        Poll::Ready(if buffer.filled().len() == before { Err(io::ErrorKind::OutOfMemory.into()) } else { Ok(()) })
    }
}

impl AsyncWrite for Short {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[tokio::test]
async fn a_shortage_in_the_middle_of_an_answer_is_reported_as_one() {
    let (here, mut there) = tokio::io::duplex(4096);
    tokio::spawn(async move {
        assert_ne!(there.read(&mut [0; 4096]).await.unwrap(), 0);
        there.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await.unwrap();
    });
    let mut connection = Connection::over(Box::new(Short(here))).await.unwrap();
    let request = hyper::Request::get("/").body(Full::default()).unwrap();
    let answer = connection.send(request).await.map_err(hyper::client::conn::TrySendError::into_error).unwrap();
    let ended = answer.into_body().collect().await.unwrap_err();
    let error = error_of(|context| context.interrupted(&ended));
    assert_eq!((error.resource(), error.retryable()), (Some(Resource::Memory), true), "{error}");
}
