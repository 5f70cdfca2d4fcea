use alloc::string::String;
use core::{fmt, str::FromStr};

use crate::{
    Error,
    said::{Say, decimal, read_decimal, said},
};

/// An exact, non-negative amount of credits: a whole number of *nano-credits* (10⁻⁹ credits).
///
/// The largest amount is 9,000,000,000 credits; arithmetic beyond it is [`Error::Overflow`], never a wrapped or rounded
/// number. Text is canonical: no exponent, no sign, no trailing zeros.
///
/// ```
/// use scrip::Credits;
/// let price: Credits = "0.0240".parse()?;
/// assert_eq!(price.to_string(), "0.024");
/// assert_eq!(price.nanos(), 24_000_000);
/// assert!("1e3".parse::<Credits>().is_err());
/// # Ok::<(), scrip::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Credits(u64);

const NANOS_PER_CREDIT: u64 = 1_000_000_000;

impl Credits {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One credit: one run under `prompt_run`, one US dollar under `metered`.
    pub const ONE: Self = Self(NANOS_PER_CREDIT);
    /// The largest amount: 9,000,000,000 credits. It fits a signed 64-bit column.
    pub const MAX: Self = Self(9_000_000_000 * NANOS_PER_CREDIT);

    /// An amount from a whole number of nano-credits, as stores keep it.
    ///
    /// # Errors
    /// [`Error::Overflow`] beyond [`Credits::MAX`].
    pub const fn from_nanos(nanos: u64) -> Result<Self, Error> {
        if nanos > Self::MAX.0 { Err(Error::Overflow) } else { Ok(Self(nanos)) }
    }

    /// A whole number of credits; every `u32` fits.
    #[must_use]
    pub const fn from_whole(credits: u32) -> Self {
        // 4,294,967,295 credits are below the maximum of 9,000,000,000.
        Self((credits as u64).saturating_mul(NANOS_PER_CREDIT))
    }

    /// The amount in nano-credits.
    #[must_use]
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Whether this is nothing at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`Error::Overflow`] beyond [`Credits::MAX`].
    pub const fn plus(self, other: Self) -> Result<Self, Error> {
        match self.0.checked_add(other.0) {
            Some(sum) => Self::from_nanos(sum),
            None => Err(Error::Overflow),
        }
    }

    /// The difference.
    ///
    /// # Errors
    /// [`Error::Overflow`] when `other` is larger.
    pub const fn minus(self, other: Self) -> Result<Self, Error> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Ok(Self(difference)),
            None => Err(Error::Overflow),
        }
    }

    /// The difference, or nothing when `other` is larger.
    #[must_use]
    pub const fn saturating_minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Credits {
    /// The amount as text. `Display` writes the same; this does without the formatting of the standard library.
    #[must_use]
    pub fn to_text(self) -> String {
        said(&[&self])
    }
}

impl FromStr for Credits {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (whole, billionths) = read_decimal(text).ok_or(Error::InvalidDecimal)?;
        let nanos = whole.checked_mul(NANOS_PER_CREDIT).and_then(|nanos| nanos.checked_add(billionths.into()));
        Self::from_nanos(nanos.ok_or(Error::Overflow)?)
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&said(&[self]))
    }
}

impl Say for Credits {
    fn say(&self, text: &mut String) {
        decimal(self.0 / NANOS_PER_CREDIT, self.0 % NANOS_PER_CREDIT, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_plain_decimal_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "+1",
            "-1",
            "1e3",
            " 1",
            "1 ",
            "٣",
            "１",
            "0x1",
            "1_000",
            "01",
            "00",
            "1.0000000000",
            "1.2.3",
            "NaN",
        ] {
            assert_eq!(text.parse::<Credits>(), Err(Error::InvalidDecimal), "{text:?}");
        }
    }

    #[test]
    fn trailing_zeros_are_read_and_not_written() {
        assert_eq!("1.500000000".parse::<Credits>().unwrap().to_string(), "1.5");
        assert_eq!("0.000000001".parse::<Credits>().unwrap().to_string(), "0.000000001");
        assert_eq!("0".parse::<Credits>().unwrap(), Credits::ZERO);
    }

    #[test]
    fn the_largest_amount_is_nine_billion_and_not_a_nano_more() {
        assert_eq!("9000000000".parse::<Credits>(), Ok(Credits::MAX));
        assert_eq!("9000000000.000000001".parse::<Credits>(), Err(Error::Overflow));
        assert_eq!("99999999999999999999999".parse::<Credits>(), Err(Error::Overflow));
        assert_eq!(Credits::MAX.plus(Credits::from_nanos(1).unwrap()), Err(Error::Overflow));
    }
}
