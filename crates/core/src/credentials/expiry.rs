//! Reads the time when a token expires, in each format that hosts and tools use.

use crate::types::UnixMillis;
use azure_core::time::parse_rfc3339;
use serde_json::Value;

/// The longest lifetime in seconds. A later end is shortened, so that a wrong answer is not kept for ever.
pub(super) const LONGEST_LIFETIME: i64 = 365 * 24 * 60 * 60;

/// The year 5138. Larger numbers are milliseconds.
const LATEST_SECONDS: f64 = 1e11;

/// Returns the time that a value names: a number since the epoch, also as text, or a date with its offset.
pub(super) fn moment(value: &Value) -> Option<UnixMillis> {
    match value {
        Value::Number(number) => since_epoch(number.as_f64()?),
        Value::String(text) => text.trim().parse().ok().and_then(since_epoch).or_else(|| date(text.trim())),
        _ => None,
    }
}

/// Returns the time that is this many seconds ahead; the value is a number or text.
pub(super) fn ahead(value: &Value, now: UnixMillis) -> Option<UnixMillis> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    seconds.is_finite().then(|| now.saturating_add(milliseconds(seconds)))
}

/// Returns the time if it can be a token's end: it must be in the future. A very distant one is shortened.
pub(super) fn plausible(moment: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
    (moment > now).then(|| moment.min(now + LONGEST_LIFETIME * 1000))
}

fn since_epoch(number: f64) -> Option<UnixMillis> {
    let seconds = if number > LATEST_SECONDS { number / 1000.0 } else { number };
    number.is_finite().then(|| milliseconds(seconds))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates, and a distant time is shortened later"
)]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0) as i64
}

fn date(text: &str) -> Option<UnixMillis> {
    let text = american(text).unwrap_or_else(|| text.to_owned());
    UnixMillis::try_from(parse_rfc3339(&text).ok()?.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Converts a date of App Service to the form of RFC 3339, for which `azure_core` already has a parser: before 2019
/// `9/14/2017 11:00:00 AM +00:00`, on Linux `09/14/2017 11:00:00 +00:00`.
/// Source: the managed identity tests of azidentity.
fn american(text: &str) -> Option<String> {
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    let (date, time, half, offset) = match words[..] {
        [date, time, offset] => (date, time, None, offset),
        [date, time, half, offset] => (date, time, Some(half), offset),
        _ => return None,
    };
    let [month, day, year] = date.split('/').collect::<Vec<_>>().try_into().ok()?;
    let (hour, rest) = time.split_once(':')?;
    let hour = hour_of_day(hour.parse().ok()?, half)?;
    Some(format!("{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{rest}{offset}"))
}

fn hour_of_day(hour: u8, half: Option<&str>) -> Option<u8> {
    match half {
        None => Some(hour),
        Some("AM") if (1..=12).contains(&hour) => Some(hour % 12),
        Some("PM") if (1..=12).contains(&hour) => Some(hour % 12 + 12),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_is_read_in_every_format() {
        let rows = [
            (json!(1_505_386_800), Some(1_505_386_800_000)),
            (json!("1505386800"), Some(1_505_386_800_000)),
            (json!(1_505_386_800_000_i64), Some(1_505_386_800_000)),
            (json!(1_505_386_800.5), Some(1_505_386_800_500)),
            (json!("2017-09-14T11:00:00Z"), Some(1_505_386_800_000)),
            (json!("2017-09-14T13:00:00.0000000+02:00"), Some(1_505_386_800_000)),
            (json!("9/14/2017 11:00:00 AM +00:00"), Some(1_505_386_800_000)),
            (json!("9/14/2017 11:00:00 PM +00:00"), Some(1_505_430_000_000)),
            (json!("09/14/2017 11:00:00 +00:00"), Some(1_505_386_800_000)),
            (json!("09/14/2017 13:00:00 +02:00"), Some(1_505_386_800_000)),
            (json!("9/14/2017 12:00:00 AM +00:00"), Some(1_505_347_200_000)),
            (json!("9/14/2017 12:00:00 PM +00:00"), Some(1_505_390_400_000)),
            (json!("9/14/2017 13:00:00 PM +00:00"), None),
            (json!("14/9/2017 11:00:00 +00:00"), None),
            (json!("9/14/2017 25:00:00 +00:00"), None),
            (json!("9/14/2017 11:00:00"), None),
            (json!("9/14/2017 11:00:00 +0"), None),
            (json!("soon"), None),
            (json!(""), None),
            (json!("NaN"), None),
            (json!(null), None),
            (json!([1]), None),
        ];
        for (value, wanted) in rows {
            assert_eq!(moment(&value), wanted, "{value}");
        }
    }

    #[test]
    fn a_lifetime_is_read_as_number_and_text() {
        assert_eq!(ahead(&json!(60), 1), Some(60_001));
        assert_eq!(ahead(&json!("60"), 1), Some(60_001));
        assert_eq!(ahead(&json!("a while"), 1), None);
        assert_eq!(ahead(&json!(1e300), 0), Some(i64::MAX));
    }

    #[test]
    fn a_token_ends_in_the_future_and_within_a_year() {
        assert_eq!(plausible(5, 5), None);
        assert_eq!(plausible(6, 5), Some(6));
        assert_eq!(plausible(i64::MAX, 5), Some(5 + LONGEST_LIFETIME * 1000));
    }
}
