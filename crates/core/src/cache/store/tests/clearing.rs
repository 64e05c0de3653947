use super::*;

#[tokio::test(start_paused = true)]
async fn when_it_was_cleared_follows_a_clock_that_is_set() {
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
