//! The step that a call has reached, for the error of a call that times out.

use crate::types::{Attempt, CredentialKind, Phase};
use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{task_local, time::Instant};

task_local! {
    /// The progress of the current task's work.
    static CURRENT: Progress;
}

/// How far work has come, for those that wait for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Mutex<State>>);

#[derive(Clone, Debug, Default)]
struct State {
    step: Step,
    /// Other work that this one waits for.
    awaited: Option<Progress>,
}

/// The last step that has begun.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) phase: Phase,
    /// What the call waits for: a host with its port, or a program.
    pub(crate) peer: String,
    /// The proxy on the way to the host, for a sentence.
    pub(crate) proxy: Option<String>,
    /// The outcome of the last try.
    pub(crate) failure: Option<String>,
    /// The sources that the call has reached.
    pub(crate) sources: Box<Sources>,
}

/// The sources that a call has reached.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// The sources that were tried, in order.
    pub(crate) tried: Vec<Attempt>,
    /// The source that is being tried, and since when.
    pub(crate) trying: Option<(CredentialKind, Instant)>,
}

impl Progress {
    /// Does the work, whose steps are recorded here.
    pub(crate) async fn follow<F: Future>(&self, work: F) -> F::Output {
        CURRENT.scope(self.clone(), work).await
    }

    /// Returns the last step, or that of the awaited work if there is any.
    pub(crate) fn step(&self) -> Step {
        let State { step, awaited } = self.state().clone();
        match awaited {
            Some(other) => Step { sources: step.sources, ..other.step() },
            None => step,
        }
    }

    /// Waits for another task's work. Meanwhile its steps count as those of the current task's work.
    pub(crate) async fn waited_for<F: Future>(&self, wait: F) -> F::Output {
        Self::wait_for(Some(self.clone()));
        let outcome = wait.await;
        Self::wait_for(None);
        outcome
    }

    fn wait_for(awaited: Option<Self>) {
        let _ = CURRENT.try_with(|current| current.state().awaited = awaited);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the last step of the current task's work, if it is followed.
    pub(crate) fn current() -> Option<Step> {
        CURRENT.try_with(Self::step).ok()
    }

    /// Records a step of the current task's work. Without `follow`, nothing is recorded.
    pub(crate) fn note(change: impl FnOnce(&mut Step)) {
        let _ = CURRENT.try_with(|current| change(&mut current.state().step));
    }

    /// Records that the current task's work begins that step.
    pub(crate) fn enter(phase: Phase) {
        Self::note(|step| step.phase = phase);
    }

    /// Records the step, with the host or program that it waits for.
    pub(crate) fn enter_with(phase: Phase, peer: &str) {
        Self::note(|step| {
            step.phase = phase;
            peer.clone_into(&mut step.peer);
            step.proxy = None;
        });
    }
}

impl fmt::Display for Step {
    /// Says what the call waited for, and where to look.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { phase, peer, proxy, .. } = self;
        let proxy = proxy.as_deref().unwrap_or("the proxy");
        match phase {
            Phase::Prepare => write!(formatter, "files and keys were being read. Check those that the settings name"),
            Phase::Assertion => write!(formatter, "getAssertion() had not returned an assertion. Check what it waits for"),
            Phase::Program => write!(formatter, "{peer} had not ended. Run it in a terminal to see what it waits for"),
            Phase::Queue => {
                write!(formatter, "all connections to {peer} were busy. Ask for fewer different tokens at a time")
            }
            Phase::Dns => write!(formatter, "the name {peer} was being resolved. Check the machine's DNS"),
            Phase::Connect => write!(
                formatter,
                "{peer} had not accepted the connection. Check the address, the firewall and whether a proxy is needed"
            ),
            Phase::Proxy => {
                write!(formatter, "{proxy} had not connected to {peer}. Check the proxy, or set NO_PROXY for the host")
            }
            Phase::Tls => write!(
                formatter,
                "{peer} had not completed the TLS handshake. Check whether a proxy or firewall on the way delays connections"
            ),
            Phase::Request => write!(formatter, "{peer} had not answered. Check the network and the service's health"),
            Phase::Response => write!(formatter, "{peer} had not finished its answer. Check the network"),
            Phase::Retry => write!(formatter, "the request to {peer} was to be sent again. See the cause for the last answer"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::is_plain;

    #[test]
    fn every_step_is_a_plain_sentence() {
        use Phase::{Assertion, Connect, Dns, Prepare, Program, Proxy, Queue, Request, Response, Retry, Tls};
        let all = [Prepare, Assertion, Program, Queue, Dns, Connect, Tls, Proxy, Request, Response, Retry];
        for phase in all {
            match phase {
                Prepare | Assertion | Program | Queue | Dns | Connect | Tls | Proxy | Request | Response | Retry => {}
            }
            let step = Step { phase, peer: "host:1".to_owned(), ..Step::default() };
            assert!(is_plain(&step.to_string()), "{step}");
        }
    }

    #[tokio::test]
    async fn a_waiter_sees_the_last_step_that_has_begun() {
        let progress = Progress::default();
        assert_eq!(progress.step().phase, Phase::Prepare);
        let stuck = progress.follow(async {
            Progress::enter_with(Phase::Queue, "host:1");
            Progress::enter(Phase::Request);
            std::future::pending::<()>().await;
        });
        assert!(tokio::time::timeout(std::time::Duration::ZERO, stuck).await.is_err());
        let step = progress.step();
        assert_eq!((step.phase, step.peer.as_str()), (Phase::Request, "host:1"));
        assert!(step.to_string().starts_with("host:1 had not answered"));
    }

    #[tokio::test]
    async fn work_without_a_follower_notes_nothing() {
        Progress::enter(Phase::Tls);
        let progress = Progress::default();
        progress.follow(async {}).await;
        assert_eq!(progress.step().phase, Phase::Prepare);
    }
}
