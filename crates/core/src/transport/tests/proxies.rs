//! What a proxy answers, and how often it is asked.

use super::*;
use crate::types::UnreachedCause;

const HOST: &str = "https://login.invalid/";

/// Addresses for documentation (RFC 5737). They are not names, so nothing must be resolved.
const NAMELESS: [&str; 2] = ["https://192.0.2.1/", "http://192.0.2.1/"];

fn through(address: &str, setting: &str) -> NetworkSettings {
    NetworkSettings { proxy: ProxySettings::all(address, setting).unwrap(), ..NetworkSettings::default() }
}

/// Returns the error for a request through a proxy with this answer, by a setting, and what the proxy has received.
async fn refused(user: &str, says: &'static str, setting: &str) -> (Error, Vec<String>) {
    let (port, heard) = answering(says).await;
    let settings = through(&format!("http://{user}127.0.0.1:{port}"), setting);
    let (outcome, _) = asked(settings, HOST).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Network, Some(Phase::Proxy)), "{error}");
    let heard = heard.lock().unwrap().clone();
    (error, heard)
}

#[tokio::test(start_paused = true)]
async fn a_proxy_of_any_kind_that_refuses_the_connection_says_so_after_one_more_try() {
    let schemes = ["http", "https", "socks5", "socks5h"];
    for (scheme, url) in schemes.into_iter().flat_map(|scheme| NAMELESS.map(|url| (scheme, url))) {
        let address = format!("{scheme}://127.0.0.1:{}", unused_port().await);
        let (outcome, took) = asked_by(&RetryRules::ENTRA, through(&address, "HTTPS_PROXY"), url).await;
        let error = outcome.unwrap_err();
        let says = format!(
            "the proxy {address} (from HTTPS_PROXY) refuses the connection: check HTTPS_PROXY, or set NO_PROXY"
        );
        assert!(error.message().starts_with(&says), "{error}");
        assert_eq!((error.phase(), error.unreached_cause()), (Some(Phase::Proxy), Some(UnreachedCause::Refused)));
        assert!((240..=361).contains(&took.as_millis()), "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_refuses_the_connection_is_reported_after_one_more_try() {
    let port = unused_port().await;
    let url = format!("http://127.0.0.1:{port}/");
    let (outcome, took) = asked_by(&RetryRules::ENTRA, NetworkSettings::default(), &url).await;
    let error = outcome.unwrap_err();
    assert!(error.message().starts_with(&format!("127.0.0.1:{port} refuses the connection")), "{error}");
    assert_eq!((error.phase(), error.unreached_cause()), (Some(Phase::Connect), Some(UnreachedCause::Refused)));
    assert!((240..=361).contains(&took.as_millis()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_status_that_may_pass_is_named_and_retryable() {
    let rows = [
        (408, "HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n"),
        (429, "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n"),
        (502, "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"),
        (503, "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"),
    ];
    for (status, says) in rows {
        let (error, _) = refused("", says, "HTTPS_PROXY").await;
        assert!(error
            .message()
            .contains(&format!("does not connect to login.invalid: it answered with status {status}")));
        assert_eq!(
            (error.retryable(), error.unreached_cause()),
            (true, Some(UnreachedCause::ProxyUnavailable)),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_that_may_pass_is_tried_four_times() {
    let (port, heard) = answering("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await;
    let settings = through(&format!("http://127.0.0.1:{port}"), "HTTPS_PROXY");
    let (outcome, took) = asked_by(&RetryRules::ENTRA, settings, HOST).await;
    assert!(outcome.is_err());
    assert!((2200..=3400).contains(&took.as_millis()), "{took:?}");
    assert_eq!(heard.lock().unwrap().len(), 4, "each try asks the proxy once");
}

#[tokio::test(start_paused = true)]
async fn any_other_status_is_final_and_advice_for_the_option_does_not_mention_the_environment() {
    let says = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    for (setting, has_advice) in [("HTTPS_PROXY", true), ("proxy", false)] {
        let (error, _) = refused("u:p@", says, setting).await;
        assert!(error.message().contains("answered with status 403. Ask its administrator"), "{error}");
        assert_eq!((error.message().contains("NO_PROXY"), error.retryable()), (has_advice, false), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_for_a_proxy_that_requires_a_login_says_what_it_received_and_what_it_offers() {
    let basic = "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"x\"\r\ncontent-length: 0\r\n\r\n";
    let windows =
        "HTTP/1.1 407 x\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\ncontent-length: 0\r\n\r\n";
    let bare = "HTTP/1.1 407 x\r\ncontent-length: 0\r\n\r\n";
    let rows = [
        ("", basic, "demands a user and a password for login.invalid (407): put them into HTTPS_PROXY"),
        ("", bare, "demands a user and a password for login.invalid (407)"),
        ("user:marker@", basic, "refused the user and password for login.invalid (407): check them in HTTPS_PROXY"),
        ("user:marker@", bare, "refused the user and password"),
        (
            "user:marker@",
            windows,
            "demands a login by Negotiate, NTLM for login.invalid (407), and only Basic is supported",
        ),
        ("", windows, "local proxy that logs in to it, such as cntlm"),
    ];
    for (user, says, words) in rows {
        let (error, _) = refused(user, says, "HTTPS_PROXY").await;
        assert!(error.message().contains(words), "{error}");
        assert!(!error.retryable() && !format!("{error:?}").contains("marker"), "{error:?}");
    }
}

/// The reserved characters of RFC 3986 §2.2, and the percent sign itself, arrive decoded.
#[tokio::test(start_paused = true)]
async fn every_reserved_character_of_a_user_and_a_password_arrives() {
    let reserved = "/?#[]@!$&'()*+,;=%\\ ";
    let encoded: String = percent_encoding::utf8_percent_encode(reserved, percent_encoding::NON_ALPHANUMERIC).collect();
    let (error, heard) = refused(&format!("u{encoded}:p{encoded}@"), "HTTP/1.1 403 x\r\n\r\n", "proxy").await;
    let proof = format!("u{reserved}:p{reserved}");
    let expected = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, proof);
    assert_eq!(heard.len(), 1, "{error}");
    for request in heard {
        let sent = request.lines().find_map(|line| line.split_once(": Basic ")).map(|(_, sent)| sent.to_owned());
        assert_eq!(sent.as_deref(), Some(&*expected), "{request}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_says_that_a_proxys_name_cannot_be_resolved() {
    let name = "nowhere..invalid";
    let (outcome, _) = asked(through(&format!("http://{name}:1"), "HTTPS_PROXY"), HOST).await;
    let error = outcome.unwrap_err();
    assert!(error.message().contains("cannot be reached: its name cannot be resolved ("), "{error}");
    assert_eq!((error.phase(), error.retryable()), (Some(Phase::Proxy), false));
}

/// The credentials are sent with each request that the proxy forwards, and not to the host behind it.
#[tokio::test(start_paused = true)]
async fn a_request_without_tls_goes_to_the_proxy_with_its_whole_address_and_a_login() {
    let (port, heard) = answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let settings = through(&format!("http://u:p@127.0.0.1:{port}"), "HTTP_PROXY");
    asked(settings, "http://192.0.2.1/path?a=b").await.0.unwrap();
    let request = heard.lock().unwrap().concat().to_lowercase();
    assert!(request.starts_with("get http://192.0.2.1/path?a=b http/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nhost: 192.0.2.1\r\n"), "{request}");
    assert!(request.contains("\r\nproxy-authorization: basic dtpw\r\n"), "{request}");
}

/// An interim answer does not answer CONNECT, and the client does not read for ever if a proxy sends nothing else.
#[tokio::test(start_paused = true)]
async fn a_proxy_that_floods_the_answer_to_connect_is_reported_at_once() {
    let (port, _) = flooding("").await;
    let start = Instant::now();
    let (outcome, _) = asked(through(&format!("http://127.0.0.1:{port}"), "HTTPS_PROXY"), HOST).await;
    let error = outcome.unwrap_err();
    assert!(error.message().contains("does not connect to login.invalid: it answered with status 100"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
