//! How the steps of a connection become known. Nobody tells them, but each begins with a question that can be listened
//! to: reqwest asks for a connection and for a name's addresses, rustls for what it knows of a server.

use crate::{
    host::{look_up, Progress},
    types::Phase,
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::{
    client::{
        ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue,
    },
    pki_types::ServerName,
    NamedGroup,
};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tower_layer::Layer;
use tower_service::Service;

/// As many sessions as rustls keeps by itself.
const SESSIONS: usize = 256;

/// Notes where a connection begins and ends.
#[derive(Clone)]
pub(super) struct Connecting;

impl<S> Layer<S> for Connecting {
    type Service = NotedConnection<S>;

    fn layer(&self, inner: S) -> NotedConnection<S> {
        NotedConnection(inner)
    }
}

#[derive(Clone)]
pub(super) struct NotedConnection<S>(S);

impl<S, R> Service<R> for NotedConnection<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        enter(Phase::Connect);
        let connection = self.0.call(request);
        Box::pin(async move {
            let connection = connection.await?;
            Progress::enter(Phase::Request);
            Ok(connection)
        })
    }
}

/// The machine's own resolver, on the blocking pool.
pub(super) struct NotedResolver;

impl Resolve for NotedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            enter(Phase::Dns);
            let addresses = look_up(name.as_str(), 0).await?;
            enter(Phase::Connect);
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// rustls' own store of sessions, which is asked first thing in a handshake.
#[derive(Debug)]
struct NotedSessions(ClientSessionMemoryCache);

pub(super) fn resumption() -> Resumption {
    Resumption::store(Arc::new(NotedSessions(ClientSessionMemoryCache::new(SESSIONS))))
}

impl ClientSessionStore for NotedSessions {
    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        enter_tls(&server.to_str());
        self.0.kx_hint(server)
    }

    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(server, group);
    }

    fn set_tls12_session(&self, server: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.0.set_tls12_session(server, session);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.0.remove_tls12_session(server);
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(server, ticket);
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(server)
    }
}

/// Where a proxy stands before the host, all that precedes the host's own TLS is the way through the proxy.
fn enter(phase: Phase) {
    Progress::note(|step| step.phase = if step.proxy.is_some() { Phase::Proxy } else { phase });
}

/// A proxy may speak TLS too, before the host does.
fn enter_tls(server: &str) {
    Progress::note(|step| {
        let is_host = step.proxy.is_none() || is_host(&step.peer, server);
        step.phase = if is_host { Phase::Tls } else { Phase::Proxy };
    });
}

/// Whether that is the host, which may be written with its port.
fn is_host(written: &str, server: &str) -> bool {
    let name = written.rsplit_once(':').map_or(written, |(name, _)| name);
    [written, name].iter().any(|name| name.trim_matches(['[', ']']).eq_ignore_ascii_case(server))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_known_with_and_without_its_port() {
        for (written, server) in [("Login.test:8443", "login.test"), ("login.test", "login.test"), ("[::1]:1", "::1")] {
            assert!(is_host(written, server), "{written}");
        }
        assert!(!is_host("login.test:8443", "proxy.test"));
    }
}
