use crate::host::{StoreFailure, StoreWrite, TokenStore};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::{sleep, Instant};

/// A store in memory for tests, which several processes of a test share.
#[derive(Clone, Default)]
pub(crate) struct FakeStore(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    values: HashMap<String, (String, Instant)>,
    commands: Vec<String>,
    behavior: Behavior,
}

/// How the store behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Behavior {
    /// Executes every command.
    #[default]
    Good,
    /// Refuses every command.
    Refuses,
    /// Never answers.
    Hangs,
    /// Confirms every write, and keeps nothing.
    Loses,
    /// Executes each command, and answers after this time.
    Late(Duration),
    /// Returns a wrong value for every key.
    Lies,
}

impl FakeStore {
    pub(super) fn behave(&self, behavior: Behavior) {
        self.state().behavior = behavior;
    }

    /// Returns the commands that it received; each key is replaced by its last letters.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.state().commands.clone()
    }

    /// Returns all its values.
    pub(crate) fn values(&self) -> Vec<(String, String)> {
        self.state().values.iter().map(|(key, (value, _))| (key.clone(), value.clone())).collect()
    }

    /// Stores a value for an hour.
    pub(super) fn put(&self, key: &str, value: &str) {
        let end = Instant::now() + Duration::from_secs(3600);
        self.state().values.insert(key.to_owned(), (value.to_owned(), end));
    }

    pub(super) fn forget(&self) {
        self.state().values.clear();
    }

    async fn done<T>(&self, name: &str, key: &str, work: impl FnOnce(&mut State) -> T) -> Result<T, StoreFailure> {
        let behavior = {
            let mut state = self.state();
            let part = key.rsplit_once(':').map_or("", |(_, part)| part);
            state.commands.push(format!("{name} {}", if part.len() == 1 { part } else { "t" }));
            state.behavior
        };
        if behavior == Behavior::Hangs {
            return std::future::pending().await;
        }
        if behavior == Behavior::Refuses {
            return Err(StoreFailure);
        }
        let outcome = work(&mut self.state());
        if let Behavior::Late(delay) = behavior {
            sleep(delay).await;
        }
        Ok(outcome)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn living(&self, key: &str) -> Option<&String> {
        self.values.get(key).filter(|(_, end)| *end > Instant::now()).map(|(value, _)| value)
    }
}

#[async_trait]
impl TokenStore for FakeStore {
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure> {
        self.done("get", key, |state| match state.behavior {
            Behavior::Lies => state.values.values().next().map(|(value, _)| value.clone()),
            _ => state.living(key).cloned(),
        })
        .await
    }

    async fn set(&self, key: &str, value: &str, write: StoreWrite) -> Result<bool, StoreFailure> {
        self.done("set", key, |state| {
            if write.if_absent && state.living(key).is_some() {
                return false;
            }
            if state.behavior != Behavior::Loses {
                state.values.insert(key.to_owned(), (value.to_owned(), Instant::now() + write.ttl));
            }
            true
        })
        .await
    }

    async fn delete(&self, key: &str, value: &str) -> Result<(), StoreFailure> {
        self.done("delete", key, |state| {
            if state.living(key).is_some_and(|kept| kept == value) {
                state.values.remove(key);
            }
        })
        .await
    }

    async fn extend(&self, key: &str, value: &str, ttl: Duration) -> Result<(), StoreFailure> {
        self.done("extend", key, |state| {
            if state.living(key).is_some_and(|kept| kept == value) {
                state.values.insert(key.to_owned(), (value.to_owned(), Instant::now() + ttl));
            }
        })
        .await
    }
}
