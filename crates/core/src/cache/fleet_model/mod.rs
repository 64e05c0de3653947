//! The cache and its shared store against a model: seeded random schedules of several processes, each with a clock of its own,
//! over one store. Processes end in the middle of their work; the store does not answer, answers late or wrongly, and loses entries. What must
//! hold in each of them: no token under another name, none that has expired, none from before the cache was cleared, no call
//! lost, and no process asks the service without the lease, or though the store has a token or the service has asked not to be called.
//!
//! No state-machine library: proptest-state-machine 0.9 (MIT or Apache-2.0) runs one transition after the other
//! against a reference that predicts each outcome. Here many calls are under way at once, and the properties are those of all of
//! them together. It would save the thirty lines of `Random`, for 27 more crates; a seed repeats a schedule without it, with its log.

mod model_store;
mod process;
mod simulation;

use self::{
    model_store::{Mode, ModelStore},
    process::{Process, Wish},
    simulation::{Rules, Simulation},
};
use super::random::Random;
use crate::transport::seed_random_numbers;
use std::{sync::Arc, time::Duration};

/// As many schedules as fit into a test run. Each is a different sequence of [`STEPS`] steps.
const SCHEDULES: u64 = 10_000;
const STEPS: u32 = 16;
const PROCESSES: u32 = 3;
const NAMES: u64 = 2;
const HOUR: u64 = 60 * 60 * 1000;
const MINUTE: u64 = 60 * 1000;

struct Schedule {
    random: Random,
    simulation: Arc<Simulation>,
    store: Arc<ModelStore>,
    processes: Vec<Process>,
    born: u32,
}

impl Schedule {
    fn new(seed: u64, keeps_log: bool) -> Self {
        let mut random = Random(seed);
        let rules =
            Rules { is_healthy: random.one_in(2), skew: random.one_of(&[0, 0, 2 * MINUTE]), is_wild: random.one_in(6) };
        let simulation = Arc::new(Simulation::new(rules, random.next(), keeps_log));
        let store = Arc::new(ModelStore::new(&simulation, random.next()));
        let mut schedule = Self { random, simulation, store, processes: Vec::new(), born: 0 };
        schedule.processes = (0..PROCESSES).map(|_| schedule.born()).collect();
        schedule
    }

    fn born(&mut self) -> Process {
        self.born += 1;
        let process = Process::new(self.born, &self.simulation, &self.store);
        process.set_the_clock(self.off());
        process
    }

    fn off(&mut self) -> i64 {
        let Rules { skew, is_wild, .. } = self.simulation.rules;
        self.random.off_by(if is_wild { 5 * HOUR } else { skew })
    }

    async fn run(mut self) {
        for _ in 0..STEPS {
            self.step().await;
        }
        for process in std::mem::take(&mut self.processes) {
            process.ends().await;
        }
    }

    async fn step(&mut self) {
        match self.random.below(24) {
            0..=9 => self.call(),
            10 => self.burst(),
            11..=13 => self.change_the_store(),
            14 => self.die(),
            15 => self.of_one(|process, random| process.abort(random.next())),
            16 => self.set_a_clock(),
            17 if self.random.one_in(2) => self.of_one(|process, _| process.clear()),
            18 => self.sleep(2 * HOUR).await,
            19 => self.sleep(MINUTE).await,
            20 => self.sleep(15_000).await,
            _ => self.sleep(1500).await,
        }
    }

    fn of_one<T>(&mut self, work: impl FnOnce(&mut Process, &mut Random) -> T) -> T {
        let place = usize::try_from(self.random.below(u64::from(PROCESSES))).unwrap();
        work(&mut self.processes[place], &mut self.random)
    }

    fn call(&mut self) {
        let wish = self.wish();
        self.of_one(|process, _| process.call(&wish));
    }

    /// Several calls at the same time, as from processes that start together.
    fn burst(&mut self) {
        let wish = self.wish();
        self.processes.iter_mut().for_each(|process| process.call(&wish));
    }

    fn wish(&mut self) -> Wish {
        let times = [1000, 5000, 20_000, 60_000, 90_000];
        let most = self.random.one_of(&times);
        Wish {
            name: self.random.below(NAMES),
            time: Duration::from_millis(100) + self.random.millis(most),
            force_refresh: self.random.one_in(6),
        }
    }

    fn change_the_store(&mut self) {
        let mode = self.random.one_of(&Mode::ALL);
        self.store.be(if self.random.one_in(2) { Mode::Good } else { mode });
        if self.random.one_in(6) {
            self.store.forget();
        }
    }

    /// Ends a process and starts another one in its place.
    fn die(&mut self) {
        let next = self.born();
        self.of_one(|process, _| std::mem::replace(process, next)).die();
    }

    /// Sets a clock. If it jumps by hours while a token is on its way, the token looks like an old one.
    fn set_a_clock(&mut self) {
        if self.simulation.rules.is_wild {
            return;
        }
        let off = self.off();
        self.of_one(|process, _| process.set_the_clock(off));
    }

    async fn sleep(&mut self, most: u64) {
        let time = self.random.millis(most);
        self.simulation.record(|| format!("{time:?} go by"));
        tokio::time::sleep(time).await;
    }
}

/// Runs a schedule and returns its log if a promise is broken; the log has entries only if `keeps_log`.
fn broken_by(seed: u64, keeps_log: bool) -> Option<String> {
    seed_random_numbers(seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let schedule = Schedule::new(seed, keeps_log);
        let simulation = Arc::clone(&schedule.simulation);
        schedule.run().await;
        simulation.broken()
    })
}

#[test]
fn every_schedule_of_processes_keeps_the_promises() {
    for seed in 0..SCHEDULES {
        let log = || broken_by(seed, true).unwrap_or_default();
        assert!(broken_by(seed, false).is_none(), "schedule {seed} breaks a promise:\n{}", log());
    }
}
