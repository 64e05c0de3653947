use super::*;
use std::{
    sync::{mpsc, Mutex},
    time::Duration,
};
use tokio::{runtime::Builder, time::timeout};

#[test]
fn slow_keys_do_not_delay_others() {
    let threads = MOST_AT_ONCE + 1;
    let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(threads).build().expect("a runtime");
    runtime.block_on(async {
        let (release, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let slow = || {
            let gate = Arc::clone(&gate);
            tokio::spawn(busy(move || gate.lock().is_ok_and(|gate| gate.recv().is_err())))
        };
        let keys: Vec<_> = (0..4 * threads).map(|_| slow()).collect();
        for _ in 0..threads {
            tokio::task::yield_now().await;
        }
        assert!(
            timeout(Duration::from_secs(20), crate::host::blocking(|| ())).await.is_ok_and(|done| done.is_ok()),
            "no thread is left"
        );
        drop(release);
        for key in keys {
            assert!(key.await.expect("it ends").expect("a turn"), "each has its turn");
        }
    });
}
