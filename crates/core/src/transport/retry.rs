use super::chance::chance;
use azure_core::http::StatusCode;
use std::time::Duration;

/// When a service is asked again.
#[derive(Debug)]
pub(crate) struct RetryRules {
    /// With the first one.
    pub(crate) most_tries: u32,
    /// How many of them may end before a request was sent.
    pub(crate) most_unreached: u32,
    /// How often a name is looked up that the resolver cannot resolve at this time.
    pub(crate) most_lookups: u32,
    /// The wait before the one more try of a refused connection; nothing: it is tried as others that are unreached.
    pub(crate) refused_wait: Option<Duration>,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    /// Those that are asked again besides 408, 429 and 5xx.
    pub(crate) statuses: &'static [StatusCode],
}

impl RetryRules {
    /// The first try and three more: what Pulumi's provider does. A host that cannot be reached is tried twice more:
    /// 1.2 s in the middle, an error well within 3 s. One that refuses the connection is tried once more.
    pub(crate) const ENTRA: Self = Self {
        most_tries: 4,
        most_unreached: 3,
        most_lookups: 4,
        refused_wait: Some(Duration::from_millis(300)),
        first_wait: Duration::from_millis(400),
        longest_wait: Duration::from_secs(60),
        statuses: &[],
    };

    /// The wait before the next try: doubling, by up to a fifth more or less, so that a thousand clients that failed
    /// together do not come back together.
    pub(super) fn backoff(&self, tries: u32) -> Duration {
        let doubled = self.first_wait.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        Self::scattered(doubled.min(self.longest_wait))
    }

    /// A wait, by up to a fifth more or less.
    pub(crate) fn scattered(wait: Duration) -> Duration {
        wait * (80 + random_below(41)) / 100
    }
}

fn random_below(bound: u32) -> u32 {
    u32::try_from(chance() % u64::from(bound)).unwrap_or_default()
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
            assert!(waits.iter().any(|wait| wait != &waits[0]), "no jitter");
        }
    }

    #[test]
    fn waits_have_an_upper_bound() {
        let longest = RetryRules::ENTRA.longest_wait;
        assert!((1..100).all(|tries| RetryRules::ENTRA.backoff(tries) <= longest * 12 / 10));
    }
}
