//! The promises that calls have returned: settled on their own thread, a bounded number in each turn of its event loop.
//!
//! One threadsafe function serves all calls of an environment. `Env::create_deferred` makes one for each: 10 µs of the
//! event loop's time, and as many handles to look at whenever one of them has news.

use crate::outcome::NativeOutcome;
use azure_client_token_core::host::defect;
use napi::{
    bindgen_prelude::{Object, ToNapiValue},
    check_status, sys,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
    Env, Error, JsError, Result, Status,
};
use napi_derive::napi;
use std::{
    collections::{HashMap, VecDeque},
    ptr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// As many calls end in one turn of the event loop: what JavaScript does with each takes some ten microseconds.
const MOST_A_TURN: usize = 64;

/// Has JavaScript call [`settle_calls`]. Weak: what keeps the process alive is a pending call.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true>;

/// An environment's promises that are not settled. Each Node-API environment has its own, as its instance data.
struct Promises {
    pending: HashMap<u32, Pending>,
    /// How many of them keep the process open.
    waited_for: usize,
    last: u32,
    ended: Arc<Ended>,
}

/// Settles one promise; touched on its own thread only.
struct Pending {
    deferred: sys::napi_deferred,
    keeps_open: bool,
}

/// What has ended, on its way to the environment's thread.
struct Ended {
    outcomes: Mutex<VecDeque<(u32, NativeOutcome)>>,
    wake: Wake,
}

/// The end of one call, from whatever thread. A call whose end is lost on the way has ended in a defect of ours.
pub(crate) struct End {
    call: u32,
    ended: Arc<Ended>,
    is_told: bool,
}

/// Prepares this environment for calls: `wake` is called when there is something to settle. Whether it is the first to
/// do so: where the package's JavaScript is evaluated once more over the same addon, as test runners do, the promises
/// that are pending stay with the first.
#[napi(catch_unwind)]
pub fn attend_calls(env: Env, #[napi(ts_arg_type = "() => void")] wake: Wake) -> Result<bool> {
    if env.get_instance_data::<Promises>()?.is_some() {
        return Ok(false);
    }
    let ended = Arc::new(Ended { outcomes: Mutex::default(), wake });
    env.set_instance_data(Promises { pending: HashMap::new(), waited_for: 0, last: 0, ended }, (), |_| {})?;
    Ok(true)
}

/// Settles promises of calls that have ended. Whether there are more of them: they are for another turn.
#[napi(catch_unwind)]
pub fn settle_calls(env: Env) -> Result<bool> {
    let (settled, more) = promises(env)?.take(env)?;
    // One that cannot be settled keeps no other from it.
    let failures = settled.into_iter().filter_map(|(pending, outcome)| pending.settle(env, outcome).err());
    match failures.last() {
        Some(failure) if !more => Err(failure),
        _ => Ok(more),
    }
}

/// A promise, and what settles it.
pub(crate) fn promise<'env>(env: Env) -> Result<(End, Object<'env>)> {
    begun(env, true)
}

/// A promise that the process does not stay open for.
pub(crate) fn idle_promise<'env>(env: Env) -> Result<(End, Object<'env>)> {
    begun(env, false)
}

fn begun<'env>(env: Env, keeps_open: bool) -> Result<(End, Object<'env>)> {
    let (mut deferred, mut promise) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the environment is the running one, and both places outlive the call.
    check_status!(unsafe { sys::napi_create_promise(env.raw(), &raw mut deferred, &raw mut promise) })?;
    let end = promises(env)?.begin(env, Pending { deferred, keeps_open })?;
    Ok((end, Object::from_raw(env.raw(), promise)))
}

fn promises(env: Env) -> Result<&'static mut Promises> {
    let unattended = || Error::new(Status::GenericFailure, "attendCalls() comes before every call");
    env.get_instance_data::<Promises>()?.ok_or_else(unattended)
}

impl Promises {
    fn begin(&mut self, env: Env, pending: Pending) -> Result<End> {
        if pending.keeps_open && self.waited_for == 0 {
            // SAFETY: on the environment's own thread, whose function it is.
            check_status!(unsafe { sys::napi_ref_threadsafe_function(env.raw(), self.ended.wake.raw()) })?;
        }
        self.waited_for += usize::from(pending.keeps_open);
        self.last = self.last.wrapping_add(1);
        self.pending.insert(self.last, pending);
        Ok(End { call: self.last, ended: Arc::clone(&self.ended), is_told: false })
    }

    /// What is settled in this turn, and whether that leaves anything for another one.
    fn take(&mut self, env: Env) -> Result<(Vec<(Pending, NativeOutcome)>, bool)> {
        let (outcomes, more) = self.ended.take();
        let pending = |(call, outcome)| Some((self.pending.remove(&call)?, outcome));
        let settled: Vec<_> = outcomes.into_iter().filter_map(pending).collect();
        let no_more = settled.iter().filter(|(pending, _)| pending.keeps_open).count();
        self.waited_for -= no_more;
        if self.waited_for == 0 && no_more > 0 {
            // SAFETY: on the environment's own thread, whose function it is.
            check_status!(unsafe { sys::napi_unref_threadsafe_function(env.raw(), self.ended.wake.raw()) })?;
        }
        Ok((settled, more))
    }
}

impl Pending {
    /// The one place where promises are settled. They fulfil, unless no value can be made of the outcome.
    fn settle(self, env: Env, outcome: NativeOutcome) -> Result<()> {
        let raw = env.raw();
        // SAFETY: the environment is the running one; the deferred is its own, and used up here.
        check_status!(unsafe {
            match ToNapiValue::to_napi_value(raw, outcome) {
                Ok(value) => sys::napi_resolve_deferred(raw, self.deferred, value),
                Err(error) => sys::napi_reject_deferred(raw, self.deferred, JsError::from(error).into_value(raw)),
            }
        })
    }
}

impl Ended {
    fn add(&self, call: u32, outcome: NativeOutcome) {
        let mut outcomes = self.outcomes();
        outcomes.push_back((call, outcome));
        // Where there were others, the event loop has been woken already.
        let is_first = outcomes.len() == 1;
        drop(outcomes);
        if is_first {
            // An environment that is gone has no promise left to settle.
            let _ = self.wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    fn take(&self) -> (Vec<(u32, NativeOutcome)>, bool) {
        let mut outcomes = self.outcomes();
        let count = outcomes.len().min(MOST_A_TURN);
        (outcomes.drain(..count).collect(), !outcomes.is_empty())
    }

    fn outcomes(&self) -> MutexGuard<'_, VecDeque<(u32, NativeOutcome)>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl End {
    /// The call has ended.
    pub(crate) fn with(mut self, outcome: NativeOutcome) {
        self.is_told = true;
        self.ended.add(self.call, outcome);
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if !self.is_told {
            self.ended.add(self.call, NativeOutcome::Failure(defect().into()));
        }
    }
}
