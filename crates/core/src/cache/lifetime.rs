use crate::{
    host::Clock,
    types::{least_life, AccessToken, UnixMillis},
};
use std::time::Duration;
use tokio::time::Instant;

/// Where the service does not say when to renew: a token that lives as long as this, at half its life (as MSAL does
/// for managed identities) …
const LONG_LIFE: Duration = Duration::from_secs(2 * 60 * 60);

/// … and others this long before their end, though not before half their life.
const RENEWAL_LEAD: Duration = Duration::from_secs(10 * 60);

/// No token is kept for longer, whatever it says of itself.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// What both clocks show.
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

    /// What the wall clock would have shown then, had it gone as it goes now. While a machine sleeps the steady clock stands
    /// still: then it is a later moment.
    pub(super) fn wall_then(self, earlier: Self) -> UnixMillis {
        let since = self.steady.saturating_duration_since(earlier.steady);
        self.wall.saturating_sub(UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX))
    }

    /// The time since then, by the clock that went further. The steady one stands still while a machine sleeps, the
    /// wall clock can be set: by the later of the two no token outlives its end, and setting the clock back wins it
    /// no time.
    fn since(self, earlier: Self) -> Duration {
        let steady = self.steady.saturating_duration_since(earlier.steady);
        steady.max(millis(self.wall.saturating_sub(earlier.wall)))
    }
}

/// How a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Nothing to do.
    Fresh,
    /// Good, and the next one should be asked for.
    Due,
    /// Valid, but a better one should be handed out where it can be had in time.
    Short,
    /// No longer valid.
    Over,
}

/// The stages of a token's life, as ages: counted from its arrival.
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
        // Of a token from a store that moment may have passed; a service that says so of a new one is mistaken.
        let counts = |age: &Duration| *age < end && (token.cached_in.is_some() || !age.is_zero());
        let due = asked_for.filter(counts).unwrap_or_else(|| usual_due(end));
        Self { arrival, due, short: end.saturating_sub(least_life(end)), end }
    }

    /// From when on the next token should be asked for, by the wall clock at arrival.
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

    /// How long its freshness stays as it is.
    pub(super) fn unchanged_for(&self, now: Timestamps) -> Duration {
        let stage = match self.freshness(now) {
            Freshness::Fresh => self.due.min(self.short),
            Freshness::Due => self.short,
            Freshness::Short | Freshness::Over => self.end,
        };
        stage.saturating_sub(now.since(self.arrival))
    }

    /// How much of it is left.
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

/// What is negative counts as nothing.
fn millis(span: UnixMillis) -> Duration {
    Duration::from_millis(u64::try_from(span).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{CredentialKind, Secret};

    const MINUTE: UnixMillis = 60 * 1000;
    const HOUR: UnixMillis = 60 * MINUTE;

    fn token(expires_on: UnixMillis, refresh_after: Option<UnixMillis>) -> AccessToken {
        AccessToken {
            token: Secret::new("t"),
            expires_on,
            refresh_after,
            tenant: None,
            source: CredentialKind::ClientSecret,
            attempts: Vec::new(),
            cached_in: None,
        }
    }

    fn moment(wall: UnixMillis, steady: Instant) -> Timestamps {
        Timestamps { wall, steady }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_due_when_the_service_says_so_or_by_our_rule() {
        let start = Instant::now();
        let rows = [
            (token(HOUR, Some(30 * MINUTE)), 30 * MINUTE),
            (token(HOUR, None), 50 * MINUTE),
            (token(2 * HOUR, None), HOUR),
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
    async fn the_clock_that_went_further_counts() {
        let start = Instant::now();
        let life = TokenLifetime::of(&token(HOUR, None), moment(0, start));
        let in_an_hour = start + Duration::from_secs(3600);
        assert_eq!(life.freshness(moment(-10 * HOUR, in_an_hour)), Freshness::Over, "the wall clock was set back");
        assert_eq!(life.freshness(moment(HOUR, start)), Freshness::Over, "it was set forward, or the machine slept");
        assert_eq!(life.freshness(moment(-10 * HOUR, start)), Freshness::Fresh);
        assert_eq!(life.left(moment(0, in_an_hour)), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_known_how_long_nothing_changes() {
        let start = Instant::now();
        let life = TokenLifetime::of(&token(HOUR, None), moment(0, start));
        let unchanged = |minute: UnixMillis| life.unchanged_for(moment(minute * MINUTE, start)).as_secs() / 60;
        assert_eq!([0, 49, 50, 54, 55, 59, 60, 90].map(unchanged), [50, 1, 5, 1, 5, 1, 0, 0]);
    }
}
