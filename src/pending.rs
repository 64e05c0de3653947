//! Calls to JavaScript that have no answer yet: a number connects each call with its answer.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicU32, Ordering},
        Mutex, MutexGuard, PoisonError,
    },
};
use tokio::sync::oneshot;

/// The calls of one kind.
pub(crate) struct Pending<A: 'static> {
    next: AtomicU32,
    waiting: Mutex<BTreeMap<u32, oneshot::Sender<A>>>,
}

/// A call that is running. Dropping it ends the wait.
pub(crate) struct Question<A: 'static> {
    pub(crate) number: u32,
    of: &'static Pending<A>,
}

impl<A> Pending<A> {
    pub(crate) const fn new() -> Self {
        Self { next: AtomicU32::new(0), waiting: Mutex::new(BTreeMap::new()) }
    }

    pub(crate) fn begin(&'static self) -> (Question<A>, oneshot::Receiver<A>) {
        let (sender, receiver) = oneshot::channel();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.waiting().insert(number, sender);
        (Question { number, of: self }, receiver)
    }

    /// Returns the receiver of the answer to that call.
    pub(crate) fn take(&self, number: u32) -> Option<oneshot::Sender<A>> {
        self.waiting().remove(&number)
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<u32, oneshot::Sender<A>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A> Question<A> {
    /// Ends the wait, and returns whether there was no answer.
    pub(crate) fn end(&self) -> bool {
        self.of.take(self.number).is_some()
    }
}

impl<A> Drop for Question<A> {
    fn drop(&mut self) {
        self.end();
    }
}
