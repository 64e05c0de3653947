//! The state of the process: the service, and the thread on which it works.

use azure_client_token_core::{
    config::keys,
    host::{defect, ensure_randomness, hide_panic_messages, no_thread, start_thread, without_a_report, STACK_SIZE},
    Error, Resource, Service,
};
use napi_derive::napi;
use std::{
    io,
    sync::{
        mpsc::{sync_channel, SyncSender},
        Mutex, Once, OnceLock, PoisonError,
    },
};
use tokio::runtime::{Builder, Handle, Runtime};

/// Linux shortens longer names to 15 bytes.
const THREAD_NAME: &str = "azure-token";

/// Name look-ups, files and keys use the blocking pool, and a resolver that does not answer may occupy some of its
/// threads for a long time; tokio's own limit is 512 threads. Tokio starts them when it needs them and ends them when
/// they are idle.
const BLOCKING_THREADS: usize = 32;

pub(crate) struct Process {
    pub(crate) service: Service,
    pub(crate) runtime: Handle,
}

/// Runs before anything can panic.
fn before_all() {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        hide_panic_messages();
        #[cfg(windows)]
        crate::dpapi::protect_keys();
    });
}

static PROCESS: OnceLock<Process> = OnceLock::new();

/// Locked while the thread starts, so that two threads of JavaScript do not start two.
static STARTING: Mutex<()> = Mutex::new(());

/// Returns the process's service and runtime. The first call starts the thread; loading the addon does not. A failed
/// start is not remembered: the resource that the machine lacked may be available for the next call.
pub(crate) fn process() -> Result<&'static Process, Error> {
    if let Some(process) = PROCESS.get() {
        return Ok(process);
    }
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    match PROCESS.get() {
        Some(process) => Ok(process),
        None => start().map(|process| PROCESS.get_or_init(|| process)),
    }
}

/// Returns the same if a call has been made: clearing an empty cache starts no thread.
pub(crate) fn started() -> Option<&'static Process> {
    PROCESS.get()
}

fn start() -> Result<Process, Error> {
    ensure_randomness()?;
    let (sender, runtime) = sync_channel(1);
    // Never joined: the thread ends with the process, or with `process.exit`.
    start_thread(THREAD_NAME, STACK_SIZE, move || serve(&sender)).map_err(|error| no_thread(&error))?;
    let runtime = runtime.recv().unwrap_or_else(|_| Err(defect()))?;
    Ok(Process { service: Service::new(), runtime })
}

/// Builds the runtime and drives everything that is spawned on it, without end. Where there are no random numbers,
/// tokio panics, and again when the runtime is dropped.
fn serve(started: &SyncSender<Result<Handle, Error>>) {
    match ensure_randomness().and_then(|()| built()) {
        Ok(runtime) => {
            let _ = started.send(Ok(runtime.handle().clone()));
            runtime.block_on(std::future::pending::<()>());
        }
        Err(error) => drop(started.send(Err(error))),
    }
}

/// If no descriptor is left for the part of tokio that listens to signals, which `azure_identity` includes, tokio
/// panics; in the other cases it returns an error.
fn built() -> Result<Runtime, Error> {
    let mut builder = Builder::new_current_thread();
    builder.enable_io().enable_time().max_blocking_threads(BLOCKING_THREADS).thread_stack_size(STACK_SIZE);
    let no_descriptor = || Err(not_started(&io::ErrorKind::WouldBlock.into()));
    without_a_report(move || builder.build())
        .map_or_else(no_descriptor, |built| built.map_err(|error| not_started(&error)))
}

/// Only a shortage prevents the start of the runtime: of descriptors, unless the error names another resource.
fn not_started(error: &io::Error) -> Error {
    let resource = Resource::of(error).unwrap_or(Resource::Descriptors);
    resource.lacking("the runtime that asks for tokens could not be started", error)
}

/// Returns the version of the package that the addon was built for; JavaScript refuses an addon of another version.
/// Each thread of JavaScript calls it first. Napi keeps the arguments of other functions in a hash map, which could
/// never be used again if its creation had failed.
#[napi(catch_unwind)]
pub fn package_version() -> napi::Result<&'static str> {
    before_all();
    match ensure_randomness() {
        Ok(()) => Ok(env!("CARGO_PKG_VERSION")),
        Err(error) => Err(napi::Error::from_reason(error.message())),
    }
}

/// Returns the names of the environment variables that the core reads: a snapshot must contain them.
#[napi(catch_unwind)]
pub fn environment_names() -> Vec<&'static str> {
    keys::ALL.to_vec()
}
