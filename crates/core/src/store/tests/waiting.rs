//! How long a process waits for others, and how it treats clocks that differ.

use super::*;

/// A call with this much time.
async fn within(process: &Process, time: Duration) -> Result<AccessToken, Error> {
    let (process, end) = (process.clone(), Instant::now() + time);
    let call = tokio::spawn(async move { process.ask_until(end, |_| ()).await });
    let outcome = tokio::time::timeout_at(end, call).await;
    outcome.expect("in time").unwrap()
}

/// A process whose clock is wrong by this number of milliseconds.
fn wrong(store: &FakeStore, service: &Arc<Service>, by: UnixMillis) -> Process {
    let right = clock();
    let wrong = Clock::fake(move || {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(right.now() + by).expect("after the epoch"))
    });
    process(store, &wrong, service)
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_others_until_it_needs_its_time_for_itself() {
    for (time, alone_after) in [(1, SECOND / 2), (3, SECOND * 3 / 2), (10, SECOND * 8), (60, SECOND * 12)] {
        let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND / 10, Vec::new()));
        store.put(&lease_key(&store, &clock, &service).await, "of a process that does not come back");
        let start = Instant::now();
        within(&process(&store, &clock, &service), SECOND * time).await.unwrap();
        let waited = start.elapsed();
        assert!(waited >= alone_after && waited < alone_after + SECOND / 5, "{time} s: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_store_does_not_use_up_the_time_of_a_call() {
    for time in [SECOND, SECOND * 2, SECOND * 5] {
        let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(time / 4, Vec::new()));
        store.behave(Behavior::Late(SECOND * 49 / 100));
        within(&process(&store, &clock, &service), time).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_with_less_time_waits_no_longer_and_one_with_more_delays_no_other() {
    for (first, joins, alone_after) in [(60, 5, SECOND * 3), (5, 60, SECOND * 3)] {
        let (store, clock, service) = (FakeStore::default(), clock(), Service::slow(SECOND / 10, Vec::new()));
        store.put(&lease_key(&store, &clock, &service).await, "of a process that does not come back");
        let (waiter, start) = (process(&store, &clock, &service), Instant::now());
        let deadline = Deadline::at(start + SECOND * first);
        let joined = deadline.clone();
        let call = tokio::spawn(async move { waiter.ask_with(deadline, |_| ()).await });
        tokio::time::sleep(SECOND).await;
        joined.extend_to(start + SECOND * joins);
        call.await.unwrap().unwrap();
        let time = start.elapsed();
        assert!(time >= alone_after && time < alone_after + SECOND, "{first} s and {joins} s: {time:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_overloaded_service_that_names_no_time_is_asked_by_one_at_a_time() {
    for (status, most) in [(429, 3), (503, 3), (500, 100)] {
        let refusal = EntraRefusal::of_status(status);
        let overloaded = Error::refused("marker-of-a-service", refusal);
        let (store, clock, service) =
            (FakeStore::default(), clock(), Service::slow(SECOND / 10, vec![overloaded.clone(), overloaded]));
        let tasks: Vec<_> = (0..100).map(|_| process(&store, &clock, &service).asking()).collect();
        let start = Instant::now();
        let mut failed = 0;
        for task in tasks {
            failed += u32::from(task.await.unwrap().is_err());
        }
        assert_eq!(failed, 2, "{status}: each process that asks gets the error");
        assert!(service.requests() <= most, "{status}");
        assert_eq!(start.elapsed() > SECOND * 10, status != 500, "{status}: {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_from_a_clock_that_is_ahead_ends_earlier_or_is_not_used() {
    const MINUTE: UnixMillis = 60_000;
    for (ahead, is_taken) in [(-MINUTE, true), (0, true), (4 * MINUTE, true), (6 * MINUTE, false), (5 * HOUR, false)] {
        let (store, service) = (FakeStore::default(), Service::of_life(HOUR));
        let writer = wrong(&store, &service, ahead);
        writer.token().await.unwrap();
        let reader = wrong(&store, &service, 0);
        let token = reader.token().await.unwrap();
        assert_eq!(token.cached_in.is_some(), is_taken, "{ahead}");
        assert!(token.expires_on <= reader.clock.now() + HOUR, "{ahead}");
    }
}
