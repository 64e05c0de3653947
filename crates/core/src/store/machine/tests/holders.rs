//! Which process has the lock of a token, and how long the others wait for it.

use super::*;
use crate::store::machine::folder::Lock;

/// The lock of the token that was asked for before, held as by another process.
fn lock(scratch: &Scratch) -> Lock {
    let path = file(scratch, ".l");
    scratch.open().unwrap().try_lock(path.file_name().unwrap().to_str().unwrap()).unwrap().unwrap()
}

fn process_with_lease(scratch: &Scratch, service: &Arc<Service>, lease: Duration) -> Process {
    let settings = MachineSettings { location: location_in(&scratch.0), keys: keys(1) };
    Process {
        store: Arc::new(SharedTokens::of_machine_with_lease(settings, lease)),
        ..unhurried_process(scratch, service)
    }
}

#[tokio::test]
async fn an_inactive_holder_costs_one_request() {
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::from_millis(50), Vec::new()));
    process(&scratch, &service).token().await.unwrap();
    let stopped = lock(&scratch);
    fs::remove_file(file(&scratch, ".t")).unwrap();
    let start = Instant::now();
    let lease = Duration::from_millis(600);
    let tasks: Vec<_> = (0..50).map(|_| process_with_lease(&scratch, &service, lease).asking()).collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().token.expose(), "marker-1");
    }
    assert_eq!(service.requests(), 2);
    assert!(start.elapsed() >= lease, "{:?}", start.elapsed());
    drop(stopped);
}

#[tokio::test]
async fn an_active_holder_keeps_its_lock_for_longer_than_a_lease() {
    let (scratch, service) = (Scratch::new(), Service::slow(Duration::from_millis(2500), Vec::new()));
    let process = || process_with_lease(&scratch, &service, Duration::from_secs(1));
    let tasks: Vec<_> = (0..20).map(|_| process().asking()).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(service.requests(), 1);
}

#[tokio::test]
async fn a_waiter_takes_a_token_that_is_written_while_another_process_has_the_lock() {
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    process(&scratch, &service).token().await.unwrap();
    let _lock = lock(&scratch);
    let (token, aside) = (file(&scratch, ".t"), scratch.0.join("aside"));
    fs::rename(&token, &aside).unwrap();
    // This waiter must not get the lock in the meantime.
    let waiter = process_with_lease(&scratch, &service, Duration::from_secs(60)).asking();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiter.is_finished());
    fs::rename(&aside, &token).unwrap();
    assert_eq!(waiter.await.unwrap().unwrap().cached_in, Some(CachedIn::Machine));
    assert_eq!(service.requests(), 1);
}

#[tokio::test]
async fn without_locks_each_process_makes_a_request_and_warns_once() {
    let (scratch, service) = (Scratch::new(), Service::of_life(HOUR));
    process(&scratch, &service).token().await.unwrap();
    fs::remove_file(file(&scratch, ".t")).unwrap();
    let path = file(&scratch, ".l");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let received = Arc::clone(&warnings);
    let log = Log::default().and_to(LogLevel::Warn, move |entry| received.lock().unwrap().push(entry.message.clone()));
    let process = process(&scratch, &service);
    for _ in 0..3 {
        assert_eq!(process.ask_with_log(log.clone(), |_| ()).await.unwrap().cached_in, None);
    }
    assert_eq!(service.requests(), 4);
    let warnings = warnings.lock().unwrap().clone();
    assert!(matches!(&warnings[..], [only] if only.contains("does not store a token or a lock")), "{warnings:?}");
}
