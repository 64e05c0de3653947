//! Tests the transport over real loopback sockets with a paused clock, which jumps to the next time limit when there is
//! nothing left to do, so that half a minute of silence takes no time.

use super::{connect::Target, *};
use crate::{
    config::{NetworkSettings, ProxySettings, TrustSettings},
    host::{Clock, Log, Progress},
    types::{is_plain, Error, ErrorKind, Phase},
};
use azure_core::http::Url;
use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc, Mutex,
    },
    time::{Duration, UNIX_EPOCH},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};

mod answers;
mod proxies;
mod shortages;

#[tokio::test]
async fn trusted_certificates_are_read_before_a_request_needs_them() {
    let transport = Transport::new(NetworkSettings::default(), None);
    assert!(transport.roots().is_none());
    transport.prepare().await;
    assert!(transport.roots().is_some());
}

#[tokio::test]
async fn a_connection_that_was_opened_early_is_used_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let target = Target { url: &url, proxy: None, tls: None, known_host: None, early: Mutex::default() };
    target.open_early().await;
    drop(listener);
    assert!(target.connect().await.is_ok());
    assert!(target.connect().await.is_err(), "the next one is a new one");
}

const ONCE: RetryRules = RetryRules { most_tries: 1, ..RetryRules::ENTRA };

/// A server that accepts one connection, reads once, sends this and then nothing more. It runs on the client's runtime:
/// the clock does not jump while either has something to do.
async fn server(says: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let socket = heard(&listener).await;
        assert_eq!(socket.try_write(says.as_bytes()).unwrap(), says.len());
        std::future::pending::<()>().await;
    });
    port
}

/// A server that sends this on each connection, whatever the request, and records what it reads.
async fn answering(says: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let received = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let mut request = vec![0; 8192];
            let length = loop {
                socket.readable().await.unwrap();
                if let Ok(length) = socket.try_read(&mut request) {
                    break length;
                }
            };
            received.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
            assert_eq!(socket.try_write(says.as_bytes()).unwrap(), says.len());
        }
    });
    (port, heard)
}

/// A server that sends this on each connection, and then interim answers for ever; and the number of bytes that it has
/// sent.
async fn flooding(first: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(flood(socket, first, Arc::clone(&counted)));
        }
    });
    (port, sent)
}

/// A limit for the test: without it, a client that reads for ever would never end.
const FLOOD: usize = 20 << 20;

async fn flood(mut socket: TcpStream, first: &'static str, sent: Arc<AtomicUsize>) {
    let _ = socket.read(&mut [0; 8192]).await;
    let _ = socket.write_all(first.as_bytes()).await;
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
    while sent.load(Ordering::Relaxed) < FLOOD && socket.write_all(interim.as_bytes()).await.is_ok() {
        sent.fetch_add(interim.len(), Ordering::Relaxed);
    }
}

/// Returns a port of this machine on which no server listens.
async fn unused_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// Returns the next connection after something was read from it.
async fn heard(listener: &TcpListener) -> TcpStream {
    let (socket, _) = listener.accept().await.unwrap();
    while socket.try_read(&mut [0; 4096]).is_err() {
        socket.readable().await.unwrap();
    }
    socket
}

/// A server that begins its answer and sends one more byte of it every five seconds.
async fn dawdling_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let socket = heard(&listener).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n";
        assert_eq!(socket.try_write(head).unwrap(), head.len());
        while socket.try_write(b" ").is_ok() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    });
    port
}

/// Returns the result of a request without retries, and its duration.
async fn asked(settings: NetworkSettings, url: &str) -> (Result<Answer, Error>, Duration) {
    asked_by(&ONCE, settings, url).await
}

async fn asked_by(rules: &RetryRules, settings: NetworkSettings, url: &str) -> (Result<Answer, Error>, Duration) {
    let start = Instant::now();
    let deadline = Deadline::at(start + Duration::from_secs(60));
    let logging = (Log::default(), Clock::fake(|| UNIX_EPOCH));
    let transport = Arc::new(Transport::new(settings, None));
    let exchange = Exchange::new(*rules, transport, deadline, logging);
    let url: Url = url.parse().unwrap();
    let outcome = Progress::default().follow(fetch(&exchange, &url, None)).await;
    outcome.as_ref().err().inspect(|error| assert_plain(error));
    (outcome, start.elapsed())
}

/// Checks that no message or cause contains the name of a variant.
fn assert_plain(error: &Error) {
    for text in std::iter::once(error.message()).chain(error.causes().iter().map(String::as_str)) {
        assert!(is_plain(text) && !text.contains("client error ("), "{error:?}");
    }
}

fn assert_hung(outcome: (Result<Answer, Error>, Duration), seconds: u64, phase: Phase, says: &str) {
    let (error, took) = (outcome.0.unwrap_err(), outcome.1);
    assert_eq!((error.kind(), error.phase(), error.retryable()), (ErrorKind::Network, Some(phase), true), "{error}");
    assert!(error.message().contains(says), "{error}");
    assert_eq!(took.as_secs(), seconds, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_server_without_a_tls_answer_fails_after_10_seconds() {
    let port = server("").await;
    let outcome = asked(NetworkSettings::default(), &format!("https://127.0.0.1:{port}/")).await;
    assert_hung(
        outcome,
        10,
        Phase::Tls,
        &format!("no answer in time: 127.0.0.1:{port} had not completed the TLS handshake"),
    );
}

#[tokio::test(start_paused = true)]
async fn a_silent_proxy_fails_after_10_seconds() {
    let address = format!("http://127.0.0.1:{}", server("").await);
    let settings =
        NetworkSettings { proxy: ProxySettings::all(&address, "HTTPS_PROXY").unwrap(), ..NetworkSettings::default() };
    let outcome = asked(settings, "https://login.invalid/").await;
    let says = format!("the proxy {address} (from HTTPS_PROXY) had not connected to login.invalid");
    assert_hung(outcome, 10, Phase::Proxy, &says);
}

#[tokio::test(start_paused = true)]
async fn the_error_names_a_host_behind_a_proxy_that_does_not_agree_on_tls() {
    let address = format!("http://127.0.0.1:{}", server("HTTP/1.1 200 Connection established\r\n\r\n").await);
    let settings =
        NetworkSettings { proxy: ProxySettings::all(&address, "proxy").unwrap(), ..NetworkSettings::default() };
    let outcome = asked(settings, "https://login.invalid/").await;
    assert_hung(outcome, 10, Phase::Tls, "login.invalid had not completed the TLS handshake");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_silent_after_the_request_fails_after_30_seconds() {
    let port = server("").await;
    let outcome = asked(NetworkSettings::default(), &format!("http://127.0.0.1:{port}/")).await;
    assert_hung(outcome, 30, Phase::Request, "had not answered");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stops_fails_after_30_seconds() {
    let port = server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await;
    let outcome = asked(NetworkSettings::default(), &format!("http://127.0.0.1:{port}/")).await;
    assert_hung(outcome, 30, Phase::Response, "had not finished its answer");
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_fails_after_30_seconds() {
    let port = dawdling_server().await;
    let outcome = asked(NetworkSettings::default(), &format!("http://127.0.0.1:{port}/")).await;
    assert_hung(outcome, 30, Phase::Response, "had not finished its answer");
}

#[tokio::test(start_paused = true)]
async fn certificates_that_cannot_be_read_do_not_matter_to_a_service_without_tls() {
    let trust = TrustSettings { file: Some("/nowhere/ca.pem".into()), ..TrustSettings::default() };
    let settings = NetworkSettings { trust, ..NetworkSettings::default() };
    let port = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let (outcome, _) = asked(settings.clone(), &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(&**outcome.unwrap().body, b"{}");
    let (outcome, _) = asked(settings, &format!("https://127.0.0.1:{port}/")).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Network, Some(Phase::Tls)));
    assert!(error.message().contains("SSL_CERT_FILE (/nowhere/ca.pem)"), "{error}");
}
