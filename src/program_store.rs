//! The program's own store of tokens. It runs on its JavaScript thread, and the runtime's thread waits for it.

use crate::pending::{Pending, Question};
use async_trait::async_trait;
use azure_client_token_core::{Secret, SharedStoreOption, StoreFailure, StoreWrite, TokenStore, TokenStoreHandle};
use napi::{
    bindgen_prelude::FnArgs,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
    Status,
};
use napi_derive::napi;
use std::{sync::Arc, time::Duration};

/// The number of the call, the command, its key, its value, and the time to live in milliseconds.
type Command = FnArgs<(u32, String, String, String, f64)>;

/// Calls the program's store. Weak: an unused store does not keep the process alive.
pub type AskStore = ThreadsafeFunction<Command, (), Command, Status, false, true>;

/// A store that processes share, and its options.
#[napi(object, object_to_js = false)]
pub struct NativeSharedStore {
    /// Calls the store; `settleStore` returns the answer.
    #[napi(ts_type = "(call: number, command: string, key: string, value: string, ttl: number) => void")]
    pub ask: AskStore,
    /// The ids of the keys.
    pub ids: Vec<String>,
    /// The keys in base64, in the order of the ids.
    pub keys: Vec<String>,
    /// The prefix of all names in the store.
    pub prefix: Option<String>,
    /// The time limit of a command, in milliseconds.
    pub patience: Option<f64>,
    /// How long others wait for the holder of the lease, in milliseconds.
    pub lease: Option<f64>,
}

impl From<NativeSharedStore> for SharedStoreOption {
    fn from(given: NativeSharedStore) -> Self {
        let keys = given.keys.into_iter().map(Secret::new);
        Self {
            store: TokenStoreHandle::new(ProgramsStore(Arc::new(given.ask))),
            keys: given.ids.into_iter().zip(keys).collect(),
            prefix: given.prefix,
            patience: given.patience.map(milliseconds),
            lease: given.lease.map(milliseconds),
        }
    }
}

fn milliseconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number / 1000.0).unwrap_or_default()
}

/// A text or nothing; `true` and `false` are texts as well.
type Answer = Result<Option<String>, StoreFailure>;

static PENDING: Pending<Answer> = Pending::new();

/// Answers a command of the store.
#[napi(catch_unwind)]
pub fn settle_store(call: u32, is_done: bool, value: Option<String>) {
    let Some(waiting) = PENDING.take(call) else { return };
    let _ = waiting.send(if is_done { Ok(value) } else { Err(StoreFailure) });
}

struct ProgramsStore(Arc<AskStore>);

impl ProgramsStore {
    async fn ask(&self, command: &str, key: &str, value: &str, ttl: Duration) -> Answer {
        let (question, answer) = PENDING.begin();
        let asking = Asking { question, ask: Arc::clone(&self.0) };
        asking.send(command, key, value, ttl)?;
        answer.await.unwrap_or(Err(StoreFailure))
    }
}

#[async_trait]
impl TokenStore for ProgramsStore {
    async fn get(&self, key: &str) -> Answer {
        self.ask("get", key, "", Duration::ZERO).await
    }

    async fn set(&self, key: &str, value: &str, write: StoreWrite) -> Result<bool, StoreFailure> {
        let command = if write.if_absent { "setIfAbsent" } else { "set" };
        let answer = self.ask(command, key, value, write.ttl).await?;
        Ok(answer.as_deref() == Some("true"))
    }

    async fn delete(&self, key: &str, value: &str) -> Result<(), StoreFailure> {
        self.ask("delete", key, value, Duration::ZERO).await.map(drop)
    }

    async fn extend(&self, key: &str, value: &str, ttl: Duration) -> Result<(), StoreFailure> {
        self.ask("extend", key, value, ttl).await.map(drop)
    }
}

/// A call that is reported to JavaScript again if the caller no longer waits for it.
struct Asking {
    question: Question<Answer>,
    ask: Arc<AskStore>,
}

impl Asking {
    fn send(&self, command: &str, key: &str, value: &str, ttl: Duration) -> Result<(), StoreFailure> {
        #[expect(clippy::cast_precision_loss, reason = "no time to live is that long")]
        let ttl = ttl.as_millis() as f64;
        let command = (self.question.number, command.to_owned(), key.to_owned(), value.to_owned(), ttl);
        let status = self.ask.call(command.into(), ThreadsafeFunctionCallMode::NonBlocking);
        if status == Status::Ok {
            Ok(())
        } else {
            Err(StoreFailure)
        }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if self.question.end() {
            let _ = self.send("abort", "", "", Duration::ZERO);
        }
    }
}
