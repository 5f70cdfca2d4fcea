use alloc::string::String;
use core::{fmt, str::FromStr};

#[cfg(feature = "std")]
use rust_decimal::Decimal;

use crate::{
    Credits, PricingError,
    pricing_error::{Fault, Kind},
    said::{Say, decimal, read_decimal, said},
    wide::{Round, multiply_divide},
};

/// How much of something: an exact, non-negative decimal of at most 15 integer and 9 fractional digits.
///
/// What is computed from it is computed in wide integers and rounded once. To and from `rust_decimal::Decimal` it converts without loss; it is not one, because that rounds silently beyond 96 bits.
///
/// ```
/// use scrip::Quantity;
/// let minutes: Quantity = "41.6660".parse()?;
/// assert_eq!(minutes.to_string(), "41.666");
/// assert_eq!(rust_decimal::Decimal::from(minutes), rust_decimal::Decimal::new(41_666, 3));
/// for text in ["1e3", "-1", "+1", " 1", "１", "0.0000000001", "1000000000000000"] {
///     assert_eq!(text.parse::<Quantity>().unwrap_err().code(), "invalid_quantity");
/// }
/// # Ok::<(), scrip::PricingError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Quantity {
    /// Below 10¹⁵.
    whole: u64,
    /// Billionths, below 10⁹.
    billionths: u32,
}

const NANO: u128 = 1_000_000_000;
const LIMIT: u64 = 1_000_000_000_000_000;

impl Quantity {
    /// The largest: 999,999,999,999,999.999999999.
    pub(crate) const MAX: Self = Self { whole: LIMIT.saturating_sub(1), billionths: 999_999_999 };
    /// One.
    pub const ONE: Self = Self::from_whole(1);
    /// Nothing.
    pub const ZERO: Self = Self::from_whole(0);

    /// A whole quantity; every `u32` fits.
    #[must_use]
    pub const fn from_whole(number: u32) -> Self {
        Self { whole: number as u64, billionths: 0 }
    }

    /// A count; `None` beyond 15 digits.
    #[must_use]
    pub const fn from_count(count: u64) -> Option<Self> {
        if count < LIMIT { Some(Self { whole: count, billionths: 0 }) } else { None }
    }

    /// The quantity of this many billionths; `None` beyond 15 integer digits.
    #[must_use]
    pub fn from_nanos(nanos: u128) -> Option<Self> {
        let whole = multiply_divide(nanos, 1, NANO, Round::Down)?;
        let billionths = u32::try_from(nanos.checked_sub(whole.checked_mul(NANO)?)?).ok()?;
        u64::try_from(whole).ok().filter(|whole| *whole < LIMIT).map(|whole| Self { whole, billionths })
    }

    /// The quantity in billionths.
    #[must_use]
    pub const fn nanos(self) -> u128 {
        (self.whole as u128).saturating_mul(NANO).saturating_add(self.billionths as u128)
    }

    /// Whether this is nothing at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.whole == 0 && self.billionths == 0
    }

    /// Whether it has no fraction.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.billionths == 0
    }

    /// The number, where it has no fraction.
    #[must_use]
    pub const fn count(self) -> Option<u64> {
        if self.is_whole() { Some(self.whole) } else { None }
    }

    /// The whole quantity below, or itself.
    pub(crate) const fn rounded_down(self) -> Self {
        Self { whole: self.whole, billionths: 0 }
    }

    /// The whole quantity above, or itself; `overflow` where that has too many digits.
    pub(crate) fn rounded_up(self) -> Result<Self, Fault> {
        Self::from_count(self.whole.saturating_add(u64::from(!self.is_whole()))).ok_or_else(too_much)
    }

    /// The sum, or `overflow`.
    pub(crate) fn plus(self, other: Self) -> Result<Self, Fault> {
        Self::from_nanos(self.nanos().saturating_add(other.nanos())).ok_or_else(too_much)
    }

    /// `self × factor / divisor`, rounded to the billionth; `None` beyond 15 integer digits or for a divisor of zero.
    pub(crate) fn scaled(self, factor: Self, divisor: Self, round: Round) -> Option<Self> {
        let short = || {
            // Whole operands of ordinary size; the same number as below without wide arithmetic.
            let (divisor, product) = (divisor.count()?, self.count()?.checked_mul(factor.count()?)?);
            let rest = product.checked_rem(divisor)?.checked_mul(1_000_000_000)?;
            let up = u64::from(round == Round::Up && rest.checked_rem(divisor)? > 0);
            let billionths = u32::try_from(rest.checked_div(divisor)?.checked_add(up)?).ok()?;
            let whole = product.checked_div(divisor)?;
            (whole < LIMIT && billionths < 1_000_000_000).then_some(Self { whole, billionths })
        };
        let wide = || multiply_divide(self.nanos(), factor.nanos(), divisor.nanos(), round).and_then(Self::from_nanos);
        short().or_else(wide)
    }

    /// The product, rounded up to the billionth, or `overflow`.
    pub(crate) fn times(self, factor: Self) -> Result<Self, Fault> {
        if factor == Self::ONE {
            return Ok(self);
        }
        self.scaled(factor, Self::ONE, Round::Up).ok_or_else(too_much)
    }

    /// What this quantity costs at `credits` for `per`, rounded up to the nano-credit.
    pub(crate) fn cost(self, credits: Credits, per: Self) -> Result<Credits, Fault> {
        let nanos = match (self.count(), per.count()) {
            // Nearly every price and quantity; the same number as below without wide arithmetic.
            (Some(quantity), Some(per)) if let Some(product) = quantity.checked_mul(credits.nanos()) => {
                let rest = u64::from(product.checked_rem(per).is_some_and(|rest| rest > 0));
                product.checked_div(per).and_then(|amount| amount.checked_add(rest))
            }
            _ => multiply_divide(self.nanos(), credits.nanos().into(), per.nanos(), Round::Up)
                .and_then(|nanos| u64::try_from(nanos).ok()),
        };
        let amount = nanos.and_then(|nanos| Credits::from_nanos(nanos).ok());
        amount.ok_or_else(|| Fault::new(Kind::Overflow, "the cost is beyond 9000000000 credits"))
    }
}

pub(crate) fn too_much() -> Fault {
    Fault::new(Kind::Overflow, "a quantity is beyond 15 integer digits")
}

#[cfg(feature = "std")]
impl From<Quantity> for Decimal {
    fn from(quantity: Quantity) -> Self {
        // At most 80 bits and the scale 9: always a decimal.
        let nanos = i128::try_from(quantity.nanos()).unwrap_or(0);
        Self::try_from_i128_with_scale(nanos, 9).unwrap_or_default().normalize()
    }
}

#[cfg(feature = "std")]
impl TryFrom<Decimal> for Quantity {
    type Error = PricingError;

    /// Refuses what is negative or has too many digits.
    fn try_from(decimal: Decimal) -> Result<Self, PricingError> {
        let decimal = decimal.normalize();
        let zeros = 9_u32.checked_sub(decimal.scale());
        let nanos =
            zeros.and_then(|zeros| u128::try_from(decimal.mantissa()).ok()?.checked_mul(10_u128.checked_pow(zeros)?));
        nanos.and_then(Self::from_nanos).ok_or_else(Fault::quantity)
    }
}

impl FromStr for Quantity {
    type Err = PricingError;

    fn from_str(text: &str) -> Result<Self, PricingError> {
        parse(text).ok_or_else(Fault::quantity)
    }
}

fn parse(text: &str) -> Option<Quantity> {
    let (whole, billionths) = read_decimal(text)?;
    (whole < LIMIT).then_some(Quantity { whole, billionths })
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&said(&[self]))
    }
}

impl Say for Quantity {
    fn say(&self, text: &mut String) {
        decimal(self.whole, self.billionths.into(), text);
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

    proptest::proptest! {
        #[test]
        fn the_shorter_way_gives_what_wide_arithmetic_gives(
            numbers in proptest::array::uniform3((0..LIMIT, 0_u32..50)),
            up in proptest::bool::ANY,
        ) {
            let [left, factor, divisor] = numbers.map(|(number, shift)| Quantity::from_count(number >> shift).unwrap());
            let round = if up { Round::Up } else { Round::Down };
            let wide = multiply_divide(left.nanos(), factor.nanos(), divisor.nanos(), round).and_then(Quantity::from_nanos);
            proptest::prop_assert_eq!(left.scaled(factor, divisor, round), wide);
        }
    }

    #[test]
    fn the_largest_has_24_nines() {
        assert_eq!(Quantity::MAX.to_string(), "999999999999999.999999999");
        assert_eq!(Quantity::MAX.nanos(), 10_u128.pow(24) - 1);
    }

    #[test]
    fn whole_means_no_fraction() {
        assert!("3.000".parse::<Quantity>().unwrap().is_whole());
        assert!(Quantity::ZERO.is_whole());
        assert!(!"0.5".parse::<Quantity>().unwrap().is_whole());
        assert!("999999999999999".parse::<Quantity>().unwrap().is_whole());
    }
}
