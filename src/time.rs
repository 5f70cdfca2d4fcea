use alloc::string::String;
use core::num::NonZeroU32;

use crate::{Error, said::said};

/// A moment of ledger time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// The range is that of a JavaScript `Date`, ±8.64 × 10¹⁵ ms.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest moment.
    pub const MAX: Self = Self(8_640_000_000_000_000);
    /// The earliest moment.
    pub const MIN: Self = Self(-8_640_000_000_000_000);

    /// A moment from milliseconds since the epoch.
    ///
    /// # Errors
    /// [`Error::InvalidTime`] outside the range of a JavaScript `Date`.
    pub const fn from_millis(millis: i64) -> Result<Self, Error> {
        if millis > Self::MAX.0 || millis < Self::MIN.0 { Err(Error::InvalidTime) } else { Ok(Self(millis)) }
    }

    /// Milliseconds since the epoch, as text.
    #[must_use]
    pub fn to_text(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        said(&[&sign, &self.0.unsigned_abs()])
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

/// How long a spent amount stays away: a whole number of seconds, at least one, at most about 136 years.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Window(NonZeroU32);

impl Window {
    /// Thirty days of 86,400 seconds: the window of plans, packs and, unless they say otherwise, of embeds.
    pub const THIRTY_DAYS: Self = match NonZeroU32::new(2_592_000) {
        Some(seconds) => Self(seconds),
        None => Self(NonZeroU32::MIN),
    };

    /// A window of whole seconds.
    ///
    /// # Errors
    /// [`Error::InvalidTime`] for zero and beyond `u32::MAX` seconds.
    pub fn from_seconds(seconds: u64) -> Result<Self, Error> {
        u32::try_from(seconds).ok().and_then(NonZeroU32::new).map(Self).ok_or(Error::InvalidTime)
    }

    /// The length in seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0.get()
    }

    /// The moment this window after `at`: when something spent at `at` is available again.
    ///
    /// # Errors
    /// [`Error::Overflow`] beyond [`Timestamp::MAX`].
    pub const fn after(self, at: Timestamp) -> Result<Timestamp, Error> {
        // At most 4.3 × 10¹² + 8.64 × 10¹⁵: far inside an i64.
        match Timestamp::from_millis(at.0.saturating_add((self.0.get() as i64).saturating_mul(1000))) {
            Ok(at) => Ok(at),
            Err(_) => Err(Error::Overflow),
        }
    }
}

/// When an amount spent at `at` is due back; `None` when it never is.
pub(crate) fn due(window: Option<Window>, at: Timestamp) -> Option<Timestamp> {
    // A return beyond the last moment never comes: `spend` refuses it before it can be stored.
    window.and_then(|window| window.after(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_days_are_2_592_000_seconds() {
        assert_eq!(Window::THIRTY_DAYS.seconds(), 2_592_000);
    }

    #[test]
    fn a_window_of_zero_seconds_is_refused() {
        assert_eq!(Window::from_seconds(0), Err(Error::InvalidTime));
        assert!(Window::from_seconds(u64::from(u32::MAX)).is_ok());
        assert_eq!(Window::from_seconds(u64::from(u32::MAX) + 1), Err(Error::InvalidTime));
    }

    #[test]
    fn a_return_beyond_the_last_moment_is_an_overflow() {
        assert_eq!(Window::THIRTY_DAYS.after(Timestamp::MAX), Err(Error::Overflow));
    }
}
