//! Renewals that no call waits for, as an observer of refreshes sees them.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_observer_sees_its_end_and_none_before_and_after() {
    let bench = Bench::new();
    let lease = bench.lease(ask("a")).await;
    assert!(bench.cache.renewal(lease).is_none());
    later(DUE).await;
    bench.ask(bench.good()).await.unwrap();
    let renewed = bench.cache.renewal(lease).unwrap().await.unwrap();
    assert!(is_same(&renewed.token, &bench.ask(bench.good()).await.unwrap()));
    assert!(renewed.token.cached_in.is_none());
    assert!(bench.cache.renewal(lease).is_none() && bench.cache.renewal(renewed.lease).is_none());
    assert_eq!(bench.acquisitions(), 2);
}

#[tokio::test(start_paused = true)]
async fn it_has_its_own_time_limit_however_short_its_callers_is() {
    let bench = Bench::new();
    bench.lease(ask("a")).await;
    later(DUE).await;
    let (hasty, mut latest) = (Ask { until: Instant::now() + Duration::from_secs(1), ..ask("a") }, None);
    let acquire = |deadline: Deadline| {
        latest = Some(deadline.latest());
        std::future::pending()
    };
    bench.cache.token(hasty, acquire).await.unwrap().unwrap();
    assert_eq!(latest, Some(Instant::now() + REFRESH_TIMEOUT));
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_its_failure_and_one_that_never_ends_is_given_up() {
    let bench = Bench::new();
    let lease = bench.lease(ask("a")).await;
    later(DUE).await;
    bench.ask(refused()).await.unwrap();
    let renewal = bench.cache.renewal(lease).unwrap();
    assert_eq!(renewal.await.unwrap_err().kind(), ErrorKind::Authentication);
    later(COOLDOWN).await;
    let start = Instant::now();
    bench.cache.token(ask("a"), |_| std::future::pending()).await.unwrap().unwrap();
    let renewal = bench.cache.renewal(lease).unwrap();
    assert_eq!((renewal.await.unwrap_err().kind(), start.elapsed()), (ErrorKind::Timeout, REFRESH_TIMEOUT));
}
