//! Waits for other processes of this machine and for its disks. If the machine is so busy that each process gets a
//! hundredth of a processor, the others need a hundred times as long. So a wait is counted in turns: a turn that ends late,
//! because this process got no processor either, counts as if it had ended in time.

use std::{future::Future, pin::pin, time::Duration};
use tokio::time::timeout;

/// On an idle machine a turn is late by less than a thousandth of this.
const TURN: Duration = Duration::from_millis(50);

/// Returns the outcome of the work, or nothing if it is not done within that time.
pub(crate) async fn patiently<T>(patience: Duration, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut left) = (pin!(work), patience);
    while !left.is_zero() {
        let turn = left.min(TURN);
        if let Ok(outcome) = timeout(turn, work.as_mut()).await {
            return Some(outcome);
        }
        left -= turn;
    }
    None
}

/// Returns how much of the time since an earlier look counts: the process may have got no processor for the rest.
pub(crate) fn counted(since: Duration) -> Duration {
    since.min(TURN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::pending, thread};
    use tokio::time::sleep;

    #[tokio::test(start_paused = true)]
    async fn a_wait_takes_its_time_on_a_machine_that_is_not_busy() {
        let start = tokio::time::Instant::now();
        assert_eq!(patiently(Duration::from_millis(220), pending::<()>()).await, None);
        assert_eq!(start.elapsed(), Duration::from_millis(220));
        assert_eq!(patiently(Duration::from_secs(1), sleep(Duration::from_millis(990))).await, Some(()));
    }

    #[tokio::test]
    async fn the_time_in_which_this_process_gets_no_processor_does_not_count() {
        let busy = tokio::spawn(async {
            for _ in 0..6 {
                thread::sleep(Duration::from_millis(150));
                tokio::task::yield_now().await;
            }
        });
        let outcome = patiently(Duration::from_millis(300), sleep(Duration::from_millis(500))).await;
        assert_eq!(outcome, Some(()));
        busy.await.unwrap();
    }
}
