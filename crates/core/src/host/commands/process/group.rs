use super::platform::Family;
use std::{
    io,
    process::{Child, ExitStatus},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The process and all that it starts. Its lock is never held while a process is started or waited for, because a
/// caller that gives up must not wait.
#[derive(Default)]
pub(super) struct Group(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    NotStarted,
    Running(Family),
    /// It has ended. Its number may now belong to another process.
    Ended,
    /// No caller waits for it any more.
    Unwanted,
}

impl Group {
    /// Starts the process, or returns nothing if no caller waits for it any more.
    pub(super) fn start(&self, start: impl FnOnce() -> io::Result<(Child, Family)>) -> io::Result<Option<Child>> {
        if self.is_unwanted() {
            return Ok(None);
        }
        let (mut child, mut family) = start()?;
        let mut state = self.state();
        if matches!(*state, State::Unwanted) {
            drop(state);
            family.end();
            return child.wait().map(|_| None);
        }
        *state = State::Running(family);
        Ok(Some(child))
    }

    /// Collects the exit status of a process that has ended. From now on the system may reuse its number.
    pub(super) fn reap(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let last = std::mem::replace(&mut *self.state(), State::Ended);
        let status = child.wait();
        if let State::Running(family) = last {
            family.release();
        }
        status
    }

    pub(super) fn end(&self) {
        let mut state = self.state();
        match &mut *state {
            State::Running(family) => family.end(),
            State::NotStarted => *state = State::Unwanted,
            State::Ended | State::Unwanted => {}
        }
    }

    fn is_unwanted(&self) -> bool {
        matches!(*self.state(), State::Unwanted)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the group when dropped.
#[derive(Default)]
pub(super) struct EndedOnDrop(Arc<Group>);

impl EndedOnDrop {
    pub(super) fn group(&self) -> Arc<Group> {
        Arc::clone(&self.0)
    }
}

impl Drop for EndedOnDrop {
    fn drop(&mut self) {
        self.0.end();
    }
}
