//! Answers that no HTTP client can use, and how often they are asked for.

use super::*;

/// What comes of a request whose answer is this, and how many requests there were.
async fn answered(says: &'static str) -> (Error, usize) {
    let (port, heard) = answering(says).await;
    let url = format!("http://127.0.0.1:{port}/");
    let (outcome, _) = asked_by(&RetryRules::ENTRA, NetworkSettings::default(), &url).await;
    let requests = heard.lock().unwrap().len();
    (outcome.unwrap_err(), requests)
}

#[tokio::test(start_paused = true)]
async fn a_hostile_length_is_final_after_one_request() {
    let rows = [
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} ",
        "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551616\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\n{}",
    ];
    for says in rows {
        let (error, requests) = answered(says).await;
        assert_eq!(
            (error.phase(), error.retryable(), requests),
            (Some(Phase::Response), false, 1),
            "{says:?}: {error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_byte_is_asked_for_four_times() {
    let (error, requests) = answered("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!((error.phase(), error.retryable(), requests), (Some(Phase::Response), true, 4), "{error}");
    assert!(error.message().contains("before the first byte"), "{error}");
}
