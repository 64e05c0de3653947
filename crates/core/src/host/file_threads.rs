//! The threads for work with files. A disk may never answer: a lost network drive or mount blocks a thread for ever. So
//! these threads are separate from those that resolve names and read keys.

use super::{contained, start_thread, STACK_SIZE};
use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    io, mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{oneshot, watch};

/// The number of threads that work with files at a time. Further work waits for one of them.
const MOST_THREADS: usize = 8;

/// If no thread has taken new work for this long, all of them are blocked, and one more is started for the waiting work.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a thread waits for its next job. A caller that opens a folder reads a file in it soon after, and starting a
/// thread takes longer than reading a small file.
const LINGER: Duration = Duration::from_millis(20);

/// The largest number of threads, blocked ones included.
const MOST_STUCK: usize = 32;

static FILES: BlockingWork = BlockingWork::new(MOST_THREADS, PATIENCE, LINGER);

type Job = Box<dyn FnOnce() + Send>;

/// Linux shortens names to 15 bytes.
const THREAD_NAME: &str = "azure-files";

/// Runs jobs in order, on its own small number of threads. A thread ends after a short time without a job.
pub(crate) struct BlockingWork {
    most: usize,
    patience: Duration,
    linger: Duration,
    state: Mutex<State>,
    /// Notified when a job is taken.
    taken: Condvar,
    /// Notified when a job is submitted that an idle thread can take.
    submitted: Condvar,
}

struct State {
    threads: usize,
    /// The threads that wait for a job.
    idle: usize,
    waiting: VecDeque<Job>,
    /// The number of jobs taken.
    taken: u64,
    /// Whether a thread waits to replace blocked ones.
    has_reserve: bool,
}

impl BlockingWork {
    const fn new(most: usize, patience: Duration, linger: Duration) -> Self {
        let state = State { threads: 0, idle: 0, waiting: VecDeque::new(), taken: 0, has_reserve: false };
        Self { most, patience, linger, state: Mutex::new(state), taken: Condvar::new(), submitted: Condvar::new() }
    }

    fn submit(&'static self, job: Job) {
        let mut state = self.state();
        state.waiting.push_back(job);
        if state.idle >= state.waiting.len() {
            return self.submitted.notify_one();
        }
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
            // A panicking job is dropped, which its caller notices.
            let _ = contained(|| {
                job();
                Ok(())
            });
        }
    }

    /// Returns the next job. If there is none, the thread no longer counts.
    fn next(&'static self) -> Option<Job> {
        let mut state = self.lingered(self.state());
        let job = state.waiting.pop_front();
        state.threads -= usize::from(job.is_none());
        state.taken += u64::from(job.is_some());
        self.taken.notify_all();
        self.ensure_reserve(state);
        job
    }

    /// Returns the state when a job waits or the time to linger is over.
    fn lingered<'a>(&self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        if state.waiting.is_empty() {
            state.idle += 1;
            let waited = self.submitted.wait_timeout_while(state, self.linger, |state| state.waiting.is_empty());
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
        state
    }

    /// If work waits, starts a thread that checks whether the others are blocked.
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

    /// Whether work waits and no thread has taken any for `patience`. Then the calling thread is counted as a worker.
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

    /// No thread could be started. If no other thread is left, the waiting jobs are dropped, which their callers
    /// notice.
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
    start_thread(THREAD_NAME, STACK_SIZE, work)
}

/// Runs the work on a thread for files. Returns nothing if no thread could be started, or if the work panicked. The
/// caller ensures that a disk which does not answer blocks only one thread.
pub(crate) async fn on_file_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    FILES.submit(Box::new(move || {
        // If the caller no longer waits, the result is dropped here, which releases a lock.
        drop(sender.send(work()));
    }));
    receiver.await.ok()
}

/// Work that is done once at a time for each key. A caller that comes while it is being done waits for it to end and then
/// for a second run, which all such callers share: the first run may have read the file before they asked.
pub(crate) struct Coalesced<K, T> {
    work: &'static BlockingWork,
    runs: Arc<Mutex<HashMap<K, watch::Receiver<Option<T>>>>>,
}

/// Ends a run, even if its work panics or is never done.
struct Run<K: Hash + Eq, T> {
    key: Option<K>,
    runs: Arc<Mutex<HashMap<K, watch::Receiver<Option<T>>>>>,
}

impl<K, T> Coalesced<K, T>
where
    K: Hash + Eq + Clone + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Runs on the threads for files.
    pub(crate) fn on_files() -> Self {
        Self::on(&FILES)
    }

    fn on(work: &'static BlockingWork) -> Self {
        Self { work, runs: Arc::default() }
    }

    /// The result of the work; `None` if no thread could be started, or the work panicked.
    pub(crate) async fn get(&self, key: K, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let earlier = locked(&self.runs).get(&key).cloned();
        if let Some(mut earlier) = earlier {
            let _ = earlier.wait_for(Option::is_some).await;
        }
        let mut run = self.join_or_start(key, work);
        let outcome = run.wait_for(Option::is_some).await.ok()?;
        outcome.clone()
    }

    /// The run that has begun since, or a new one.
    fn join_or_start(&self, key: K, work: impl FnOnce() -> T + Send + 'static) -> watch::Receiver<Option<T>> {
        let mut runs = locked(&self.runs);
        if let Some(begun) = runs.get(&key) {
            return begun.clone();
        }
        let (sender, receiver) = watch::channel(None);
        runs.insert(key.clone(), receiver.clone());
        drop(runs);
        let mut run = Run { key: Some(key), runs: Arc::clone(&self.runs) };
        self.work.submit(Box::new(move || {
            if run.is_given_up(&sender) {
                return;
            }
            let outcome = work();
            drop(run);
            sender.send_replace(Some(outcome));
        }));
        receiver
    }
}

impl<K: Hash + Eq, T> Run<K, T> {
    /// Whether every waiting caller was cancelled before the work began: then it is skipped, so that it blocks no thread.
    fn is_given_up(&mut self, sender: &watch::Sender<Option<T>>) -> bool {
        let mut runs = locked(&self.runs);
        let only_here = sender.receiver_count() == 1;
        if let (true, Some(key)) = (only_here, &self.key) {
            runs.remove(key);
            self.key = None;
        }
        only_here
    }
}

impl<K: Hash + Eq, T> Drop for Run<K, T> {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            locked(&self.runs).remove(key);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
