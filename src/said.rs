//! Text put together without the standard library's formatting, whose machinery weighs more in a browser than all that is
//! said with it.

use alloc::string::String;

/// Something that can be said.
pub(crate) trait Say {
    /// Adds it to a text.
    fn say(&self, text: &mut String);
}

/// The parts, one after the other.
pub(crate) fn said(parts: &[&dyn Say]) -> String {
    let mut text = String::new();
    parts.iter().for_each(|part| part.say(&mut text));
    text
}

/// A number with zeros in front of it up to a width.
pub(crate) struct Padded(pub(crate) u64, pub(crate) usize);

impl Say for &str {
    fn say(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Say for String {
    fn say(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Say for u64 {
    fn say(&self, text: &mut String) {
        Padded(*self, 1).say(text);
    }
}

impl Say for Padded {
    fn say(&self, text: &mut String) {
        let mut digits = [b'0'; 20];
        let (mut rest, mut used) = (self.0, 0_usize);
        for digit in digits.iter_mut().rev() {
            if rest == 0 && used >= self.1 {
                break;
            }
            // Below ten: it fits a byte.
            *digit = b'0'.wrapping_add((rest % 10) as u8);
            rest /= 10;
            used = used.saturating_add(1);
        }
        let shown = digits.get(digits.len().saturating_sub(used)..).unwrap_or_default();
        text.extend(shown.iter().map(|digit| char::from(*digit)));
    }
}

/// The billionths of a plain decimal: its whole part and what is behind the point.
///
/// No sign, no exponent, no blanks, no leading zeros, at most 9 fractional digits; anything else is nothing. A whole part that does
/// not fit is the largest number.
pub(crate) fn read_decimal(text: &str) -> Option<(u64, u32)> {
    let (mut whole, mut billionths) = (0_u64, 0_u32);
    let (mut places, mut length) = (None, 0_u8);
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        match places {
            None if byte == b'.' && length > 0 => places = Some(9_u8),
            // A zero in front stands alone.
            None if digit < 10 && (length == 0 || whole > 0) => {
                whole = whole.saturating_mul(10).saturating_add(digit.into());
                length = 1;
            }
            Some(left) if digit < 10 && left > 0 => {
                billionths = billionths.wrapping_mul(10).wrapping_add(digit.into());
                places = Some(left.wrapping_sub(1));
            }
            _ => return None,
        }
    }
    // Nothing at all, or nothing behind the point.
    if length == 0 || places == Some(9) {
        return None;
    }
    let missing = places.map_or(0, u32::from);
    Some((whole, billionths.wrapping_mul(10_u32.wrapping_pow(missing))))
}

/// A decimal of billionths without trailing zeros.
pub(crate) fn decimal(whole: u64, billionths: u64, text: &mut String) {
    whole.say(text);
    if billionths > 0 {
        text.push('.');
        Padded(billionths, 9).say(text);
        while text.as_bytes().last() == Some(&b'0') {
            text.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_said_as_the_standard_library_prints_them(number in any::<u64>(), shift in 0_u32..64, width in 1_usize..=20) {
            let number = number >> shift;
            prop_assert_eq!(said(&[&number, &" ", &Padded(number, width)]), format!("{number} {number:0width$}"));
        }
    }

    #[test]
    fn a_decimal_has_no_trailing_zeros() {
        for (whole, billionths, text) in [
            (0, 0, "0"),
            (0, 1, "0.000000001"),
            (10, 500_000_000, "10.5"),
            (u64::MAX, 999_999_999, "18446744073709551615.999999999"),
        ] {
            let mut found = String::new();
            decimal(whole, billionths, &mut found);
            assert_eq!(found, text);
        }
    }
}
