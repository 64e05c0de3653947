//! What there is once a process: the service, and the one thread that it works on.

use azure_client_token_core::{config::keys, Error, ErrorKind, Service};
use napi_derive::napi;
use std::{io, sync::OnceLock, thread};
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

static PROCESS: OnceLock<Result<Process, Error>> = OnceLock::new();

/// The process's service and runtime; the first call starts the thread, so that loading the addon starts none.
pub(crate) fn process() -> Result<&'static Process, Error> {
    PROCESS.get_or_init(|| start().map_err(|error| not_started(&error))).as_ref().map_err(Clone::clone)
}

/// The same, if a call has been made: clearing what is not there starts no thread.
pub(crate) fn started() -> Option<&'static Process> {
    PROCESS.get()?.as_ref().ok()
}

fn start() -> io::Result<Process> {
    let runtime =
        Builder::new_current_thread().enable_io().enable_time().max_blocking_threads(BLOCKING_THREADS).build()?;
    let handle = runtime.handle().clone();
    // Never joined: the process, or `process.exit`, takes the thread down with it.
    thread::Builder::new().name(THREAD_NAME.to_owned()).spawn(move || serve(&runtime))?;
    Ok(Process { service: Service::new(), runtime: handle })
}

/// Drives whatever is spawned on the runtime, without end.
fn serve(runtime: &Runtime) {
    runtime.block_on(std::future::pending::<()>());
}

fn not_started(error: &io::Error) -> Error {
    Error::new(ErrorKind::Internal, "the thread that asks for tokens could not be started")
        .with_causes(vec![error.to_string()])
}

/// The names of the environment variables that the core reads: what a snapshot has to hold.
#[napi(catch_unwind)]
pub fn environment_names() -> Vec<&'static str> {
    keys::ALL.to_vec()
}
