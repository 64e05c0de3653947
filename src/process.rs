//! The state of the process: the service, and the one thread that it works on.

use azure_client_token_core::{
    config::keys,
    host::{no_thread, start_thread, without_a_report, STACK_SIZE},
    Error, Resource, Service,
};
use napi_derive::napi;
use std::{
    io,
    sync::{Mutex, OnceLock, PoisonError},
};
use tokio::runtime::{Builder, Handle, Runtime};

/// Linux cuts names at 15 bytes.
const THREAD_NAME: &str = "azure-token";

/// Name look-ups, files and keys use the blocking pool, in which a silent resolver may keep some for long; tokio's own
/// limit is 512 threads. They are started when they are needed, and end when they are not.
const BLOCKING_THREADS: usize = 32;

pub(crate) struct Process {
    pub(crate) service: Service,
    pub(crate) runtime: Handle,
}

static PROCESS: OnceLock<Process> = OnceLock::new();

/// Held while the thread is started, so that two threads of JavaScript do not start two.
static STARTING: Mutex<()> = Mutex::new(());

/// The process's service and runtime; the first call starts the thread, so that loading the addon starts none. A start
/// that failed is not remembered: what the machine lacked may be there for the next call.
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

/// The same, if a call has been made: clearing what is not there starts no thread.
pub(crate) fn started() -> Option<&'static Process> {
    PROCESS.get()
}

fn start() -> Result<Process, Error> {
    let runtime = built()?;
    let handle = runtime.handle().clone();
    // Never joined: the process, or `process.exit`, takes the thread down with it.
    start_thread(THREAD_NAME, STACK_SIZE, move || serve(&runtime)).map_err(|error| no_thread(&error))?;
    Ok(Process { service: Service::new(), runtime: handle })
}

/// Where there is no descriptor for the part of tokio that listens to signals, which comes along with `azure_identity`,
/// tokio panics; elsewhere it returns an error.
fn built() -> Result<Runtime, Error> {
    let mut builder = Builder::new_current_thread();
    builder.enable_io().enable_time().max_blocking_threads(BLOCKING_THREADS).thread_stack_size(STACK_SIZE);
    let no_descriptor = || Err(not_started(&io::ErrorKind::WouldBlock.into()));
    without_a_report(move || builder.build())
        .map_or_else(no_descriptor, |built| built.map_err(|error| not_started(&error)))
}

/// Drives whatever is spawned on the runtime, without end.
fn serve(runtime: &Runtime) {
    runtime.block_on(std::future::pending::<()>());
}

/// Nothing but a shortage keeps the runtime from being made, of descriptors unless the error says otherwise.
fn not_started(error: &io::Error) -> Error {
    let resource = Resource::of(error).unwrap_or(Resource::Descriptors);
    resource.lacking("the runtime that asks for tokens could not be started", error)
}

/// The version of the package that the addon was built for; JavaScript refuses one of another version.
#[napi(catch_unwind)]
pub fn package_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The names of the environment variables that the core reads: what a snapshot has to hold.
#[napi(catch_unwind)]
pub fn environment_names() -> Vec<&'static str> {
    keys::ALL.to_vec()
}
