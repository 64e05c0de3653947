//! The task of one call, and its cancellation.

use crate::{
    outcome::NativeOutcome,
    process::{process, started},
    promises::promise,
    request::{Cancellation, NativeArgs, NativeOptions},
};
use azure_client_token_core::{
    host::{defect, flush_stderr},
    Client, Environment, Maintenance, Secret, Service, TokenRequest,
};
use napi::{bindgen_prelude::Object, Env};
use napi_derive::napi;
use std::{
    cell::RefCell,
    collections::BTreeMap,
    future::Future,
    pin::{pin, Pin},
    sync::mpsc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::watch;

/// The work of a call, which begins once the process's service is there.
type Work = Pin<Box<dyn Future<Output = NativeOutcome> + Send>>;

/// Gets a token for the client. The promise always fulfils: with a token, with a failure, or as cancelled.
#[napi(catch_unwind, ts_return_type = "Promise<import('./js/native').NativeOutcome>")]
#[allow(clippy::needless_pass_by_value, reason = "napi-derive hands arguments over by value")]
pub fn get_client_token<'env>(env: &'env Env, args: NativeArgs, opts: NativeOptions<'_>) -> napi::Result<Object<'env>> {
    called(env, args, &opts, |service, client, request| {
        Box::pin(async move { service.leased_token(&client, &request).await.into() })
    })
}

/// Describes the client's identity. The promise always fulfils, as for a token.
#[napi(catch_unwind, ts_return_type = "Promise<import('./js/native').NativeOutcome>")]
#[allow(clippy::needless_pass_by_value, reason = "napi-derive hands arguments over by value")]
pub fn get_client_config<'env>(env: &'env Env, opts: NativeOptions<'_>) -> napi::Result<Object<'env>> {
    called(env, NativeArgs { endpoint: None, registry: None }, &opts, |service, client, request| {
        Box::pin(async move { service.client_config(&client, &request).await.into() })
    })
}

/// Reports what was considered and tried for a token. The promise always fulfils, as for a token.
#[napi(catch_unwind, ts_return_type = "Promise<import('./js/native').NativeOutcome>")]
#[allow(clippy::needless_pass_by_value, reason = "napi-derive hands arguments over by value")]
pub fn explain<'env>(env: &'env Env, args: NativeArgs, opts: NativeOptions<'_>) -> napi::Result<Object<'env>> {
    called(env, args, &opts, |service, client, request| {
        Box::pin(async move { service.explain(&client, &request).await.into() })
    })
}

/// Deletes the token that a store keeps, or only `meant`. The promise always fulfils, as for a token.
#[napi(catch_unwind, ts_return_type = "Promise<import('./js/native').NativeOutcome>")]
#[allow(clippy::needless_pass_by_value, reason = "napi-derive hands arguments over by value")]
pub fn forget_token<'env>(
    env: &'env Env,
    args: NativeArgs,
    meant: Option<String>,
    opts: NativeOptions<'_>,
) -> napi::Result<Object<'env>> {
    let (meant, request, client) = (meant.map(Secret::new), opts.request(args), opts.client.client.clone());
    begun(*env, None, move |service| {
        Box::pin(async move { service.forget(&client, &request, meant.as_ref()).await.into() })
    })
}

/// Counts the tokens that are stored on this machine (`status`), deletes them (`clear`), or only returns their folder.
/// The promise always fulfils, as for a token.
#[napi(catch_unwind, ts_return_type = "Promise<import('./js/native').NativeOutcome>")]
#[allow(clippy::needless_pass_by_value, reason = "napi-derive hands arguments over by value")]
pub fn kept_on_machine(env: &Env, environment: BTreeMap<String, String>, work: String) -> napi::Result<Object<'_>> {
    let environment: Environment = environment.into_iter().map(|(name, value)| (name, Secret::new(value))).collect();
    let work = match work.as_str() {
        "status" => Maintenance::Count,
        "clear" => Maintenance::Clear,
        _ => Maintenance::Locate,
    };
    begun(*env, None, move |service| Box::pin(async move { service.kept_on_machine(&environment, work).await.into() }))
}

fn called<'env>(
    env: &'env Env,
    args: NativeArgs,
    opts: &NativeOptions<'_>,
    work: fn(&'static Service, Client, TokenRequest) -> Work,
) -> napi::Result<Object<'env>> {
    let (request, client) = (opts.request(args), opts.client.client.clone());
    let cancelled = opts.cancellation.as_ref().map(|cancellation| Cancellation::subscribe(cancellation));
    begun(*env, cancelled, move |service| work(service, client, request))
}

fn begun<'env>(
    env: Env,
    cancelled: Option<watch::Receiver<bool>>,
    work: impl FnOnce(&'static Service) -> Work + Send + 'static,
) -> napi::Result<Object<'env>> {
    let (end, promise) = promise(env)?;
    let ends = Ends { cancelled, thread_gone: THREAD.with(|thread| thread.borrow().0.subscribe()) };
    match process() {
        Ok(process) => drop(process.runtime.spawn(async move {
            end.with(settled(work(&process.service), ends).await);
        })),
        Err(error) => end.with(NativeOutcome::Failure(error.into())),
    }
    Ok(promise)
}

/// Forgets every token of the process.
#[napi(catch_unwind)]
pub fn clear_cache() {
    if let Some(process) = started() {
        process.service.clear_cache();
    }
}

/// Sets for how many milliseconds a refusal of a token that processes of this machine share also answers their later
/// calls, for the command, which tools run several times in a row. Call it before the first call.
#[napi(catch_unwind)]
pub fn remember_refusals(milliseconds: u32) {
    // If the process's service cannot be started, each call fails and says so.
    if let Ok(process) = process() {
        process.service.remember_refusals(Duration::from_millis(milliseconds.into()));
    }
}

thread_local! {
    /// Is dropped with its thread: a worker that is terminated ends its calls.
    static THREAD: RefCell<Thread> = RefCell::new(Thread(watch::Sender::new(())));
}

/// Ends every call of this thread, which is ending itself, and waits for the log's lines that are not yet printed.
#[napi(catch_unwind)]
pub fn end_calls() {
    drop(THREAD.with(|thread| thread.replace(Thread(watch::Sender::new(())))));
    flush_stderr(LONGEST_FAREWELL);
}

/// The signal that ends the calls of a thread.
struct Thread(watch::Sender<()>);

impl Drop for Thread {
    /// A program that a call has started would outlive a process that ends now. So this thread waits for its end: for
    /// as many rounds of the runtime as a cancellation needs to arrive, which take no time.
    fn drop(&mut self) {
        let is_idle = self.0.receiver_count() == 0;
        self.0 = watch::Sender::new(());
        let Some(process) = started().filter(|_| !is_idle) else { return };
        let (sender, done) = mpsc::channel();
        drop(process.runtime.spawn(async move {
            for _ in 0..ROUNDS {
                tokio::task::yield_now().await;
            }
            let _ = sender.send(());
        }));
        let _ = done.recv_timeout(LONGEST_FAREWELL);
    }
}

/// There are four rounds from the end of a call to the end of its flight, and to that of the flight's program.
const ROUNDS: usize = 16;

/// The limit if the runtime's thread has already ended, as on Windows, or if stderr accepts no more lines.
const LONGEST_FAREWELL: Duration = Duration::from_millis(250);

/// The signals that end a call early.
struct Ends {
    cancelled: Option<watch::Receiver<bool>>,
    thread_gone: watch::Receiver<()>,
}

async fn settled(work: Work, ends: Ends) -> NativeOutcome {
    let outcome = pin!(worked(work));
    let cancelled = pin!(until_cancelled(ends.cancelled));
    let thread_gone = pin!(until_gone(ends.thread_gone));
    tokio::select! {
        biased;
        () = cancelled => NativeOutcome::Cancelled,
        () = thread_gone => NativeOutcome::Cancelled,
        outcome = outcome => outcome,
    }
}

/// Runs in a task of its own, so that a panic becomes a failure instead of a promise that never settles.
async fn worked(work: Work) -> NativeOutcome {
    match process() {
        Ok(process) => Aborting(process.runtime.spawn(work)).await,
        Err(error) => NativeOutcome::Failure(error.into()),
    }
}

async fn until_cancelled(cancelled: Option<watch::Receiver<bool>>) {
    let Some(mut cancelled) = cancelled else { return std::future::pending().await };
    if cancelled.wait_for(|cancelled| *cancelled).await.is_err() {
        // The handle is dropped, so no caller can cancel any more.
        std::future::pending::<()>().await;
    }
}

async fn until_gone(mut thread: watch::Receiver<()>) {
    // No value is ever sent: the wait ends when the sender is dropped.
    while thread.changed().await.is_ok() {}
}

/// A task that ends when its last waiter is dropped.
struct Aborting(tokio::task::JoinHandle<NativeOutcome>);

impl Future for Aborting {
    type Output = NativeOutcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let panicked = |_| NativeOutcome::Failure(defect().into());
        Pin::new(&mut self.0).poll(context).map(|joined| joined.unwrap_or_else(panicked))
    }
}

impl Drop for Aborting {
    fn drop(&mut self) {
        self.0.abort();
    }
}
