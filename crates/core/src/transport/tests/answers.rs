//! Answers that an HTTP client cannot use, and how often the request is sent.

use super::*;

/// Returns the error for a request with this answer, and the number of requests.
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

/// hyper reads interim answers (1xx) as long as they arrive, so a server that never stops would keep the thread busy.
#[tokio::test(start_paused = true)]
async fn a_server_that_floods_interim_answers_fails_after_a_limited_number_of_bytes() {
    for first in ["", "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"] {
        let (port, sent) = flooding(first).await;
        let (outcome, took) = asked(NetworkSettings::default(), &format!("http://127.0.0.1:{port}/")).await;
        let error = outcome.unwrap_err();
        assert!(
            error.message().contains("answered with more than 1048576 bytes, which is too large for a token"),
            "{error}"
        );
        assert_eq!((error.phase(), error.retryable()), (Some(Phase::Response), false));
        assert!(took < Duration::from_secs(1), "{took:?}");
        // The kernel's buffers of both ends are added.
        assert!(sent.load(Ordering::Relaxed) < 16 * 1024 * 1024);
    }
}

#[tokio::test(start_paused = true)]
async fn interim_answers_before_an_answer_are_ignored() {
    let says = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let port = server(says).await;
    let (outcome, _) = asked(NetworkSettings::default(), &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(&**outcome.unwrap().body, b"{}");
}

/// The limit applies to one request; several long answers on one connection may exceed it together.
#[tokio::test]
async fn long_answers_on_one_connection_are_counted_each() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let server = tokio::spawn(async move {
        let body = " ".repeat(700 * 1024);
        let (mut socket, _) = listener.accept().await.unwrap();
        for _ in 0..3 {
            assert!(socket.read(&mut [0; 8192]).await.unwrap() > 0);
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let logging = (Log::default(), Clock::fake(|| UNIX_EPOCH));
    let deadline = Deadline::at(Instant::now() + Duration::from_secs(60));
    let exchange = Exchange::new(ONCE, Arc::new(Transport::new(NetworkSettings::default(), None)), deadline, logging);
    for _ in 0..3 {
        assert_eq!(fetch(&exchange, &url, None).await.unwrap().body.len(), 700 * 1024);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.await.unwrap();
}

/// An idle connection that the host has closed meanwhile does not count as a try.
#[tokio::test]
async fn a_connection_is_reused_and_replaced_if_the_host_has_closed_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        for requests in [2, 1] {
            let (mut socket, _) = listener.accept().await.unwrap();
            for _ in 0..requests {
                assert!(socket.read(&mut [0; 8192]).await.unwrap() > 0);
                socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
            }
        }
    });
    let logging = (Log::default(), Clock::fake(|| UNIX_EPOCH));
    let deadline = Deadline::at(Instant::now() + Duration::from_secs(60));
    let exchange = Exchange::new(ONCE, Arc::new(Transport::new(NetworkSettings::default(), None)), deadline, logging);
    let url: Url = format!("http://127.0.0.1:{port}/").parse().unwrap();
    for _ in 0..3 {
        fetch(&exchange, &url, None).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.await.unwrap();
}
