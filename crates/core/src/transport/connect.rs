//! A connection to the host of a request: its address, the route through a proxy, and TLS.

use super::{
    connection::{Connection, Stream},
    dial::{addresses, dial},
    tunnel::{through_http, through_socks, Refusal},
};
use crate::{config::Proxy, host::Progress, types::Phase};
use azure_core::http::Url;
use rustls::{pki_types::ServerName, ClientConfig};
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// The time limit for name look-up, connection and TLS together. A reachable host answers in well under a second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The usual port of a SOCKS proxy (RFC 1928 §3).
const SOCKS_PORT: u16 = 1080;

/// Where a request goes, and the settings of its connection.
pub(super) struct Target<'a> {
    pub(super) url: &'a Url,
    pub(super) proxy: Option<&'a Proxy>,
    /// Present if the host or the proxy uses TLS.
    pub(super) tls: Option<Arc<ClientConfig>>,
    /// A host whose addresses need no look-up.
    pub(super) known_host: Option<&'a (String, Vec<SocketAddr>)>,
    /// An early connection, which the first use takes.
    pub(super) early: Mutex<Option<Early>>,
}

/// A connection that was opened while the settings for TLS were read, or why there is none, and its last step.
pub(super) struct Early {
    socket: Result<Box<dyn Stream>, ConnectFailure>,
    phase: Phase,
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum ConnectFailure {
    /// A time limit has passed, in the step that the call has reached.
    TimedOut,
    /// There is no connection to the host, or no TLS with it.
    Host(io::Error),
    /// There is no connection to the proxy, or no TLS with it.
    Proxy(io::Error),
    /// The proxy answers, and does not connect to the host.
    Refused(Refusal),
}

impl Target<'_> {
    /// Opens a connection.
    pub(super) async fn connect(&self) -> Result<Connection, ConnectFailure> {
        let stream = timeout(CONNECT_TIMEOUT, self.stream()).await.unwrap_or(Err(ConnectFailure::TimedOut))?;
        Progress::enter(Phase::Request);
        Connection::over(stream).await.map_err(|error| ConnectFailure::Host(io::Error::other(error)))
    }

    /// Connects to the host while the settings for TLS are still being read, unless a proxy is on the way.
    pub(super) async fn open_early(&self) {
        if self.proxy.is_none() {
            let outcome = timeout(CONNECT_TIMEOUT, self.socket()).await;
            let socket = outcome.map_or(Err(ConnectFailure::TimedOut), |socket| socket.map_err(ConnectFailure::Host));
            let phase = Progress::current().map_or(Phase::Connect, |step| step.phase);
            *self.early() = Some(Early { socket, phase });
            Progress::enter(Phase::Prepare);
        }
    }

    fn early(&self) -> MutexGuard<'_, Option<Early>> {
        self.early.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether the request goes to an HTTP proxy that forwards it: a host without TLS needs no tunnel.
    pub(super) fn is_sent_on(&self) -> bool {
        self.url.scheme() == "http" && self.proxy.is_some_and(|proxy| proxy.address().starts_with("http"))
    }

    async fn stream(&self) -> Result<Box<dyn Stream>, ConnectFailure> {
        let Some(proxy) = self.proxy else {
            let early = self.early().take();
            let socket = match early {
                Some(Early { socket, phase }) => {
                    Progress::enter(phase);
                    socket?
                }
                None => self.socket().await.map_err(ConnectFailure::Host)?,
            };
            return self.secured(socket).await;
        };
        let stream = self.to_proxy(proxy).await.map_err(ConnectFailure::Proxy)?;
        if self.is_sent_on() {
            return Ok(stream);
        }
        self.secured(self.through(proxy, stream).await.map_err(ConnectFailure::Refused)?).await
    }

    async fn socket(&self) -> io::Result<Box<dyn Stream>> {
        Progress::enter(Phase::Dns);
        let addresses = self.addresses().await?;
        Progress::enter(Phase::Connect);
        Ok(Box::new(dial(addresses).await?))
    }

    async fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        let port = self.url.port_or_known_default().unwrap_or_default();
        match self.known_host {
            Some((name, known)) if self.url.host_str() == Some(name) => {
                Ok(known.iter().map(|address| SocketAddr::new(address.ip(), port)).collect())
            }
            _ => addresses(&self.url.host().ok_or_else(no_host)?, port).await,
        }
    }

    async fn to_proxy(&self, proxy: &Proxy) -> io::Result<Box<dyn Stream>> {
        Progress::enter(Phase::Proxy);
        let at = Url::parse(proxy.address()).map_err(io::Error::other)?;
        let port = at.port_or_known_default().unwrap_or(SOCKS_PORT);
        let socket = dial(addresses(&at.host().ok_or_else(no_host)?, port).await?).await?;
        if at.scheme() == "https" {
            return self.tls_with(&at, socket).await;
        }
        Ok(Box::new(socket))
    }

    async fn through(&self, proxy: &Proxy, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, Refusal> {
        if proxy.address().starts_with("http") {
            return through_http(stream, proxy, self.url).await;
        }
        let by_name = proxy.address().starts_with("socks5h");
        let addresses = if by_name { None } else { Some(self.addresses().await.map_err(Refusal::Name)?) };
        through_socks(stream, proxy, self.url, addresses).await
    }

    async fn secured(&self, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, ConnectFailure> {
        if self.url.scheme() != "https" {
            return Ok(stream);
        }
        Progress::enter(Phase::Tls);
        self.tls_with(self.url, stream).await.map_err(ConnectFailure::Host)
    }

    async fn tls_with<S: Stream + 'static>(&self, server: &Url, stream: S) -> io::Result<Box<dyn Stream>> {
        let config = self.tls.clone().ok_or_else(|| io::Error::other("no settings for TLS"))?;
        let host = server.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(io::Error::other)?;
        Ok(Box::new(TlsConnector::from(config).connect(name, stream).await?))
    }
}

fn no_host() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the address has no host")
}
