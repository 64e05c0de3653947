use super::Progress;
use crate::types::{Error, Phase, Secret};
use std::{fmt, future::Future, pin::Pin, sync::Arc};

type Answer = Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send>>;

/// The program's own function `getAssertion()`.
#[derive(Clone)]
pub struct AssertionCallback {
    /// Identifies this callback in the process: no other credential shares the tokens that it leads to.
    id: u64,
    /// Identifies it among processes that share tokens.
    cache_key: Option<String>,
    call: Arc<dyn Fn() -> Answer + Send + Sync>,
}

impl AssertionCallback {
    /// A callback; `id` must be unique in the process.
    pub fn new(id: u64, call: impl Fn() -> Answer + Send + Sync + 'static) -> Self {
        Self { id, cache_key: None, call: Arc::new(call) }
    }

    /// Returns its number in the process.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Returns the callback with a name by which other processes know it.
    pub fn with_cache_key(self, key: Option<String>) -> Self {
        Self { cache_key: key, ..self }
    }

    /// Returns that name.
    pub fn cache_key(&self) -> Option<&str> {
        self.cache_key.as_deref()
    }

    /// Asks for an assertion.
    ///
    /// # Errors
    /// The error of the program's function.
    pub async fn assertion(&self) -> Result<Secret, Error> {
        Progress::enter(Phase::Assertion);
        let answer = (self.call)().await;
        Progress::enter(Phase::Prepare);
        answer
    }
}

impl fmt::Debug for AssertionCallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AssertionCallback({})", self.id)
    }
}
