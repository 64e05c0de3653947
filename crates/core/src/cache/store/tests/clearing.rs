use super::*;

#[tokio::test(start_paused = true)]
async fn the_time_of_clearing_follows_a_clock_that_is_set() {
    const STEP: Duration = Duration::from_secs(10);
    let (seconds, start) = (Arc::new(AtomicU64::new(1_000_000)), Instant::now());
    let shown = Arc::clone(&seconds);
    let wall = move || std::time::UNIX_EPOCH + Duration::from_secs(shown.load(Ordering::SeqCst)) + start.elapsed();
    let cache = Cache::new(Clock::fake(wall));
    assert_eq!(cache.cleared_at(), 0, "it was not");
    cache.clear();
    for (step, shown) in (1..).zip([1_000_000, 1000, 2_000_000]) {
        tokio::time::advance(STEP).await;
        seconds.store(shown, Ordering::SeqCst);
        let ago = cache.clock.now() - cache.cleared_at();
        assert_eq!(ago, 10_000 * step, "the clock shows {shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cooldown_belongs_to_the_flights_number_so_an_older_refresh_starts_none_in_a_newer_entry() {
    const SECOND: Duration = Duration::from_secs(1);
    for (takes, how) in [(REFRESH_TIMEOUT.saturating_sub(SECOND), "fails"), (REFRESH_TIMEOUT * 2, "is given up")] {
        let bench = Bench::new();
        bench.ask(bench.good()).await.unwrap();
        later(DUE).await;
        let refresh_ending = |takes, outcome| {
            bench.cache.token(ask("a"), move |_| async move {
                later(takes).await;
                outcome
            })
        };
        refresh_ending(takes, refused()).await.unwrap().unwrap();
        bench.cache.clear();
        let short = refresh_ending(Duration::ZERO, Ok(bench.token(80_000))).await.unwrap().unwrap().token;
        later(SECOND * 50).await;
        let handed_out = refresh_ending(SECOND * 20, bench.good()).await.unwrap().unwrap().token;
        assert!(is_same(&short, &handed_out), "it is due, and its own refresh begins");
        later(SECOND * 11).await;
        let waited_for = bench.ask(refused()).await.unwrap();
        assert!(!is_same(&short, &waited_for), "the older one {how}, and the later one is waited for");
    }
}
