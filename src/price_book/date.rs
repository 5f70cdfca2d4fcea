use alloc::{borrow::ToOwned, string::String};
use core::fmt;

use crate::{
    Timestamp,
    said::{Padded, said},
};

/// A moment as a price book writes it: RFC 3339, or a bare date that means midnight UTC. The text is kept as it was.
///
/// ```
/// use scrip::Date;
/// assert_eq!(Date::parse("2024-02-29").unwrap().at().as_millis(), 1_709_164_800_000);
/// assert_eq!(Date::parse("2024-02-29T01:00:00+01:00").unwrap().at(), Date::parse("2024-02-29").unwrap().at());
/// assert!(Date::parse("2023-02-29").is_none());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Date {
    text: String,
    at: Timestamp,
}

impl Date {
    /// Reads a date; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse(text).and_then(|millis| Timestamp::from_millis(millis).ok()).map(|at| Self { text: text.to_owned(), at })
    }

    /// The moment it means.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The text it was written in.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

const DAY: i64 = 86_400_000;

fn parse(text: &str) -> Option<i64> {
    let (year, rest) = text.as_bytes().split_at_checked(4)?;
    in_year(digits(year)?, rest)
}

/// What [`rfc3339`] writes: years beyond four digits have six and a sign.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let millis = match text.as_bytes().split_at_checked(7) {
        Some(([b'+', year @ ..], rest)) => in_year(digits(year)?, rest),
        Some(([b'-', year @ ..], rest)) => in_year(digits(year)?.checked_neg()?, rest),
        _ => parse(text),
    };
    Timestamp::from_millis(millis?).ok()
}

fn in_year(year: i64, rest: &[u8]) -> Option<i64> {
    let (date, time) = match rest.split_at_checked(6)? {
        (date, []) => (date, None),
        (date, [b'T' | b't', time @ ..]) => (date, Some(time)),
        _ => return None,
    };
    let [b'-', m1, m2, b'-', d1, d2] = *date else { return None };
    let (month, day) = (digits(&[m1, m2])?, digits(&[d1, d2])?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let midnight = days_before(year, month).checked_add(day)?.checked_sub(1)?.checked_mul(DAY)?;
    match time {
        None => Some(midnight),
        Some(time) => midnight.checked_add(time_of_day(time)?),
    }
}

/// Milliseconds since midnight UTC: negative where the offset reaches back into the day before.
fn time_of_day(time: &[u8]) -> Option<i64> {
    let [h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = time else { return None };
    let (hour, minute, second) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?, digits(&[*s1, *s2])?);
    let (fraction, zone) = match rest {
        [b'.', rest @ ..] => {
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, zone) = rest.split_at_checked(length).filter(|_| (1..=9).contains(&length))?;
            (fraction, zone)
        }
        zone => (&[][..], zone),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut millis = [b'0'; 3];
    for (slot, digit) in millis.iter_mut().zip(fraction) {
        *slot = *digit;
    }
    let offset = match zone {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            let minutes = hours.checked_mul(60)?.checked_add(minutes).filter(|_| hours < 24 && minutes < 60)?;
            if *sign == b'-' { minutes.checked_neg()? } else { minutes }
        }
        _ => return None,
    };
    let minutes = hour.checked_mul(60)?.checked_add(minute)?.checked_sub(offset)?;
    let seconds = minutes.checked_mul(60)?.checked_add(second)?;
    seconds.checked_mul(1000)?.checked_add(digits(&millis)?)
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0_i64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte.wrapping_sub(b'0')))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

const fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to the first of the month.
fn days_before(year: i64, month: i64) -> i64 {
    let years = year.saturating_sub(1);
    let leap_days = years.div_euclid(4).saturating_sub(years.div_euclid(100)).saturating_add(years.div_euclid(400));
    let before_year = years.saturating_mul(365).saturating_add(leap_days).saturating_sub(719_162);
    (1..month).fold(before_year, |days, month| days.saturating_add(days_in(year, month)))
}

/// RFC 3339 in UTC with milliseconds, as every answer writes a moment.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    let days = at.as_millis().div_euclid(DAY);
    // A guess by the average year, at most one off, and then the right one.
    let mut year = days.saturating_mul(400).div_euclid(146_097).saturating_add(1970);
    while days_before(year, 1) > days {
        year = year.saturating_sub(1);
    }
    while days_before(year.saturating_add(1), 1) <= days {
        year = year.saturating_add(1);
    }
    let (mut month, mut day) = (1, days.saturating_sub(days_before(year, 1)).saturating_add(1));
    while day > days_in(year, month) {
        day = day.saturating_sub(days_in(year, month));
        month = month.saturating_add(1);
    }
    let millis = at.as_millis().rem_euclid(DAY).unsigned_abs();
    let sign = match year {
        ..0 => "-",
        0..=9999 => "",
        _ => "+",
    };
    let width = if sign.is_empty() { 4 } else { 6 };
    let two = |number: u64| Padded(number, 2);
    said(&[
        &sign,
        &Padded(year.unsigned_abs(), width),
        &"-",
        &two(month.unsigned_abs()),
        &"-",
        &two(day.unsigned_abs()),
        &"T",
        &two(millis / 3_600_000),
        &":",
        &two(millis / 60_000 % 60),
        &":",
        &two(millis / 1000 % 60),
        &".",
        &Padded(millis % 1000, 3),
        &"Z",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            millis in Timestamp::MIN.as_millis()..=Timestamp::MAX.as_millis(),
            near in -62_167_219_200_000_i64..253_402_300_800_000,
        ) {
            let at = Timestamp::from_millis(millis).unwrap();
            prop_assert_eq!(moment(&rfc3339(at)), Some(at));
            let at = Timestamp::from_millis(near).unwrap();
            prop_assert_eq!(Date::parse(&rfc3339(at)).map(|date| date.at()), Some(at));
        }
    }

    #[test]
    fn known_moments_are_written_as_a_javascript_date_writes_them() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_800_000, "+010000-01-01T00:00:00.000Z"),
            (8_640_000_000_000_000, "+275760-09-13T00:00:00.000Z"),
            (-8_640_000_000_000_000, "-271821-04-20T00:00:00.000Z"),
        ] {
            assert_eq!(rfc3339(Timestamp::from_millis(millis).unwrap()), text);
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-00-01",
            "2024-04-31",
            "2024-02-30",
            "1900-02-29",
            "24-01-01",
            "2024-1-1",
            "2024-01-01T",
            "2024-01-01T24:00:00Z",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+1",
            "2024-01-01T00:00:00+25:00",
            "２０２４-01-01",
        ] {
            assert!(Date::parse(text).is_none(), "{text:?}");
        }
    }
}
