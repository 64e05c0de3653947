//! Work that blocks a thread: files, on disks that may never answer. A network drive or a mount that is gone keeps a
//! thread for ever; it must not be one of those that look up names or open keys.

use super::contained;
use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    io, mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tokio::sync::{oneshot, watch};

/// How many threads work with files at a time; work beyond that waits for one of them.
const MOST_THREADS: usize = 8;

/// Where none of the threads has taken work for that long, all of them are stuck, and one more is started for what waits.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many threads there are at the most, those that are stuck among them.
const MOST_STUCK: usize = 32;

static FILES: BlockingWork = BlockingWork::new(MOST_THREADS, PATIENCE);

type Job = Box<dyn FnOnce() + Send>;

/// Linux cuts names at 15 bytes.
const THREAD_NAME: &str = "azure-files";

/// Jobs that are done one after the other, on a few threads of their own: each ends when nothing is left to do.
pub(crate) struct BlockingWork {
    most: usize,
    patience: Duration,
    state: Mutex<State>,
    /// A job was taken.
    taken: Condvar,
}

struct State {
    threads: usize,
    waiting: VecDeque<Job>,
    /// How many jobs were taken.
    taken: u64,
    /// Whether a thread looks on.
    has_reserve: bool,
}

impl BlockingWork {
    const fn new(most: usize, patience: Duration) -> Self {
        let state = State { threads: 0, waiting: VecDeque::new(), taken: 0, has_reserve: false };
        Self { most, patience, state: Mutex::new(state), taken: Condvar::new() }
    }

    fn submit(&'static self, job: Job) {
        let mut state = self.state();
        state.waiting.push_back(job);
        if state.threads >= self.most {
            return self.ensure_reserve(state);
        }
        state.threads += 1;
        drop(state);
        if started(|| self.serve()).is_err() {
            self.give_up();
        }
    }

    fn serve(&'static self) {
        while let Some(job) = self.next() {
            // A job that panics has told its end when it is dropped.
            let _ = contained(|| {
                job();
                Ok(())
            });
        }
    }

    /// The next job. Where there is none, the thread does not count any more from this very moment.
    fn next(&'static self) -> Option<Job> {
        let mut state = self.state();
        let job = state.waiting.pop_front();
        state.threads -= usize::from(job.is_none());
        state.taken += u64::from(job.is_some());
        self.taken.notify_all();
        self.ensure_reserve(state);
        job
    }

    /// Where work waits, a further thread looks whether the others get on with it.
    fn ensure_reserve(&'static self, mut state: MutexGuard<'_, State>) {
        if state.has_reserve || state.waiting.is_empty() || state.threads >= MOST_STUCK {
            return;
        }
        state.has_reserve = true;
        drop(state);
        let stand_by = || {
            if self.are_stuck() {
                self.serve();
            }
        };
        if started(stand_by).is_err() {
            self.state().has_reserve = false;
        }
    }

    /// Whether work waits and no thread has taken any for as long as the patience lasts. Then the one that asks is one of them.
    fn are_stuck(&self) -> bool {
        let mut state = self.state();
        loop {
            let before = state.taken;
            let waited = self.taken.wait_timeout_while(state, self.patience, |state| state.taken == before);
            let (now, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            state = now;
            if waited.timed_out() || state.waiting.is_empty() {
                let are_stuck = !state.waiting.is_empty();
                state.has_reserve = false;
                state.threads += usize::from(are_stuck);
                return are_stuck;
            }
        }
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

fn started(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(THREAD_NAME.to_owned()).spawn(work).map(drop)
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
    key: Option<K>,
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
        let mut round = Round { key: Some(key), rounds: Arc::clone(&self.rounds) };
        self.work.submit(Box::new(move || {
            if round.is_given_up(&sender) {
                return;
            }
            let outcome = work();
            drop(round);
            sender.send_replace(Some(outcome));
        }));
        receiver
    }
}

impl<K: Hash + Eq, T> Round<K, T> {
    /// Whether all who waited have left before the work began: then no thread is to be stuck in it.
    fn is_given_up(&mut self, sender: &watch::Sender<Option<T>>) -> bool {
        let mut rounds = locked(&self.rounds);
        let only_here = sender.receiver_count() == 1;
        if let (true, Some(key)) = (only_here, &self.key) {
            rounds.remove(key);
            self.key = None;
        }
        only_here
    }
}

impl<K: Hash + Eq, T> Drop for Round<K, T> {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            locked(&self.rounds).remove(key);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
