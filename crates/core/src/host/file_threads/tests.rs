use super::{super::look_up, *};
use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// A disk that answers when the test says so: the sender for that, and the work that waits for it.
fn stuck() -> (mpsc::Sender<()>, impl Fn() + Clone + Send + 'static) {
    let (release, gate) = mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    (release, move || {
        let _ = locked(&gate).recv();
    })
}

fn leaked(most: usize) -> &'static BlockingWork {
    Box::leak(Box::new(BlockingWork::new(most, PATIENCE, LINGER)))
}

#[tokio::test]
async fn blocked_threads_do_not_delay_other_work_and_are_limited() {
    let work: &BlockingWork = Box::leak(Box::new(BlockingWork::new(3, Duration::from_millis(5), LINGER)));
    let (release, wait) = stuck();
    let coalesced = Arc::new(Coalesced::<usize, ()>::on(work));
    let ask = |path| {
        let (coalesced, wait) = (Arc::clone(&coalesced), wait.clone());
        tokio::spawn(async move { coalesced.get(path, wait).await })
    };
    let stuck: Vec<_> = (0..8).map(ask).collect();
    tokio::task::yield_now().await;
    let other = tokio::time::timeout(Duration::from_secs(20), coalesced.get(100, || ())).await;
    assert_eq!(other, Ok(Some(())));
    let more: Vec<_> = (200..240).map(ask).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(work.state().threads <= MOST_STUCK);
    drop(release);
    for one in stuck.into_iter().chain(more) {
        assert_eq!(one.await.unwrap(), Some(()));
    }
}

#[tokio::test]
async fn work_without_a_waiting_caller_is_not_begun() {
    let (release, wait) = stuck();
    // With this much patience no further thread takes the work, even if the machine halts this one for a second.
    let work: &BlockingWork = Box::leak(Box::new(BlockingWork::new(1, Duration::from_secs(60), LINGER)));
    let coalesced = Arc::new(Coalesced::<&str, ()>::on(work));
    let ask = |key, work: Box<dyn FnOnce() + Send>| {
        let coalesced = Arc::clone(&coalesced);
        tokio::spawn(async move { coalesced.get(key, work).await })
    };
    let first = ask("first", Box::new(wait));
    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let given_up = ask(
        "given up",
        Box::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        }),
    );
    tokio::task::yield_now().await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Some(()));
    // It has another key: a caller with the same key would wait if the thread has not yet come to it.
    assert_eq!(coalesced.get("another", || ()).await, Some(()));
    assert_eq!(begun.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn threads_that_work_get_no_additional_thread() {
    let coalesced = Arc::new(Coalesced::<usize, ()>::on(leaked(2)));
    let ask = |path| {
        let coalesced = Arc::clone(&coalesced);
        tokio::spawn(async move { coalesced.get(path, || thread::sleep(Duration::from_millis(2))).await })
    };
    let all: Vec<_> = (0..50).map(ask).collect();
    for one in all {
        assert_eq!(one.await.unwrap(), Some(()));
        assert!(coalesced.work.state().threads <= 2);
    }
}

#[test]
fn blocked_files_use_only_their_threads_and_names_are_still_resolved() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let (release, wait) = stuck();
        let coalesced = Arc::new(Coalesced::<usize, ()>::on(leaked(3)));
        let asked: Vec<_> = (0..40)
            .map(|path| {
                let (coalesced, wait) = (Arc::clone(&coalesced), wait.clone());
                tokio::spawn(async move { coalesced.get(path, wait).await })
            })
            .collect();
        tokio::task::yield_now().await;
        let found = tokio::time::timeout(Duration::from_secs(20), look_up("localhost", 1)).await;
        assert!(found.expect("threads are left for names").is_ok());
        drop(release);
        for one in asked {
            assert_eq!(one.await.unwrap(), Some(()));
        }
    });
}

#[tokio::test]
async fn callers_during_a_run_share_a_run_that_begins_later() {
    let (release, wait) = stuck();
    let (coalesced, rounds) = (Arc::new(Coalesced::<&str, usize>::on(leaked(1))), Arc::new(AtomicUsize::new(0)));
    let ask = || {
        let (coalesced, wait, rounds) = (Arc::clone(&coalesced), wait.clone(), Arc::clone(&rounds));
        let work = move || {
            wait();
            rounds.fetch_add(1, Ordering::SeqCst)
        };
        tokio::spawn(async move { coalesced.get("a", work).await })
    };
    let first = ask();
    tokio::task::yield_now().await;
    let others: Vec<_> = (0..30).map(|_| ask()).collect();
    tokio::task::yield_now().await;
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Some(0));
    // The thread wakes the others one after the other.
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(release);
    for other in others {
        assert_eq!(other.await.unwrap(), Some(1));
    }
    assert_eq!(rounds.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn work_that_panics_ends_its_run_and_blocks_no_thread() {
    let coalesced = Coalesced::<&str, ()>::on(leaked(1));
    assert_eq!(coalesced.get("a", || panic!("on purpose")).await, None);
    assert_eq!(coalesced.get("a", || ()).await, Some(()));
}

#[tokio::test]
async fn an_idle_thread_takes_the_next_job_and_ends_when_there_is_none() {
    let work: &BlockingWork = Box::leak(Box::new(BlockingWork::new(8, PATIENCE, Duration::from_secs(2))));
    let coalesced = Coalesced::<&str, thread::ThreadId>::on(work);
    let current = || thread::current().id();
    let first = coalesced.get("a", current).await;
    while work.state().idle == 0 {
        thread::yield_now();
    }
    assert_eq!(coalesced.get("a", current).await, first);
    while work.state().threads > 0 {
        thread::sleep(Duration::from_millis(10));
    }
    assert_ne!(coalesced.get("a", current).await, first);
}
