//! Numbers of somebody else's file, exactly as they stand there: never a float in between.

use rust_decimal::Decimal;
use scrip::{Credits, Quantity};

/// `digits / 10^places`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Exact {
    digits: u128,
    places: i32,
}

const NANO_PLACES: i32 = 9;
/// A quantity has at most 15 integer digits.
const PER_LIMIT: u128 = 1_000_000_000_000_000;

impl Exact {
    /// Reads a JSON number; `None` for a negative one and for more than 28 digits, which no price has.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (plain, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let decimal = Decimal::from_str_exact(plain).ok()?.normalize();
        let mut digits = u128::try_from(decimal.mantissa()).ok()?;
        let mut places = i32::try_from(decimal.scale()).ok()?.checked_sub(exponent)?;
        // One number, one form: 10, 1e1 and 10.0 are equal.
        while digits > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            places = places.checked_sub(1)?;
        }
        Some(Self { digits, places: if digits == 0 { 0 } else { places } })
    }

    /// Whether this is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The same price for ten to the `power` times as much.
    #[must_use]
    pub const fn for_ten_to(self, power: i32) -> Self {
        Self { digits: self.digits, places: self.places.saturating_sub(power) }
    }

    /// The whole number it is, if it is one.
    #[must_use]
    pub fn whole(self) -> Option<Quantity> {
        let number = multiple(self.digits, self.places.checked_neg()?)?;
        u64::try_from(number).ok().and_then(Quantity::from_count)
    }
}

/// Prices of a common `per` as a book writes them. `per` grows by powers of ten until every amount has at most nine
/// decimals; where that is not enough the fraction is reduced. `None`: a book cannot say it exactly.
#[must_use]
pub fn scaled(prices: &[Exact], per: u32) -> Option<(Vec<Credits>, Quantity)> {
    by_tens(prices, per).or_else(|| reduced(prices, per))
}

fn by_tens(prices: &[Exact], per: u32) -> Option<(Vec<Credits>, Quantity)> {
    (0..15).find_map(|power: i32| {
        let per = multiple(per.into(), power).filter(|per| *per < PER_LIMIT)?;
        let nanos = |price: &Exact| multiple(price.digits, NANO_PLACES.checked_add(power)?.checked_sub(price.places)?);
        let credits = prices.iter().map(|price| credits(nanos(price)?)).collect::<Option<_>>()?;
        Some((credits, u64::try_from(per).ok().and_then(Quantity::from_count)?))
    })
}

fn reduced(prices: &[Exact], per: u32) -> Option<(Vec<Credits>, Quantity)> {
    let places = prices.iter().map(|price| price.places).max()?.max(0);
    let above = prices.iter().map(|price| multiple(price.digits, places.checked_sub(price.places)?));
    let above: Vec<u128> = above.collect::<Option<_>>()?;
    let below = multiple(per.into(), places)?;
    let common = above.iter().fold(below, |common, number| greatest_common_divisor(common, *number));
    let credits = above.iter().map(|number| credits(number.checked_div(common)?)).collect::<Option<_>>()?;
    // For a part of a unit a price beyond all amounts would look like one.
    let per = Quantity::from_nanos(below.checked_div(common)?).filter(|said| *said >= Quantity::from_whole(per))?;
    Some((credits, per))
}

fn credits(nanos: u128) -> Option<Credits> {
    u64::try_from(nanos).ok().and_then(|nanos| Credits::from_nanos(nanos).ok())
}

/// `number × 10^power`, if that is whole and fits.
fn multiple(number: u128, power: i32) -> Option<u128> {
    if number == 0 {
        return Some(0);
    }
    let ten = 10_u128.checked_pow(power.unsigned_abs())?;
    if power >= 0 {
        number.checked_mul(ten)
    } else {
        (number.checked_rem(ten)? == 0).then(|| number.checked_div(ten)).flatten()
    }
}

/// Of two numbers, 0 of which divides nothing.
pub(super) fn greatest_common_divisor(one: u128, other: u128) -> u128 {
    let (mut one, mut other) = (one, other);
    while let Some(rest) = one.checked_rem(other) {
        (one, other) = (other, rest);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(texts: &[&str], per: u32) -> Option<(Vec<String>, String)> {
        let prices: Vec<Exact> = texts.iter().map(|text| Exact::read(text).unwrap()).collect();
        let (credits, per) = scaled(&prices, per)?;
        Some((credits.iter().map(ToString::to_string).collect(), per.to_string()))
    }

    fn some(credits: &[&str], per: &str) -> Option<(Vec<String>, String)> {
        Some((credits.iter().map(|text| (*text).to_owned()).collect(), per.to_owned()))
    }

    #[test]
    fn a_price_is_said_as_it_stands_or_for_ten_times_as_much_until_nine_decimals_do() {
        assert_eq!(said(&["2.5"], 1_000_000), some(&["2.5"], "1000000"));
        assert_eq!(said(&["0.08333333333333334"], 1_000_000), some(&["8333333.333333334"], "100000000000000"));
        assert_eq!(said(&["1e-07", "2.5E-6"], 1), some(&["0.0000001", "0.0000025"], "1"));
        assert_eq!(said(&["0", "0.00"], 1000), some(&["0", "0"], "1000"));
        assert_eq!(said(&["1e3"], 1), some(&["1000"], "1"));
    }

    #[test]
    fn where_tens_are_not_enough_the_fraction_is_reduced() {
        // 50000000000000004 / 10^24 has a common divisor of 4.
        assert_eq!(said(&["5.0000000000000004e-08"], 1), some(&["12500000.000000001"], "250000000000000"));
        assert_eq!(said(&["5.0000000000000003e-08"], 1), None);
        assert_eq!(said(&["9000000001"], 1), None);
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for text in ["-1", "1e", "1e99999999999", "0.00000000000000000000000000001", "", "x"] {
            assert_eq!(Exact::read(text), None, "{text}");
        }
        assert_eq!(Exact::read("2.5e1").unwrap().whole(), Some(Quantity::from_whole(25)));
        assert_eq!(Exact::read("2.5").unwrap().whole(), None);
        assert_eq!(Exact::read("10.0"), Exact::read("1E+1"));
    }
}
