mod number;

use core::{cmp::Ordering, fmt, str::FromStr};

use rust_decimal::Decimal;

use crate::{
    Credits, PricingError,
    pricing_error::{Fault, Kind},
    wide::{Round, multiply_divide},
};

/// How much of something: an exact, non-negative decimal of at most 15 integer and 9 fractional digits.
///
/// It is a [`Decimal`] held to these bounds, so every quantity fits; what is computed from it is computed in wide
/// integers of its [`nanos`](Self::nanos) and rounded once, because `Decimal` itself rounds silently beyond 96 bits.
///
/// ```
/// use scrip::Quantity;
/// let minutes: Quantity = "41.6660".parse()?;
/// assert_eq!(minutes.to_string(), "41.666");
/// assert_eq!(minutes.decimal(), rust_decimal::Decimal::new(41_666, 3));
/// for text in ["1e3", "-1", "+1", " 1", "１", "0.0000000001", "1000000000000000"] {
///     assert_eq!(text.parse::<Quantity>().unwrap_err().code(), "invalid_quantity");
/// }
/// # Ok::<(), scrip::PricingError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Quantity(Decimal);

const FRACTION_DIGITS: u32 = 9;
const INTEGER_DIGITS: usize = 15;
const NANO: u128 = 1_000_000_000;
const LIMIT: u128 = 1_000_000_000_000_000 * NANO;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The largest: 999,999,999,999,999.999999999.
    pub(crate) const MAX: Self = Self(Decimal::from_parts(2_701_131_775, 466_537_709, 54_210, false, FRACTION_DIGITS));

    /// A whole quantity; every `u32` fits.
    #[must_use]
    pub fn from_whole(number: u32) -> Self {
        Self::from_nanos(u128::from(number).saturating_mul(NANO)).unwrap_or(Self::ZERO)
    }

    /// The quantity of this many billionths; `None` beyond 15 integer digits.
    #[must_use]
    pub fn from_nanos(nanos: u128) -> Option<Self> {
        if nanos >= LIMIT {
            return None;
        }
        let nanos = i128::try_from(nanos).ok()?;
        Decimal::try_from_i128_with_scale(nanos, FRACTION_DIGITS).ok().map(Self)
    }

    /// A JSON or JavaScript number, taken by its exact shortest decimal; `None` unless that is a quantity.
    #[must_use]
    pub fn from_number(number: f64) -> Option<Self> {
        number::shortest_nanos(number).and_then(Self::from_nanos)
    }

    /// The quantity in billionths.
    #[must_use]
    pub fn nanos(self) -> u128 {
        // Every constructor but `ZERO`, which has no digits, gives the scale 9.
        self.0.mantissa().unsigned_abs()
    }

    /// The same number as a normalised [`Decimal`], without loss.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.0.normalize()
    }

    /// Whether this is nothing at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.nanos() == 0
    }

    /// Whether it has no fraction.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.rounded_up() == self
    }

    /// The number, where it has no fraction.
    pub(crate) fn whole(self) -> Option<u64> {
        let whole = multiply_divide(self.nanos(), 1, NANO, Round::Down).filter(|_| self.is_whole())?;
        u64::try_from(whole).ok()
    }

    /// The next whole quantity, or itself.
    pub(crate) fn rounded_up(self) -> Self {
        let whole = multiply_divide(self.nanos(), 1, NANO, Round::Up).unwrap_or(0);
        Self::from_nanos(whole.saturating_mul(NANO)).unwrap_or(self)
    }

    /// `self × factor / divisor` in nanos.
    pub(crate) fn times_over(self, factor: u128, divisor: u128, round: Round) -> Option<u128> {
        multiply_divide(self.nanos(), factor, divisor, round)
    }

    /// The sum, or `overflow`.
    pub(crate) fn plus(self, other: Self) -> Result<Self, Fault> {
        self.nanos().checked_add(other.nanos()).and_then(Self::from_nanos).ok_or_else(too_much)
    }

    /// A count; `None` beyond 15 digits.
    pub(crate) fn from_count(count: usize) -> Option<Self> {
        u128::try_from(count).ok()?.checked_mul(NANO).and_then(Self::from_nanos)
    }

    /// `self × factor / divisor`, rounded up to the billionth, or `overflow`; the divisor is not zero.
    pub(crate) fn scaled(self, factor: Self, divisor: Self) -> Result<Self, Fault> {
        self.times_over(factor.nanos(), divisor.nanos(), Round::Up).and_then(Self::from_nanos).ok_or_else(too_much)
    }

    /// The product, rounded up to the billionth, or `overflow`.
    pub(crate) fn times(self, factor: Self) -> Result<Self, Fault> {
        self.scaled(factor, Self::from_whole(1))
    }

    /// The quotient, rounded up to the billionth, or `overflow`; the divisor is not zero.
    pub(crate) fn over(self, divisor: Self) -> Result<Self, Fault> {
        self.scaled(Self::from_whole(1), divisor)
    }

    /// What this quantity costs at `credits` for `per`, rounded up to the nano-credit.
    pub(crate) fn cost(self, credits: Credits, per: Self) -> Result<Credits, Fault> {
        self.times_over(u128::from(credits.nanos()), per.nanos(), Round::Up)
            .and_then(|nanos| u64::try_from(nanos).ok())
            .and_then(|nanos| Credits::from_nanos(nanos).ok())
            .ok_or_else(|| Fault::new(Kind::Overflow, "the cost is beyond 9000000000 credits"))
    }
}

fn too_much() -> Fault {
    Fault::new(Kind::Overflow, "a quantity is beyond 15 integer digits")
}

impl Eq for Quantity {}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos() == other.nanos()
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos().cmp(&other.nanos())
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Quantity {
    type Err = PricingError;

    fn from_str(text: &str) -> Result<Self, PricingError> {
        parse(text).ok_or_else(Fault::quantity)
    }
}

fn parse(text: &str) -> Option<Quantity> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |digits: &str, most: usize| {
        !digits.is_empty() && digits.len() <= most && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if !plain(whole, INTEGER_DIGITS) || !plain(fraction, FRACTION_DIGITS as usize) || leading_zero {
        return None;
    }
    let fraction = fraction.bytes().chain(core::iter::repeat(b'0')).take(FRACTION_DIGITS as usize);
    // At most 24 digits: far inside 128 bits.
    Quantity::from_nanos(
        whole
            .bytes()
            .chain(fraction)
            .fold(0_u128, |number, byte| number.saturating_mul(10).saturating_add(u128::from(byte.wrapping_sub(b'0')))),
    )
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = multiply_divide(self.nanos(), 1, NANO, Round::Down).unwrap_or(0);
        let fraction = self.nanos().saturating_sub(whole.saturating_mul(NANO));
        // Both halves are far inside 64 bits; an amount of credits prints the fraction as this does.
        write!(f, "{}", u64::try_from(whole).unwrap_or(0))?;
        let fraction = Credits::from_nanos(u64::try_from(fraction).unwrap_or(0)).unwrap_or(Credits::ZERO);
        match fraction.to_string().strip_prefix('0') {
            Some(digits) => f.write_str(digits),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_canonical_and_bounded() {
        for (text, canonical) in [
            ("0", "0"),
            ("0.000000001", "0.000000001"),
            ("10.50", "10.5"),
            ("999999999999999.999999999", "999999999999999.999999999"),
        ] {
            assert_eq!(text.parse::<Quantity>().unwrap().to_string(), canonical);
        }
        for text in ["", ".", "1.", ".5", "01", "1_0", "٣", "NaN", "1.0000000000", "1.2.3", "0x1", "1 "] {
            assert!(text.parse::<Quantity>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_largest_has_24_nines() {
        assert_eq!(Quantity::MAX.to_string(), "999999999999999.999999999");
        assert_eq!(Quantity::MAX.nanos(), LIMIT - 1);
    }

    #[test]
    fn whole_means_no_fraction() {
        assert!("3.000".parse::<Quantity>().unwrap().is_whole());
        assert!(Quantity::ZERO.is_whole());
        assert!(!"0.5".parse::<Quantity>().unwrap().is_whole());
        assert!("999999999999999".parse::<Quantity>().unwrap().is_whole());
    }
}
