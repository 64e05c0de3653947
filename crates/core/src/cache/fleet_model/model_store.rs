use super::{
    super::random::Random,
    simulation::{Call, Simulation, CALL, PATIENCE},
};
use crate::host::{StoreFailure, StoreWrite, TokenStore};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    future::pending,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, MutexGuard,
    },
    time::Duration,
};
use tokio::time::{sleep, Instant};

/// The store that all processes share.
pub(super) struct ModelStore {
    simulation: Arc<Simulation>,
    state: Mutex<State>,
}

struct State {
    random: Random,
    mode: Mode,
    values: HashMap<String, (String, Instant)>,
    /// All values that the store ever had, in order.
    history: Vec<(String, String)>,
}

/// How the store behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Good,
    /// Answers slowly, within the time limit.
    Slow,
    /// Executes each command, and sends many answers too late.
    Late,
    Refuses,
    /// Sends no answer, and executes half of the commands.
    Hangs,
    /// Confirms every write, and loses half of them.
    Loses,
    /// Answers every read with any value that was ever stored, and grants every lease.
    Lies,
}

impl Mode {
    pub(super) const ALL: [Self; 6] = [Self::Slow, Self::Late, Self::Refuses, Self::Hangs, Self::Loses, Self::Lies];
}

/// What happens to one command.
#[derive(Clone, Copy)]
struct Fate {
    mode: Mode,
    there: Duration,
    back: Duration,
    is_lost: bool,
    /// The random number from which a wrong answer is made.
    lie: u64,
}

impl Fate {
    fn is_trouble(self) -> bool {
        let is_late = self.there + self.back + Duration::from_millis(5) >= PATIENCE;
        is_late || !matches!(self.mode, Mode::Good | Mode::Slow | Mode::Late)
    }
}

impl ModelStore {
    pub(super) fn new(simulation: &Arc<Simulation>, seed: u64) -> Self {
        let (random, mode) = (Random(seed), Mode::Good);
        let state = State { random, mode, values: HashMap::new(), history: Vec::new() };
        Self { simulation: Arc::clone(simulation), state: Mutex::new(state) }
    }

    pub(super) fn be(&self, mode: Mode) {
        self.simulation.record(|| format!("the store is {mode:?}"));
        self.state().mode = mode;
    }

    /// Deletes everything, like a store that is restarted.
    pub(super) fn forget(&self) {
        self.simulation.record(|| "the store forgets".to_owned());
        self.state().values.clear();
        self.simulation.forgotten();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    fn fate(&mut self) -> Fate {
        let Self { random, mode, .. } = self;
        let most = match mode {
            Mode::Slow => 200,
            Mode::Late => 1000,
            _ => 10,
        };
        let (there, back) = (random.millis(most), random.millis(most));
        Fate { mode: *mode, there, back, is_lost: random.one_in(2), lie: random.next() }
    }

    fn living(&self, key: &str) -> Option<&str> {
        self.values.get(key).filter(|(_, end)| *end > Instant::now()).map(|(value, _)| value.as_str())
    }

    fn read(&self, key: &str, fate: Fate) -> Option<String> {
        if fate.mode == Mode::Lies && !self.history.is_empty() {
            let place = usize::try_from(fate.lie % self.history.len() as u64).unwrap();
            return Some(self.history[place].1.clone());
        }
        self.living(key).map(str::to_owned)
    }

    fn write(&mut self, key: &str, value: &str, ttl: Duration) {
        self.history.push((key.to_owned(), value.to_owned()));
        self.values.insert(key.to_owned(), (value.to_owned(), Instant::now() + ttl));
    }
}

/// A process's connection to the store.
pub(super) struct Connection {
    process: u32,
    store: Arc<ModelStore>,
    is_cut: AtomicBool,
    trouble: Mutex<Option<Instant>>,
}

impl Connection {
    pub(super) fn new(process: u32, store: &Arc<ModelStore>) -> Arc<Self> {
        Arc::new(Self { process, store: Arc::clone(store), is_cut: AtomicBool::new(false), trouble: Mutex::new(None) })
    }

    /// Lets no further command through, because the process has ended.
    pub(super) fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::SeqCst)
    }

    /// When the store last failed this process.
    pub(super) fn trouble(&self) -> Option<Instant> {
        *self.trouble.lock().unwrap()
    }

    /// Runs the command to its end even if the process no longer waits for it, as a real client does.
    async fn send<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State, &Simulation, Fate) -> T + Send + 'static,
    ) -> Result<T, StoreFailure> {
        let fate = self.store.state().fate();
        if fate.is_trouble() {
            *self.trouble.lock().unwrap() = Some(Instant::now());
        }
        if self.is_cut() || fate.mode == Mode::Hangs && fate.is_lost {
            return pending().await;
        }
        if fate.mode == Mode::Refuses {
            return Err(StoreFailure);
        }
        let store = Arc::clone(&self.store);
        let done = tokio::spawn(async move {
            sleep(fate.there).await;
            let outcome = work(&mut store.state(), &store.simulation, fate);
            sleep(fate.back).await;
            outcome
        });
        let outcome = done.await.map_err(|_| StoreFailure);
        if fate.mode == Mode::Hangs {
            return pending().await;
        }
        outcome
    }
}

/// A handle of the model's own type, because the trait can only be implemented for a local type.
pub(super) struct Handle(pub(super) Arc<Connection>);

#[async_trait]
impl TokenStore for Handle {
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure> {
        let key = key.to_owned();
        self.0.send(move |state, _, fate| state.read(&key, fate)).await
    }

    async fn set(&self, key: &str, value: &str, write: StoreWrite) -> Result<bool, StoreFailure> {
        let (key, value) = (key.to_owned(), value.to_owned());
        let call = CALL.try_with(Call::clone).ok();
        self.0
            .send(move |state, simulation, fate| set(state, simulation, fate, call.as_ref(), (&key, &value), write))
            .await
    }

    async fn delete(&self, key: &str, value: &str) -> Result<(), StoreFailure> {
        let (key, value, process) = (key.to_owned(), value.to_owned(), self.0.process);
        let work = move |state: &mut State, simulation: &Simulation, _| {
            if state.living(&key) == Some(&value) {
                state.values.remove(&key);
                simulation.released(process, &value);
            }
        };
        self.0.send(work).await
    }

    async fn extend(&self, key: &str, value: &str, ttl: Duration) -> Result<(), StoreFailure> {
        let (key, value, process) = (key.to_owned(), value.to_owned(), self.0.process);
        let work = move |state: &mut State, simulation: &Simulation, _| {
            if state.living(&key) == Some(&value) {
                state.write(&key, &value, ttl);
                simulation.extended(process, &value, ttl);
            }
        };
        self.0.send(work).await
    }
}

fn set(
    state: &mut State,
    simulation: &Simulation,
    fate: Fate,
    call: Option<&Call>,
    (key, value): (&str, &str),
    write: StoreWrite,
) -> bool {
    if write.if_absent && state.living(key).is_some() {
        return fate.mode == Mode::Lies;
    }
    if fate.mode == Mode::Loses && fate.is_lost {
        return true;
    }
    state.write(key, value, write.ttl);
    if let Some(call) = call {
        match (write.if_absent, key.ends_with(":f")) {
            (true, _) => simulation.granted(call, value, write.ttl),
            (_, true) => simulation.noted(call),
            _ => simulation.written(call, write.ttl),
        }
    }
    true
}
