//! Work that blocks a thread: files, on disks that may never answer. A network drive or a mount that is gone keeps a
//! thread for ever; it must not be one of those that look up names or open keys.

use super::contained;
use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};
use tokio::sync::{oneshot, watch};

/// How many threads work with files at a time; work beyond that waits for one of them.
const MOST_THREADS: usize = 8;

static FILES: BlockingWork = BlockingWork::new(MOST_THREADS);

type Job = Box<dyn FnOnce() + Send>;

/// Linux cuts names at 15 bytes.
const THREAD_NAME: &str = "azure-files";

/// Jobs that are done one after the other, on a few threads of their own: each ends when nothing is left to do.
pub(crate) struct BlockingWork {
    most: usize,
    state: Mutex<State>,
}

struct State {
    threads: usize,
    waiting: VecDeque<Job>,
}

impl BlockingWork {
    const fn new(most: usize) -> Self {
        Self { most, state: Mutex::new(State { threads: 0, waiting: VecDeque::new() }) }
    }

    fn submit(&'static self, job: Job) {
        let mut state = self.state();
        state.waiting.push_back(job);
        if state.threads >= self.most {
            return;
        }
        state.threads += 1;
        drop(state);
        let thread = thread::Builder::new().name(THREAD_NAME.to_owned());
        if thread.spawn(move || self.serve()).is_err() {
            self.give_up();
        }
    }

    fn serve(&self) {
        while let Some(job) = self.next() {
            // A job that panics has told its end when it is dropped.
            let _ = contained(|| {
                job();
                Ok(())
            });
        }
    }

    /// The next job. Where there is none, the thread does not count any more from this very moment.
    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        let job = state.waiting.pop_front();
        state.threads -= usize::from(job.is_none());
        job
    }

    /// No thread could be started. Where none is left either, the jobs that wait are dropped, which tells their ends.
    fn give_up(&self) {
        let mut state = self.state();
        state.threads -= 1;
        let forsaken = if state.threads == 0 { mem::take(&mut state.waiting) } else { VecDeque::new() };
        drop(state);
        drop(forsaken);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does the work on a thread for files; nothing where no thread could be started for it, or where it ended in a panic. The
/// caller makes sure that a disk which does not answer keeps one thread.
pub(crate) async fn on_file_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    FILES.submit(Box::new(move || {
        // Where the caller no longer waits, what the work gave is dropped here: a lock is released.
        drop(sender.send(work()));
    }));
    receiver.await.ok()
}

/// Work that is done once at a time for each key. Who asks while it is being done waits for it, and for another round of
/// it that begins after the question: what it found before that may be out of date. Those share that round.
pub(crate) struct Joined<K, T> {
    work: &'static BlockingWork,
    rounds: Arc<Mutex<HashMap<K, watch::Receiver<Option<T>>>>>,
}

/// Ends a round, also where its work panics or is never done.
struct Round<K: Hash + Eq, T> {
    key: K,
    rounds: Arc<Mutex<HashMap<K, watch::Receiver<Option<T>>>>>,
}

impl<K, T> Joined<K, T>
where
    K: Hash + Eq + Clone + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// On the threads for files.
    pub(crate) fn on_files() -> Self {
        Self::on(&FILES)
    }

    fn on(work: &'static BlockingWork) -> Self {
        Self { work, rounds: Arc::default() }
    }

    /// What comes of the work; nothing where no thread could be started for it, or where it ended in a panic.
    pub(crate) async fn get(&self, key: K, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let earlier = locked(&self.rounds).get(&key).cloned();
        if let Some(mut earlier) = earlier {
            let _ = earlier.wait_for(Option::is_some).await;
        }
        let mut round = self.round(key, work);
        let outcome = round.wait_for(Option::is_some).await.ok()?;
        outcome.clone()
    }

    /// The round that has begun since, or a new one.
    fn round(&self, key: K, work: impl FnOnce() -> T + Send + 'static) -> watch::Receiver<Option<T>> {
        let mut rounds = locked(&self.rounds);
        if let Some(begun) = rounds.get(&key) {
            return begun.clone();
        }
        let (sender, receiver) = watch::channel(None);
        rounds.insert(key.clone(), receiver.clone());
        drop(rounds);
        let round = Round { key, rounds: Arc::clone(&self.rounds) };
        self.work.submit(Box::new(move || {
            let outcome = work();
            drop(round);
            sender.send_replace(Some(outcome));
        }));
        receiver
    }
}

impl<K: Hash + Eq, T> Drop for Round<K, T> {
    fn drop(&mut self) {
        locked(&self.rounds).remove(&self.key);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{super::look_up, *};
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        time::Duration,
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
        Box::leak(Box::new(BlockingWork::new(most)))
    }

    #[test]
    fn files_that_are_stuck_take_no_more_than_their_threads_and_names_are_looked_up_all_the_same() {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let (release, wait) = stuck();
            let joined = Arc::new(Joined::<usize, ()>::on(leaked(3)));
            let asked: Vec<_> = (0..40)
                .map(|path| {
                    let (joined, wait) = (Arc::clone(&joined), wait.clone());
                    tokio::spawn(async move { joined.get(path, wait).await })
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
        let (joined, rounds) = (Arc::new(Joined::<&str, usize>::on(leaked(1))), Arc::new(AtomicUsize::new(0)));
        let ask = || {
            let (joined, wait, rounds) = (Arc::clone(&joined), wait.clone(), Arc::clone(&rounds));
            let work = move || {
                wait();
                rounds.fetch_add(1, Ordering::SeqCst)
            };
            tokio::spawn(async move { joined.get("a", work).await })
        };
        let first = ask();
        tokio::task::yield_now().await;
        let others: Vec<_> = (0..30).map(|_| ask()).collect();
        tokio::task::yield_now().await;
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Some(0));
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        drop(release);
        for other in others {
            assert_eq!(other.await.unwrap(), Some(1));
        }
        assert_eq!(rounds.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn work_that_panics_ends_its_round_and_keeps_no_thread() {
        let joined = Joined::<&str, ()>::on(leaked(1));
        assert_eq!(joined.get("a", || panic!("on purpose")).await, None);
        assert_eq!(joined.get("a", || ()).await, Some(()));
    }
}
