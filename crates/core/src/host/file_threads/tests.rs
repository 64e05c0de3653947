use super::{super::look_up, *};
use std::sync::{
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

/// A disk that does not answer before it is told to: what it is told by, and the work that waits for it.
fn stuck() -> (mpsc::Sender<()>, impl Fn() + Clone + Send + 'static) {
    let (release, gate) = mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    (release, move || {
        let _ = locked(&gate).recv();
    })
}

fn leaked(most: usize) -> &'static BlockingWork {
    Box::leak(Box::new(BlockingWork::new(most, PATIENCE)))
}

#[tokio::test]
async fn threads_that_are_all_stuck_keep_no_other_work_and_are_bounded() {
    let work: &BlockingWork = Box::leak(Box::new(BlockingWork::new(3, Duration::from_millis(5))));
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
async fn work_that_no_caller_waits_for_any_more_is_not_begun() {
    let (release, wait) = stuck();
    // With so much patience, no further thread takes the work on a machine that halts this one for a second.
    let work: &BlockingWork = Box::leak(Box::new(BlockingWork::new(1, Duration::from_secs(60))));
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
    // Of another key: who asks for the same one before the thread has come to it would be a caller that waits.
    assert_eq!(coalesced.get("another", || ()).await, Some(()));
    assert_eq!(begun.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn threads_that_get_on_with_their_work_get_no_help() {
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
fn files_that_are_stuck_take_no_more_than_their_threads_and_names_are_looked_up_all_the_same() {
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
async fn who_asks_meanwhile_shares_a_round_that_begins_after_the_question() {
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
async fn work_that_panics_ends_its_round_and_keeps_no_thread() {
    let coalesced = Coalesced::<&str, ()>::on(leaked(1));
    assert_eq!(coalesced.get("a", || panic!("on purpose")).await, None);
    assert_eq!(coalesced.get("a", || ()).await, Some(()));
}
