use super::random_number::random_number;
use azure_core::time::parse_rfc7231;
use std::time::Duration;

/// How much longer a client waits than the service asked: up to a fifth, so that clients that were refused together do
/// not all return together. Never less.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jitter {
    percent: u32,
}

impl Jitter {
    /// The jitter that belongs to this seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self { percent: u32::try_from(seed % 21).unwrap_or_default() }
    }

    /// Returns the wait with this jitter.
    pub(crate) fn stretched(self, wait: Duration) -> Duration {
        wait.saturating_add((wait / 100).saturating_mul(self.percent))
    }
}

impl Default for Jitter {
    /// A random jitter.
    fn default() -> Self {
        Self::of(random_number())
    }
}

/// Returns how long a service asks clients to wait (`Retry-After`, RFC 9110 §10.2.3), in seconds or until a date. A
/// date is compared with that of the same answer, so that a wrong clock here does not matter.
pub(super) fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| parse_rfc7231(text.trim()).ok();
    let wait = moment(value)? - moment(date?)?;
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jitter_adds_up_to_a_fifth_and_takes_nothing_away() {
        let waits: Vec<_> =
            (0..21).map(|seed| Jitter::of(seed).stretched(Duration::from_secs(100)).as_secs()).collect();
        assert_eq!(waits, (100..=120).collect::<Vec<_>>());
        assert_eq!(Jitter::of(20).stretched(Duration::MAX), Duration::MAX);
        let drawn: std::collections::HashSet<_> = (0..200).map(|_| Jitter::default().percent).collect();
        assert!(drawn.len() > 5, "{drawn:?}");
    }

    #[test]
    fn seconds_and_dates() {
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let rows = [
            ("120", None, Some(120)),
            (" 0 ", date, Some(0)),
            ("18446744073709551615", None, Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", date, Some(30)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", date, Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", None, None),
            ("-1", date, None),
            ("1.5", date, None),
            ("soon", date, None),
            ("", date, None),
        ];
        for (value, date, seconds) in rows {
            assert_eq!(retry_after(value, date), seconds.map(Duration::from_secs), "{value:?} after {date:?}");
        }
    }
}
