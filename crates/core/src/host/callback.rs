use super::Progress;
use crate::types::{Error, Phase, Secret};
use std::{fmt, future::Future, pin::Pin, sync::Arc};

type Answer = Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send>>;

/// Calls the program's own `getAssertion()`.
#[derive(Clone)]
pub struct AssertionCallback {
    /// Tells this callback from every other one of the process: tokens got with it are shared with no other credential.
    id: u64,
    /// Distinguishes it from other ones where processes share tokens.
    cache_key: Option<String>,
    call: Arc<dyn Fn() -> Answer + Send + Sync>,
}

impl AssertionCallback {
    /// A callback; `id` must be unique in the process.
    pub fn new(id: u64, call: impl Fn() -> Answer + Send + Sync + 'static) -> Self {
        Self { id, cache_key: None, call: Arc::new(call) }
    }

    /// Distinguishes it from every other one.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The same under a name by which other processes know it as well.
    pub fn with_cache_key(self, key: Option<String>) -> Self {
        Self { cache_key: key, ..self }
    }

    /// That name.
    pub fn cache_key(&self) -> Option<&str> {
        self.cache_key.as_deref()
    }

    /// Asks for an assertion.
    ///
    /// # Errors
    /// What the program's own function failed with.
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
