use super::random_number::random_number;
use crate::types::RetryChoice;
use azure_core::http::StatusCode;
use std::time::Duration;

/// The rules for sending a request again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryRules {
    /// The most tries, including the first one.
    pub(crate) most_tries: u32,
    /// The most tries that may end before a request was sent.
    pub(crate) most_unreached: u32,
    /// The most look-ups of a name that the resolver cannot resolve at this time.
    pub(crate) most_lookups: u32,
    /// The wait before the only further try after a refused connection; absent: such a failure counts like any other
    /// before a request.
    pub(crate) refused_wait: Option<Duration>,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    /// The range of a random wait, in hundredths of the planned one.
    pub(crate) scatter: (u32, u32),
    /// Statuses after which another try follows, in addition to 408, 429 and 5xx.
    pub(crate) statuses: &'static [StatusCode],
}

impl RetryRules {
    /// The first try and three more, as in Pulumi's provider. A host that cannot be reached is tried twice more: the
    /// error comes after 1.2 s on average, and within 3 s. A host that refuses the connection is tried once more.
    pub(crate) const ENTRA: Self = Self {
        most_tries: 4,
        most_unreached: 3,
        most_lookups: 4,
        refused_wait: Some(Duration::from_millis(300)),
        first_wait: Duration::from_millis(400),
        longest_wait: Duration::from_secs(60),
        scatter: USUAL_SCATTER,
        statuses: &[],
    };

    /// Returns the rules with a program's choices: this number of tries after any failure, and waits between half of
    /// the chosen time and all of it, as in `@azure/core-rest-pipeline`. A request that only probes a service is never
    /// repeated.
    pub(crate) fn chosen(&self, choice: &RetryChoice) -> Self {
        if !choice.is_made() || self.most_tries == 1 {
            return *self;
        }
        let most_tries = choice.most_retries.map(|retries| retries.saturating_add(1));
        let has_wait = choice.first_wait.is_some() || choice.longest_wait.is_some();
        Self {
            most_tries: most_tries.unwrap_or(self.most_tries),
            most_unreached: most_tries.unwrap_or(self.most_unreached),
            most_lookups: most_tries.unwrap_or(self.most_lookups),
            refused_wait: None,
            first_wait: choice.first_wait.unwrap_or(self.first_wait),
            longest_wait: choice.longest_wait.unwrap_or(self.longest_wait),
            scatter: if has_wait { (50, 100) } else { self.scatter },
            statuses: self.statuses,
        }
    }

    /// Returns the wait before the next try. It doubles each time and is random, so that a thousand clients that failed
    /// together do not return together.
    pub(super) fn backoff(&self, tries: u32) -> Duration {
        let doubled = self.first_wait.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        between(doubled.min(self.longest_wait), self.scatter)
    }

    /// Returns a wait that is up to a fifth longer or shorter.
    pub(crate) fn scattered(wait: Duration) -> Duration {
        between(wait, USUAL_SCATTER)
    }
}

/// Up to a fifth shorter or longer.
const USUAL_SCATTER: (u32, u32) = (80, 120);

fn between(wait: Duration, (least, most): (u32, u32)) -> Duration {
    wait * (least + random_below(most - least + 1)) / 100
}

fn random_below(bound: u32) -> u32 {
    u32::try_from(random_number() % u64::from(bound)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_scatter() {
        for (tries, middle) in [(1, 400), (2, 800), (3, 1600)] {
            let waits: Vec<_> = (0..200).map(|_| RetryRules::ENTRA.backoff(tries)).collect();
            let range = Duration::from_millis(middle * 8 / 10)..=Duration::from_millis(middle * 12 / 10);
            assert!(waits.iter().all(|wait| range.contains(wait)), "{waits:?}");
            let middle = Duration::from_millis(middle);
            let (short, long) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            assert!(*short < middle * 9 / 10 && *long > middle * 11 / 10, "not over all of the range: {waits:?}");
        }
    }

    #[test]
    fn a_programs_tries_and_waits_apply_to_requests_that_are_repeated() {
        let second = Duration::from_secs(1);
        let chosen = |choice| RetryRules::ENTRA.chosen(&choice);
        let rules = chosen(RetryChoice { most_retries: Some(6), ..RetryChoice::default() });
        assert_eq!((rules.most_tries, rules.most_unreached, rules.most_lookups, rules.refused_wait), (7, 7, 7, None));
        assert_eq!((rules.first_wait, rules.scatter), (RetryRules::ENTRA.first_wait, RetryRules::ENTRA.scatter));
        let rules =
            chosen(RetryChoice { first_wait: Some(second), longest_wait: Some(second * 3), most_retries: None });
        assert_eq!((rules.most_tries, rules.most_unreached), (4, 3));
        for (tries, most) in [(1, 1), (2, 2), (3, 3), (9, 3)] {
            let waits: Vec<_> = (0..300).map(|_| rules.backoff(tries)).collect();
            assert!(waits.iter().all(|wait| (second * most / 2..=second * most).contains(wait)), "{waits:?}");
            assert!(waits.iter().max() > waits.iter().min(), "no jitter");
        }
        let probe = RetryRules { most_tries: 1, ..RetryRules::ENTRA };
        assert_eq!(probe.chosen(&RetryChoice { most_retries: Some(6), ..RetryChoice::default() }).most_tries, 1);
    }

    #[test]
    fn waits_have_an_upper_bound() {
        let longest = RetryRules::ENTRA.longest_wait;
        assert!((1..100).all(|tries| RetryRules::ENTRA.backoff(tries) <= longest * 12 / 10));
    }
}
