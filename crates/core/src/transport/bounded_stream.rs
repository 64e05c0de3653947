//! Limits the bytes that may arrive for one request. hyper reads as long as a server sends interim answers (1xx, RFC
//! 9110 §15.2), so a server that never stops would occupy the thread on which all calls run.

use std::{
    fmt, io,
    pin::Pin,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest body. The answer with a token has a few KB, or about ten with group claims.
pub(super) const MOST_BODY: usize = 1 << 20;

/// The longest head of an answer. Entra ID's are about 2 KB.
pub(super) const MOST_HEAD: usize = 64 * 1024;

/// The most bytes for one request: a body, its head, and as much again for interim answers and the lengths of chunks.
const MOST_RECEIVED: usize = MOST_BODY + 4 * MOST_HEAD;

/// How many bytes have arrived since the last request was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Received(Arc<AtomicUsize>);

impl Received {
    /// Starts counting for a new request.
    pub(super) fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn add(&self, bytes: usize) -> io::Result<()> {
        let received = self.0.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if received > MOST_RECEIVED {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Oversized));
        }
        Ok(())
    }
}

/// More bytes have arrived than an answer may have.
#[derive(Debug)]
pub(super) struct Oversized;

impl fmt::Display for Oversized {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "more than {MOST_RECEIVED} bytes arrived for one request")
    }
}

impl std::error::Error for Oversized {}

/// A stream that fails if more arrives for one request than an answer may have.
pub(super) struct BoundedStream<S> {
    stream: S,
    received: Received,
}

impl<S> BoundedStream<S> {
    pub(super) fn new(stream: S, received: Received) -> Self {
        Self { stream, received }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for BoundedStream<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut own.stream).poll_read(context, buffer);
        match read {
            Poll::Ready(Ok(())) => Poll::Ready(own.received.add(buffer.filled().len() - before)),
            other => other,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for BoundedStream<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test(start_paused = true)]
    async fn the_end_of_what_is_written_reaches_the_other_side() {
        let (here, mut there) = tokio::io::duplex(8);
        let mut bounded = BoundedStream::new(here, Received::default());
        bounded.shutdown().await.unwrap();
        let read = tokio::time::timeout(std::time::Duration::from_secs(1), there.read(&mut [0])).await;
        assert_eq!(read.expect("the end has arrived").unwrap(), 0);
    }
}
