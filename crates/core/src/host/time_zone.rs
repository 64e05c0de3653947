use super::Files;
use crate::types::UnixMillis;
use jiff::{civil::DateTime, tz, Timestamp};

/// Every zone's file is below this.
const LONGEST_ZONE: usize = 1 << 20;

/// A local clock: what it shows, and which moment that was.
#[derive(Clone, Debug)]
pub struct TimeZone(tz::TimeZone);

impl TimeZone {
    /// The zone that `TZ` names, in any of the ways that POSIX and the C libraries know, or else the machine's. As
    /// there, one that cannot be found is UTC.
    pub async fn named(name: Option<&str>, files: &Files) -> Self {
        let name = name.map(|name| name.trim_start_matches(':')).filter(|name| !name.is_empty());
        let zone = match name {
            Some(name) => of_file(&path(name), files).await.or_else(|| tz::TimeZone::posix(name).ok()),
            None => of_machine(files).await,
        };
        Self(zone.unwrap_or(tz::TimeZone::UTC))
    }

    /// The moment at which the clock shows this (`2026-10-25 02:30:00.000000`). Where it shows it twice, at the end
    /// of summer time, the earlier one: a token is then renewed an hour early instead of an hour late.
    pub fn moment(&self, text: &str) -> Option<UnixMillis> {
        let shown = DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", text.trim()).ok()?;
        self.0.to_ambiguous_timestamp(shown).earlier().ok().map(Timestamp::as_millisecond)
    }
}

fn path(name: &str) -> String {
    if name.starts_with('/') {
        name.to_owned()
    } else {
        format!("/usr/share/zoneinfo/{name}")
    }
}

async fn of_file(path: &str, files: &Files) -> Option<tz::TimeZone> {
    let content = files.read(path, LONGEST_ZONE).await.ok()?;
    tz::TimeZone::tzif(path, &content).ok()
}

#[cfg(not(windows))]
async fn of_machine(files: &Files) -> Option<tz::TimeZone> {
    of_file("/etc/localtime", files).await
}

/// Windows tells it by a name of its own, which the library translates (CLDR's `windowsZones.xml`). No test has run this
/// there.
#[cfg(windows)]
async fn of_machine(_: &Files) -> Option<tz::TimeZone> {
    tz::TimeZone::try_system().ok()
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
    async fn an_hour_that_comes_twice_is_the_first_one() {
        assert_eq!(moment(BERLIN, "2026-10-25 02:30:00").await, Some(1_792_888_200_000));
        assert_eq!(moment(BERLIN, "2026-10-25 03:00:00").await, Some(1_792_893_600_000));
    }

    #[tokio::test]
    async fn an_unknown_zone_is_utc_and_nonsense_is_no_moment() {
        assert_eq!(moment("Nowhere/City", "2026-01-01 00:00:00").await, Some(1_767_225_600_000));
        assert_eq!(moment(":", "2026-01-01 00:00:00").await, Some(1_767_225_600_000));
        for text in ["", "soon", "2026-13-01 00:00:00", "2026-01-01"] {
            assert_eq!(moment("UTC0", text).await, None, "{text}");
        }
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
