//! A service that says how long to wait before the next request.

use super::*;

const WAIT: Duration = Duration::from_secs(600);

fn throttled_for(wait: Duration) -> Result<AccessToken, Error> {
    let error = Error::new(ErrorKind::ServiceUnavailable, "busy").with_retryable(true);
    Err(error.with_retry_after(wait))
}

#[tokio::test(start_paused = true)]
async fn during_a_pause_calls_fail_at_once_and_each_says_how_long_it_still_lasts() {
    let bench = Bench::new();
    let first = bench.ask(throttled_for(WAIT)).await.unwrap_err().retry_after().unwrap();
    assert!((WAIT..=WAIT * 12 / 10).contains(&first), "up to a fifth more, never less: {first:?}");
    let (half, rest) = (first / 2, first.saturating_sub(first / 2));
    later(half).await;
    let start = Instant::now();
    let error = bench.ask(bench.good()).await.unwrap_err();
    assert_eq!(
        (error.kind(), start.elapsed(), bench.acquisitions()),
        (ErrorKind::ServiceUnavailable, Duration::ZERO, 1)
    );
    assert_eq!(error.retry_after().unwrap(), rest);
    later(rest).await;
    assert!(bench.ask(bench.good()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_jitter_belongs_to_the_key() {
    let bench = Bench::new();
    let mut drawn = std::collections::HashSet::new();
    for number in 0..50 {
        let name = format!("key {number}");
        let wait = || async {
            bench.cache.clear();
            bench.asked(ask(&name), throttled_for(WAIT)).await.unwrap().unwrap_err().retry_after()
        };
        let (first, second) = (wait().await, wait().await);
        assert_eq!(first, second);
        drawn.insert(first);
    }
    assert!(drawn.len() > 3, "all would come back together: {drawn:?}");
}

#[tokio::test(start_paused = true)]
async fn no_service_goes_without_requests_for_more_than_an_hour() {
    let bench = Bench::new();
    for wait in [LONGEST_RETRY_AFTER * 2, Duration::MAX] {
        bench.cache.clear();
        let error = bench.ask(throttled_for(wait)).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(LONGEST_RETRY_AFTER));
        later(LONGEST_RETRY_AFTER).await;
        assert!(bench.ask(bench.good()).await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn a_forced_refresh_or_a_cleared_cache_leads_to_a_request() {
    let bench = Bench::new();
    assert!(bench.ask(throttled_for(WAIT)).await.is_err());
    assert!(bench.ask(bench.good()).await.is_err());
    assert!(bench.asked(forced_at(Instant::now()), bench.good()).await.unwrap().is_ok(), "at once");
    bench.cache.clear();
    assert!(bench.ask(throttled_for(WAIT)).await.is_err());
    bench.cache.clear();
    assert!(bench.ask(bench.good()).await.is_ok());
    assert_eq!(bench.acquisitions(), 4);
}

#[tokio::test(start_paused = true)]
async fn other_tokens_are_asked_for() {
    let bench = Bench::new();
    assert!(bench.ask(throttled_for(WAIT)).await.is_err());
    assert!(bench.asked(ask("b"), bench.good()).await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_valid_token_is_handed_out_and_not_refreshed_until_then() {
    let bench = Bench::new();
    bench.ask(bench.good()).await.unwrap();
    later(DUE).await;
    assert!(bench.ask(throttled_for(WAIT / 2)).await.is_ok());
    later(Duration::from_secs(2)).await;
    assert_eq!(bench.acquisitions(), 2, "the refresh was turned away");
    for _ in 0..4 {
        later(COOLDOWN + Duration::from_secs(1)).await;
        assert!(bench.ask(bench.good()).await.is_ok());
    }
    assert_eq!(bench.acquisitions(), 2, "a refresh before its time");
    later(WAIT / 2).await;
    assert!(bench.ask(bench.good()).await.is_ok());
    later(Duration::from_secs(2)).await;
    assert_eq!(bench.acquisitions(), 3);
}
