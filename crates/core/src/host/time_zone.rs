use super::Files;
use crate::types::UnixMillis;
use jiff_core::{
    civil::DateTime,
    tz::{posix, tzif, Offset},
    Timestamp,
};

/// The longest zone file. Every known one is shorter.
const LONGEST_ZONE: usize = 1 << 20;

/// A local clock, which converts what it shows into a moment.
#[derive(Clone, Debug)]
pub struct TimeZone(Rules);

#[derive(Clone, Debug)]
enum Rules {
    Utc,
    /// A zone in POSIX's form, as in `TZ`.
    Text(posix::TimeZone),
    File(tzif::TimeZone),
    /// A zone of the Windows registry.
    #[cfg(windows)]
    System(jiff::tz::TimeZone),
}

impl TimeZone {
    /// Returns the zone that `TZ` names, in any form of POSIX and the C libraries, or else the machine's. As there, an
    /// unknown zone is UTC.
    pub async fn named(name: Option<&str>, files: &Files) -> Self {
        let name = name.map(|name| name.trim_start_matches(':')).filter(|name| !name.is_empty());
        let rules = match name {
            Some(name) => {
                let text = || posix::TimeZone::parse(name).ok().map(Rules::Text);
                of_file(&path(name), files).await.or_else(text)
            }
            None => of_machine(files).await,
        };
        Self(rules.unwrap_or(Rules::Utc))
    }

    /// Returns the moment at which the clock shows this (`2026-10-25 02:30:00.000000`). If it shows it twice, at the
    /// end of summer time, returns the earlier one: a token is then renewed an hour early and not an hour late.
    pub fn moment(&self, text: &str) -> Option<UnixMillis> {
        let shown = shown(text.trim())?;
        let moment = match &self.0 {
            Rules::Utc => shown.to_timestamp(Offset::UTC),
            Rules::Text(zone) => zone.to_ambiguous_timestamp(shown).earlier(),
            Rules::File(zone) => zone.to_ambiguous_timestamp(shown).earlier(),
            #[cfg(windows)]
            Rules::System(zone) => return of_system(zone, shown),
        };
        moment.ok().map(Timestamp::as_millisecond)
    }
}

/// Parses year, month, day, hour, minute and second, with or without a fraction, as Python writes a date without a
/// zone.
fn shown(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once(' ')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let [nanosecond] = numbers(format!("{fraction:0<9}").get(..9)?, '.')?;
    let small = |number| i8::try_from(number).ok();
    let year = i16::try_from(year).ok()?;
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, nanosecond).ok()
}

fn numbers<const COUNT: usize>(text: &str, separator: char) -> Option<[i32; COUNT]> {
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = text.split(separator).map(|part| Some(part).filter(is_number)?.parse().ok());
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}

fn path(name: &str) -> String {
    if name.starts_with('/') {
        name.to_owned()
    } else {
        format!("/usr/share/zoneinfo/{name}")
    }
}

async fn of_file(path: &str, files: &Files) -> Option<Rules> {
    let content = files.read(path, LONGEST_ZONE).await.ok()?;
    tzif::TimeZone::parse(&content).ok().map(Rules::File)
}

#[cfg(not(windows))]
async fn of_machine(files: &Files) -> Option<Rules> {
    of_file("/etc/localtime", files).await
}

/// Windows has its own names of zones, which the library translates (CLDR's `windowsZones.xml`).
#[cfg(windows)]
#[expect(clippy::unused_async, reason = "on other systems it reads a file")]
async fn of_machine(_: &Files) -> Option<Rules> {
    jiff::tz::TimeZone::try_system().ok().map(Rules::System)
}

#[cfg(windows)]
fn of_system(zone: &jiff::tz::TimeZone, shown: DateTime) -> Option<UnixMillis> {
    let (date, time) = (shown.date(), shown.time());
    let (year, month, day) = (date.year(), date.month(), date.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let shown = jiff::civil::DateTime::new(year, month, day, hour, minute, second, time.subsec_nanosecond()).ok()?;
    zone.to_ambiguous_timestamp(shown).earlier().ok().map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeFiles;

    /// Central European time by its rule; no file of zones is needed.
    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    async fn moment(zone: &str, text: &str) -> Option<UnixMillis> {
        TimeZone::named(Some(zone), &Files::fake(FakeFiles::default())).await.moment(text)
    }

    #[tokio::test]
    async fn summer_and_winter_have_clocks_of_their_own() {
        assert_eq!(moment(BERLIN, "2026-01-01 12:00:00.000000").await, Some(1_767_265_200_000));
        assert_eq!(moment(BERLIN, "2026-07-01 12:00:00.250000").await, Some(1_782_900_000_250));
        assert_eq!(moment("UTC0", "2026-07-01 12:00:00").await, Some(1_782_907_200_000));
        assert_eq!(moment("PST8PDT,M3.2.0,M11.1.0", "2026-07-01 03:00:00").await, Some(1_782_900_000_000));
    }

    #[tokio::test]
    async fn of_an_hour_that_occurs_twice_the_first_one_counts() {
        assert_eq!(moment(BERLIN, "2026-10-25 02:30:00").await, Some(1_792_888_200_000));
        assert_eq!(moment(BERLIN, "2026-10-25 03:00:00").await, Some(1_792_893_600_000));
    }

    #[tokio::test]
    async fn an_unknown_zone_is_utc_and_an_invalid_time_is_rejected() {
        assert_eq!(moment("Nowhere/City", "2026-01-01 00:00:00").await, Some(1_767_225_600_000));
        assert_eq!(moment(":", "2026-01-01 00:00:00").await, Some(1_767_225_600_000));
        for text in ["", "soon", "2026-13-01 00:00:00", "2026-01-01", "2026-01-01 00:00", "2026-01-+1 00:00:00"] {
            assert_eq!(moment("UTC0", text).await, None, "{text}");
        }
    }

    #[cfg(windows)]
    #[tokio::test]
    async fn windows_knows_the_machines_zone() {
        let zone = TimeZone::named(None, &Files::system()).await;
        assert!(matches!(zone.0, Rules::System(_)), "{zone:?}");
        let moment = zone.moment("2026-07-01 12:00:00").expect("a moment");
        // No zone differs more than that from UTC.
        assert!((moment - 1_782_907_200_000).abs() <= 15 * 3_600_000, "{moment}");
        assert_eq!(zone.moment("2026-07-01 12:00:01"), Some(moment + 1000));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_machines_zone_is_read_from_its_file() {
        let system = Files::system();
        let Ok(content) = system.read("/usr/share/zoneinfo/Europe/Berlin", LONGEST_ZONE).await else {
            println!("skipped: this machine has no files of time zones");
            return;
        };
        let fakes = FakeFiles::default();
        fakes.write("/etc/localtime", content.to_vec());
        let zone = TimeZone::named(None, &Files::fake(fakes)).await;
        assert_eq!(zone.moment("2026-07-01 12:00:00"), Some(1_782_900_000_000));
        let named = TimeZone::named(Some("Europe/Berlin"), &system).await;
        assert_eq!(named.moment("2026-07-01 12:00:00"), Some(1_782_900_000_000));
    }
}
