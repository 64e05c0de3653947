use super::{Answer, RetryRules};
use crate::types::{Error, ErrorKind, Phase, UnreachedCause};
use std::time::Duration;

/// A host that refuses the connection seldom accepts one a moment later: there is one more try.
const MOST_REFUSED: u32 = 2;

/// The tries of one exchange, by their outcome.
#[derive(Debug, Default)]
pub(super) struct RetryState {
    all: u32,
    refused: u32,
    deferred: u32,
    unreached: u32,
}

impl RetryState {
    pub(super) fn is_first(&self) -> bool {
        self.all == 0
    }

    pub(super) fn count(&mut self, outcome: &Result<Answer, Error>) {
        self.all += 1;
        let Err(error) = outcome else { return };
        match error.unreached_cause() {
            Some(UnreachedCause::Refused) => self.refused += 1,
            Some(UnreachedCause::LookupDeferred) => self.deferred += 1,
            Some(UnreachedCause::ProxyUnavailable) => {}
            Some(UnreachedCause::NoLocalPort) | None => self.unreached += u32::from(is_before_request(error)),
        }
    }

    /// Returns the wait before the next try after this failure or answer, or nothing if there is none. A patient caller
    /// has a time limit of more than a minute; for it a refused connection counts like any other failure.
    pub(super) fn next_wait(&self, rules: &RetryRules, failure: Option<&Error>, is_patient: bool) -> Option<Duration> {
        if self.all >= rules.most_tries {
            return None;
        }
        let quick = rules.refused_wait.filter(|_| !is_patient);
        let (is_left, wait) = match (failure.and_then(Error::unreached_cause), quick) {
            (Some(UnreachedCause::Refused), Some(wait)) => (self.refused < MOST_REFUSED, RetryRules::scattered(wait)),
            (Some(UnreachedCause::LookupDeferred), _) => (self.deferred < rules.most_lookups, rules.backoff(self.all)),
            (Some(UnreachedCause::ProxyUnavailable), _) => (true, rules.backoff(self.all)),
            _ if failure.is_some_and(is_before_request) => {
                (self.unreached + self.refused < rules.most_unreached, rules.backoff(self.all))
            }
            _ => (true, rules.backoff(self.all)),
        };
        is_left.then_some(wait)
    }
}

/// Returns whether no request could be sent.
fn is_before_request(error: &Error) -> bool {
    let is_unreached = matches!(error.phase(), Some(Phase::Dns | Phase::Connect | Phase::Proxy | Phase::Tls));
    is_unreached || error.kind() == ErrorKind::ResourceExhausted
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    fn failure(phase: Phase, unreached_cause: Option<UnreachedCause>) -> Error {
        let error = Error::new(ErrorKind::Network, "").with_phase(phase).with_retryable(true);
        unreached_cause.map_or(error.clone(), |unreached_cause| error.with_unreached_cause(unreached_cause))
    }

    /// Returns the waits until the rules allow no more tries.
    fn waits(rules: &RetryRules, error: &Error, is_patient: bool) -> Vec<Duration> {
        let mut tries = RetryState::default();
        std::iter::from_fn(|| {
            tries.count(&Err(error.clone()));
            tries.next_wait(rules, Some(error), is_patient)
        })
        .collect()
    }

    fn assert_near(waits: &[Duration], middles: &[u32], what: &str) {
        assert_eq!(waits.len(), middles.len(), "{what}: {waits:?}");
        for (wait, middle) in waits.iter().zip(middles) {
            let range = MILLISECOND * (middle * 8 / 10)..=MILLISECOND * (middle * 12 / 10);
            assert!(range.contains(wait), "{what}: {waits:?}");
        }
    }

    #[test]
    fn each_failure_has_its_number_of_tries_and_its_waits() {
        let entra = &RetryRules::ENTRA;
        for phase in [Phase::Connect, Phase::Proxy] {
            let refused = failure(phase, Some(UnreachedCause::Refused));
            assert_near(&waits(entra, &refused, false), &[300], "a refused connection");
            assert_near(&waits(entra, &refused, true), &[400, 800], "the same, for a patient caller");
        }
        let rows = [
            (Phase::Dns, Some(UnreachedCause::LookupDeferred), &[400, 800, 1600][..]),
            (Phase::Proxy, Some(UnreachedCause::LookupDeferred), &[400, 800, 1600]),
            (Phase::Proxy, Some(UnreachedCause::ProxyUnavailable), &[400, 800, 1600]),
            (Phase::Tls, None, &[400, 800]),
            (Phase::Connect, None, &[400, 800]),
            (Phase::Request, None, &[400, 800, 1600]),
            (Phase::Response, None, &[400, 800, 1600]),
        ];
        for (phase, unreached_cause, middles) in rows {
            assert_near(&waits(entra, &failure(phase, unreached_cause), false), middles, phase.as_str());
        }
    }

    #[test]
    fn rules_of_a_service_of_the_host_stay_its_own() {
        let rules = RetryRules { refused_wait: None, most_unreached: 2, most_lookups: 2, ..RetryRules::ENTRA };
        for unreached_cause in [UnreachedCause::Refused, UnreachedCause::LookupDeferred] {
            assert_near(&waits(&rules, &failure(Phase::Connect, Some(unreached_cause)), false), &[400], "two tries");
        }
    }

    #[test]
    fn failures_of_different_kinds_share_the_limit_of_tries() {
        let mut tries = RetryState::default();
        let (deferred, refused) = (
            failure(Phase::Dns, Some(UnreachedCause::LookupDeferred)),
            failure(Phase::Connect, Some(UnreachedCause::Refused)),
        );
        for error in [&deferred, &refused, &deferred] {
            tries.count(&Err(error.clone()));
            assert!(tries.next_wait(&RetryRules::ENTRA, Some(error), false).is_some());
        }
        tries.count(&Err(deferred.clone()));
        assert_eq!(tries.next_wait(&RetryRules::ENTRA, Some(&deferred), false), None);
    }

    #[test]
    fn an_answer_is_asked_for_four_times() {
        let answers = std::iter::repeat_n((), 4).scan(RetryState::default(), |tries, ()| {
            tries.all += 1;
            Some(tries.next_wait(&RetryRules::ENTRA, None, false).is_some())
        });
        assert_eq!(answers.collect::<Vec<_>>(), [true, true, true, false]);
    }
}
