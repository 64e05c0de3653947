//! The promises that calls have returned. They are settled on their own thread, a limited number in each turn of its
//! event loop.
//!
//! One threadsafe function serves all calls of an environment. `Env::create_deferred` would make one for each call,
//! which costs 10 µs of the event loop's time, and as many handles to check whenever one of them has a result.

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
    collections::{BTreeMap, VecDeque},
    ptr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The most calls that end in one turn of the event loop. JavaScript needs about ten microseconds for each.
const MOST_A_TURN: usize = 64;

/// Makes JavaScript call [`settle_calls`]. Weak: only a pending call keeps the process alive.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true>;

/// The pending promises of an environment. Each Node-API environment has its own, as its instance data.
struct Promises {
    pending: BTreeMap<u32, Pending>,
    /// How many of them keep the process alive.
    waited_for: usize,
    last: u32,
    ended: Arc<Ended>,
}

/// Settles one promise. It is used on its own thread only.
struct Pending {
    deferred: sys::napi_deferred,
    keeps_open: bool,
}

/// Results on their way to the environment's thread.
struct Ended {
    outcomes: Mutex<VecDeque<(u32, NativeOutcome)>>,
    wake: Wake,
}

/// The end of one call, from any thread. If it is dropped without a result, the call ends with an internal error.
pub(crate) struct End {
    call: u32,
    ended: Arc<Ended>,
    is_delivered: bool,
}

/// Prepares this environment for calls: `wake` is called when there is something to settle. Returns whether it is the
/// first. If the package's JavaScript is evaluated again over the same addon, as test runners do, pending promises stay
/// with the first.
#[napi(catch_unwind)]
pub fn attend_calls(env: Env, #[napi(ts_arg_type = "() => void")] wake: Wake) -> Result<bool> {
    if env.get_instance_data::<Promises>()?.is_some() {
        return Ok(false);
    }
    let ended = Arc::new(Ended { outcomes: Mutex::default(), wake });
    env.set_instance_data(Promises { pending: BTreeMap::new(), waited_for: 0, last: 0, ended }, (), |_| {})?;
    Ok(true)
}

/// Settles promises of calls that have ended, and returns whether there are more for another turn.
#[napi(catch_unwind)]
pub fn settle_calls(env: Env) -> Result<bool> {
    let (settled, more) = promises(env)?.take(env)?;
    // A promise that cannot be settled does not prevent others from being settled.
    let failures = settled.into_iter().filter_map(|(pending, outcome)| pending.settle(env, outcome).err());
    match failures.last() {
        Some(failure) if !more => Err(failure),
        _ => Ok(more),
    }
}

/// Makes a promise, and the value that settles it.
pub(crate) fn promise<'env>(env: Env) -> Result<(End, Object<'env>)> {
    begun(env, true)
}

/// Makes a promise that does not keep the process alive.
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
            // SAFETY: the thread is the environment's own, to which the function belongs.
            check_status!(unsafe { sys::napi_ref_threadsafe_function(env.raw(), self.ended.wake.raw()) })?;
        }
        self.waited_for += usize::from(pending.keeps_open);
        self.last = self.last.wrapping_add(1);
        self.pending.insert(self.last, pending);
        Ok(End { call: self.last, ended: Arc::clone(&self.ended), is_delivered: false })
    }

    /// Returns what is settled in this turn, and whether anything is left for another one.
    fn take(&mut self, env: Env) -> Result<(Vec<(Pending, NativeOutcome)>, bool)> {
        let (outcomes, more) = self.ended.take();
        let pending = |(call, outcome)| Some((self.pending.remove(&call)?, outcome));
        let settled: Vec<_> = outcomes.into_iter().filter_map(pending).collect();
        let no_more = settled.iter().filter(|(pending, _)| pending.keeps_open).count();
        self.waited_for -= no_more;
        if self.waited_for == 0 && no_more > 0 {
            // SAFETY: the thread is the environment's own, to which the function belongs.
            check_status!(unsafe { sys::napi_unref_threadsafe_function(env.raw(), self.ended.wake.raw()) })?;
        }
        Ok((settled, more))
    }
}

impl Pending {
    /// The only place that settles promises. They fulfil, unless no value can be made of the outcome.
    fn settle(self, env: Env, outcome: NativeOutcome) -> Result<()> {
        let raw = env.raw();
        // SAFETY: the environment is the running one, the deferred belongs to it, and this call consumes it.
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
        // If there were other results, the event loop has already been woken.
        let is_first = outcomes.len() == 1;
        drop(outcomes);
        if is_first {
            // An environment that has ended has no promise left to settle.
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
    /// Ends the call with this result.
    pub(crate) fn with(mut self, outcome: NativeOutcome) {
        self.is_delivered = true;
        self.ended.add(self.call, outcome);
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if !self.is_delivered {
            self.ended.add(self.call, NativeOutcome::Failure(defect().into()));
        }
    }
}
