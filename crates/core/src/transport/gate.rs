use azure_core::http::Url;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

/// Requests to one host at a time, and so its connections. Enough to have an answer's way there and back filled with
/// others' work; a service that is asked for a thousand tokens at once does not see a thousand TLS handshakes.
pub(super) const LANES: usize = 48;

/// Hosts that nobody has a request to are forgotten when there are that many.
const MOST_IDLE: usize = 1024;

/// How often the runtime goes round before a request that has been answered counts as done.
const ROUNDS: usize = 4;

/// Lets a bounded number of requests through to each host, in the order in which they came. Who waits for one host
/// keeps nobody from another, and whoever gives up waiting is gone from the queue.
///
/// Each request has a lane of its own, with its own pool of connections: in a shared pool, one that is opened for a
/// request may come too late, because another one became free, and the number of connections would not be bounded.
#[derive(Debug, Default)]
pub(super) struct Gate(Mutex<HashMap<String, Arc<Host>>>);

#[derive(Debug)]
struct Host {
    free: Mutex<Vec<usize>>,
    turns: Arc<Semaphore>,
}

/// The right to have one request under way; to be kept until the answer has been read.
#[derive(Debug)]
pub(super) struct Pass {
    host: Arc<Host>,
    lane: usize,
    turn: Option<OwnedSemaphorePermit>,
}

impl Gate {
    pub(super) async fn enter(&self, url: &Url) -> Pass {
        let host = self.host(url);
        // The semaphore is never closed, so that everybody has a turn.
        let turn = Arc::clone(&host.turns).acquire_owned().await.ok();
        let lane = host.free().pop().unwrap_or_default();
        Pass { host, lane, turn }
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MOST_IDLE {
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        Arc::clone(hosts.entry(url.origin().ascii_serialization()).or_default())
    }
}

impl Default for Host {
    fn default() -> Self {
        Self { free: Mutex::new((0..LANES).rev().collect()), turns: Arc::new(Semaphore::new(LANES)) }
    }
}

impl Host {
    fn free(&self) -> MutexGuard<'_, Vec<usize>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    pub(super) fn lane(&self) -> usize {
        self.lane
    }
}

impl Drop for Pass {
    /// The connection is back in its pool only when hyper's own tasks have seen the end of the answer: whoever were
    /// let through before would open another one. The lane that was used last is taken first: it is the warmest.
    fn drop(&mut self) {
        let (host, lane, turn) = (Arc::clone(&self.host), self.lane, self.turn.take());
        let leave = move || {
            host.free().push(lane);
            drop(turn);
        };
        let Ok(runtime) = Handle::try_current() else { return leave() };
        runtime.spawn(async move {
            for _ in 0..ROUNDS {
                tokio::task::yield_now().await;
            }
            leave();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashSet, time::Duration};
    use tokio::time::{timeout, Instant};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    async fn is_let_through(gate: &Gate, host: &str) -> Option<Pass> {
        timeout(Duration::from_secs(1), gate.enter(&url(host))).await.ok()
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_are_let_through_and_the_next_when_one_is_done() {
        let gate = Gate::default();
        let mut passes = Vec::new();
        for _ in 0..LANES {
            passes.push(is_let_through(&gate, "https://a/x").await.unwrap());
        }
        let lanes: HashSet<_> = passes.iter().map(Pass::lane).collect();
        assert_eq!(lanes.len(), LANES, "two share a lane");
        assert!(is_let_through(&gate, "https://a/y").await.is_none());
        let freed = passes.swap_remove(7).lane();
        assert_eq!(is_let_through(&gate, "https://a/z").await.map(|pass| pass.lane()), Some(freed));
    }

    #[tokio::test]
    async fn one_after_the_other_takes_the_same_lane() {
        let gate = Gate::default();
        for _ in 0..3 {
            assert_eq!(gate.enter(&url("https://a/")).await.lane(), 0);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_do_not_wait_for_each_other() {
        let gate = Gate::default();
        let mut passes = Vec::new();
        for _ in 0..LANES {
            passes.push(gate.enter(&url("https://a/")).await);
        }
        let start = Instant::now();
        for other in ["https://b/", "https://a:8443/", "http://a/"] {
            passes.push(gate.enter(&url(other)).await);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_leaves_the_queue() {
        let gate = Arc::new(Gate::default());
        let mut passes = Vec::new();
        for _ in 0..LANES {
            passes.push(gate.enter(&url("https://a/")).await);
        }
        let waiting = Arc::clone(&gate);
        let impatient = tokio::spawn(async move { waiting.enter(&url("https://a/")).await });
        tokio::task::yield_now().await;
        impatient.abort();
        passes.pop();
        assert!(is_let_through(&gate, "https://a/").await.is_some());
    }
}
