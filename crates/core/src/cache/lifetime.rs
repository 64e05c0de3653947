use crate::{
    host::Clock,
    types::{least_life, AccessToken, UnixMillis},
};
use std::time::Duration;
use tokio::time::Instant;

/// The most of its life that a token has lost when it arrives.
const LONGEST_WAY: Duration = Duration::from_secs(60);

/// If the service does not say when to renew, a token of at least two hours is renewed at half its life (as MSAL does for
/// managed identities) …
const LONG_LIFE: Duration = Duration::from_secs(2 * 60 * 60 - LONGEST_WAY.as_secs());

/// … and any other token this long before its end, but not before half its life.
const RENEWAL_LEAD: Duration = Duration::from_secs(10 * 60);

/// No token is kept longer than this, whatever end it names.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The time on the steady clock and on the wall clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timestamps {
    wall: UnixMillis,
    steady: Instant,
}

impl Timestamps {
    pub(super) fn now(clock: &Clock) -> Self {
        Self { wall: clock.now(), steady: clock.instant() }
    }

    pub(super) fn steady(self) -> Instant {
        self.steady
    }

    /// Returns what the wall clock would have shown at `earlier` if it had always run as it does now. If the machine
    /// slept since, the result is too late, because the steady clock stops during sleep.
    pub(super) fn wall_then(self, earlier: Self) -> UnixMillis {
        let since = self.steady.saturating_duration_since(earlier.steady);
        self.wall.saturating_sub(UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX))
    }

    /// Returns the time since `earlier`, by the clock that advanced further. The steady clock stops while a machine
    /// sleeps, and the wall clock can be set. By the larger of the two no token outlives its end, and setting the clock
    /// back does not extend its life.
    fn since(self, earlier: Self) -> Duration {
        let steady = self.steady.saturating_duration_since(earlier.steady);
        steady.max(millis(self.wall.saturating_sub(earlier.wall)))
    }
}

/// The state of a token at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// The token needs no renewal.
    Fresh,
    /// The token is good, and the next one should be asked for.
    Due,
    /// The token is valid, and should be replaced by a new one if that arrives in time.
    Short,
    /// The token has expired.
    Over,
}

/// The limits between the states, as ages: counted from the token's arrival.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokenLifetime {
    arrival: Timestamps,
    due: Duration,
    short: Duration,
    end: Duration,
}

impl TokenLifetime {
    pub(super) fn of(token: &AccessToken, arrival: Timestamps) -> Self {
        let end = millis(token.expires_on.saturating_sub(arrival.wall)).min(LONGEST_LIFE);
        let asked_for = token.refresh_after.map(|moment| millis(moment.saturating_sub(arrival.wall)));
        // For a token from a store the renewal time may have passed; a service that names a past time for a new token
        // is wrong.
        let counts = |age: &Duration| *age < end && (token.cached_in.is_some() || !age.is_zero());
        let due = asked_for.filter(counts).unwrap_or_else(|| usual_due(end));
        Self { arrival, due, short: end.saturating_sub(least_life(end)), end }
    }

    /// Returns when the next token should be asked for, by the wall clock at arrival.
    pub(super) fn refresh_after(&self) -> UnixMillis {
        self.arrival.wall.saturating_add(UnixMillis::try_from(self.due.as_millis()).unwrap_or(UnixMillis::MAX))
    }

    pub(super) fn freshness(&self, now: Timestamps) -> Freshness {
        match now.since(self.arrival) {
            age if age >= self.end => Freshness::Over,
            age if age >= self.short => Freshness::Short,
            age if age >= self.due => Freshness::Due,
            _ => Freshness::Fresh,
        }
    }

    /// Returns how long the current freshness lasts.
    pub(super) fn unchanged_for(&self, now: Timestamps) -> Duration {
        let stage = match self.freshness(now) {
            Freshness::Fresh => self.due.min(self.short),
            Freshness::Due => self.short,
            Freshness::Short | Freshness::Over => self.end,
        };
        stage.saturating_sub(now.since(self.arrival))
    }

    /// Returns the remaining life.
    pub(super) fn left(&self, now: Timestamps) -> Duration {
        self.end.saturating_sub(now.since(self.arrival))
    }
}

fn usual_due(life: Duration) -> Duration {
    if life >= LONG_LIFE {
        return life / 2;
    }
    life.saturating_sub(RENEWAL_LEAD).max(life / 2)
}

/// Counts a negative span as zero.
fn millis(span: UnixMillis) -> Duration {
    Duration::from_millis(u64::try_from(span).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{CredentialKind, Secret, TokenIdentity};

    const MINUTE: UnixMillis = 60 * 1000;
    const HOUR: UnixMillis = 60 * MINUTE;

    fn token(expires_on: UnixMillis, refresh_after: Option<UnixMillis>) -> AccessToken {
        AccessToken {
            token: Secret::new("t"),
            expires_on,
            refresh_after,
            tenant: None,
            identity: TokenIdentity::default(),
            source: CredentialKind::ClientSecret,
            attempts: Vec::new(),
            cached_in: None,
        }
    }

    fn moment(wall: UnixMillis, steady: Instant) -> Timestamps {
        Timestamps { wall, steady }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_due_when_the_service_says_so_or_by_the_default_rule() {
        let start = Instant::now();
        let rows = [
            (token(HOUR, Some(30 * MINUTE)), 30 * MINUTE),
            (token(HOUR, None), 50 * MINUTE),
            (token(2 * HOUR, None), HOUR),
            (token(2 * HOUR - 2000, None), HOUR - 1000),
            (token(2 * HOUR - 2 * MINUTE, None), HOUR + 48 * MINUTE),
            (token(10 * MINUTE, None), 5 * MINUTE),
            (token(HOUR, Some(0)), 50 * MINUTE),
            (token(HOUR, Some(-5)), 50 * MINUTE),
            (token(HOUR, Some(HOUR)), 50 * MINUTE),
            (token(1000 * HOUR, None), 12 * HOUR),
        ];
        for (token, due) in rows {
            assert_eq!(TokenLifetime::of(&token, moment(0, start)).refresh_after(), due, "{token:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_life_has_four_stages() {
        let start = Instant::now();
        let stages = |token: &AccessToken, minutes: &[UnixMillis]| {
            let life = TokenLifetime::of(token, moment(0, start));
            minutes.iter().map(|minute| life.freshness(moment(minute * MINUTE, start))).collect::<Vec<_>>()
        };
        let four = [Freshness::Fresh, Freshness::Due, Freshness::Short, Freshness::Over];
        assert_eq!(stages(&token(HOUR, None), &[49, 50, 55, 60]), four);
        assert_eq!(
            stages(&token(4 * MINUTE, None), &[1, 2, 3, 4]),
            four,
            "the least life of a short one is a part of it"
        );
        assert_eq!(stages(&token(HOUR, Some(58 * MINUTE)), &[54, 55]), [Freshness::Fresh, Freshness::Short]);
        assert_eq!(stages(&token(-1, None), &[0]), [Freshness::Over]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_that_advanced_further_counts() {
        let start = Instant::now();
        let life = TokenLifetime::of(&token(HOUR, None), moment(0, start));
        let in_an_hour = start + Duration::from_secs(3600);
        assert_eq!(life.freshness(moment(-10 * HOUR, in_an_hour)), Freshness::Over, "the wall clock was set back");
        assert_eq!(life.freshness(moment(HOUR, start)), Freshness::Over, "it was set forward, or the machine slept");
        assert_eq!(life.freshness(moment(-10 * HOUR, start)), Freshness::Fresh);
        assert_eq!(life.left(moment(0, in_an_hour)), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn it_knows_how_long_its_freshness_lasts() {
        let start = Instant::now();
        let life = TokenLifetime::of(&token(HOUR, None), moment(0, start));
        let unchanged = |minute: UnixMillis| life.unchanged_for(moment(minute * MINUTE, start)).as_secs() / 60;
        assert_eq!([0, 49, 50, 54, 55, 59, 60, 90].map(unchanged), [50, 1, 5, 1, 5, 1, 0, 0]);
    }
}
