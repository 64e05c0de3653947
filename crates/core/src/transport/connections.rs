//! The connections to each host. Their number is limited, and each is used by one request after the other.

use super::connection::Connection;
use azure_core::http::Url;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// The most requests to one host at a time, and so of connections. It is enough to use the time in which an answer
/// travels, and a service that is asked for a thousand tokens at once does not see a thousand TLS handshakes.
pub(super) const MOST_CONNECTIONS: usize = 48;

/// When there are this many hosts, those without a running request are forgotten.
const MOST_IDLE_HOSTS: usize = 1024;

/// How long an idle connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// Lets a limited number of requests through to each host, in the order in which they came. Requests to one host do not
/// wait for those to another, and a caller that gives up leaves the queue.
#[derive(Debug, Default)]
pub(super) struct Connections(Mutex<HashMap<String, Arc<Host>>>);

#[derive(Debug)]
struct Host {
    idle: Mutex<Idle>,
    permits: Arc<Semaphore>,
}

/// Idle connections, each with the time of its last request. The most recently used one is the last.
#[derive(Debug, Default)]
struct Idle {
    connections: Vec<(Connection, Instant)>,
    /// Whether a task closes connections that are idle for too long.
    is_swept: bool,
}

/// The right to run one request. Keep it until the answer is read.
#[derive(Debug)]
pub(super) struct Permit {
    host: Arc<Host>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connections {
    pub(super) async fn permit(&self, url: &Url) -> Permit {
        let host = self.host(url);
        // The semaphore is never closed.
        let permit = Arc::clone(&host.permits).acquire_owned().await.ok();
        Permit { host, _permit: permit }
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MOST_IDLE_HOSTS {
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        Arc::clone(hosts.entry(url.origin().ascii_serialization()).or_default())
    }
}

impl Permit {
    /// Returns the most recently used idle connection, unless the host has closed it.
    pub(super) fn idle_connection(&self) -> Option<Connection> {
        let mut idle = self.host.idle();
        while let Some((connection, since)) = idle.connections.pop() {
            if since.elapsed() < IDLE_TIMEOUT && !connection.is_closed() {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(self, connection: Connection) {
        let mut idle = self.host.idle();
        idle.connections.push((connection, Instant::now()));
        if !std::mem::replace(&mut idle.is_swept, true) {
            self.host.watch();
        }
    }
}

impl Default for Host {
    fn default() -> Self {
        Self { idle: Mutex::default(), permits: Arc::new(Semaphore::new(MOST_CONNECTIONS)) }
    }
}

impl Host {
    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a task that closes connections which are idle for too long, until none is left.
    fn watch(self: &Arc<Self>) {
        let host = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(IDLE_TIMEOUT).await;
                if !host.upgrade().is_some_and(|host| host.idle().close_old()) {
                    return;
                }
            }
        });
    }
}

impl Idle {
    /// Closes old connections, and returns whether any are left.
    fn close_old(&mut self) -> bool {
        self.connections.retain(|(_, since)| since.elapsed() < IDLE_TIMEOUT);
        self.is_swept = !self.connections.is_empty();
        self.is_swept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    async fn is_let_through(connections: &Connections, host: &str) -> Option<Permit> {
        timeout(Duration::from_secs(1), connections.permit(&url(host))).await.ok()
    }

    async fn all_permits(connections: &Connections) -> Vec<Permit> {
        let mut permits = Vec::new();
        for _ in 0..MOST_CONNECTIONS {
            permits.push(is_let_through(connections, "https://a/x").await.unwrap());
        }
        permits
    }

    /// A connection whose other end the test has.
    async fn connection() -> (Connection, tokio::io::DuplexStream) {
        let (here, there) = tokio::io::duplex(64);
        (Connection::over(Box::new(here)).await.unwrap(), there)
    }

    #[tokio::test(start_paused = true)]
    async fn a_limited_number_of_requests_runs_and_the_next_when_one_ends() {
        let connections = Connections::default();
        let mut permits = all_permits(&connections).await;
        assert!(is_let_through(&connections, "https://a/y").await.is_none());
        permits.pop();
        assert!(is_let_through(&connections, "https://a/z").await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_do_not_wait_for_each_other() {
        let connections = Connections::default();
        let _all = all_permits(&connections).await;
        let start = Instant::now();
        for other in ["https://b/", "https://a:8443/", "http://a/"] {
            connections.permit(&url(other)).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_leaves_the_queue() {
        let connections = Arc::new(Connections::default());
        let mut permits = all_permits(&connections).await;
        let waiting = Arc::clone(&connections);
        let impatient = tokio::spawn(async move { waiting.permit(&url("https://a/")).await });
        tokio::task::yield_now().await;
        impatient.abort();
        permits.pop();
        assert!(is_let_through(&connections, "https://a/").await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_used_again_until_it_is_old_or_closed() {
        let connections = Connections::default();
        let address = url("https://a/");
        let permit = || connections.permit(&address);
        let (first, _other_end) = connection().await;
        permit().await.keep(first);
        let again = permit().await;
        let reused = again.idle_connection().expect("it was kept");
        assert!(again.idle_connection().is_none(), "one request has it");
        again.keep(reused);
        tokio::time::sleep(IDLE_TIMEOUT * 2).await;
        assert!(permit().await.host.idle().connections.is_empty(), "it is closed without a request");
        let (closed, other_end) = connection().await;
        permit().await.keep(closed);
        drop(other_end);
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(permit().await.idle_connection().is_none(), "the host has closed it");
    }

    #[tokio::test(start_paused = true)]
    async fn each_idle_connection_is_given_up_at_its_own_time() {
        let (connections, address, mut other_ends) = (Connections::default(), url("https://a/"), Vec::new());
        let permit = || connections.permit(&address);
        for _ in 0..2 {
            let (one, other_end) = connection().await;
            other_ends.push(other_end);
            permit().await.keep(one);
            tokio::time::sleep(IDLE_TIMEOUT / 2).await;
        }
        tokio::time::sleep(IDLE_TIMEOUT * 2).await;
        assert!(permit().await.host.idle().connections.is_empty(), "the second one is closed, too");
        let (last, _other_end) = connection().await;
        let asked = permit().await;
        permit().await.keep(last);
        tokio::time::advance(IDLE_TIMEOUT).await;
        assert!(asked.idle_connection().is_none(), "it is as old as that");
    }
}
