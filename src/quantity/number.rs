/// The billionths of a float's exact shortest decimal, the one JavaScript's `String(n)` writes; `None` for NaN, infinities,
/// negatives and for numbers that need more than 9 fractional or 15 integer digits.
///
/// Integers alone: a float is `mantissa × 2^-shift`. For each count of fractional digits the nearest decimal is tried, and
/// the first that lies closer to this float than to any other is the shortest.
pub(super) fn shortest_nanos(number: f64) -> Option<u128> {
    const MANTISSA_BITS: u32 = 52;
    const POWERS: [u32; 10] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
    if number == 0.0 {
        return Some(0);
    }
    let bits = number.to_bits();
    let exponent = bits.wrapping_shr(MANTISSA_BITS) & 0x7ff;
    let negative = bits.wrapping_shr(63) == 1;
    // From 4.5 × 10¹⁵ upwards the shift would be zero or less; below 2⁻³² nothing has 9 digits.
    let shift = 1075_u64.checked_sub(exponent).filter(|shift| !negative && (1..=85).contains(shift))?;
    let shift = u32::try_from(shift).ok()?;
    let implicit = 1_u64.wrapping_shl(MANTISSA_BITS);
    let fraction = bits & implicit.wrapping_sub(1);
    let mantissa = u128::from(fraction | implicit);
    let half = 1_u128.wrapping_shl(shift.wrapping_sub(1));
    for (power, to_nanos) in POWERS.into_iter().zip(POWERS.into_iter().rev()) {
        let power = u128::from(power);
        // Below 2⁵³ × 10⁹ < 2⁸³, and the nearest multiple of 2^shift below 2⁸⁷.
        let scaled = mantissa.wrapping_mul(power);
        let below = scaled.wrapping_shr(shift);
        let rest = scaled.wrapping_sub(below.wrapping_shl(shift));
        // Of two that are equally near, the even one.
        let up = rest > half || (rest == half && below & 1 == 1);
        let digits = below.wrapping_add(u128::from(up));
        let nearest = digits.wrapping_shl(shift);
        let distance = nearest.abs_diff(scaled).wrapping_mul(2);
        // Just below a power of two the neighbours are half as far apart.
        let room = if fraction == 0 && nearest < scaled { power.wrapping_shr(1) } else { power };
        if distance < room || (distance == room && fraction & 1 == 0) {
            return Some(digits.wrapping_mul(u128::from(to_nanos)));
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::float_arithmetic, reason = "the oracle may")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By the standard library, which prints the shortest decimal and no exponent.
    fn printed(number: f64) -> Option<u128> {
        let text = format!("{}", number.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        if !number.is_finite() || number < 0.0 || fraction.len() > 9 {
            return None;
        }
        format!("{whole}{fraction:0<9}").parse().ok()
    }

    fn check(number: f64) {
        let (found, printed) = (shortest_nanos(number), printed(number));
        // Of two that are equally near, JavaScript takes the even one and Rust the larger.
        let tied = found.zip(printed).is_some_and(|(found, printed)| {
            let again = |nanos: u128| format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000).parse();
            let digits = |mut nanos: u128| {
                while nanos > 0 && nanos.is_multiple_of(10) {
                    nanos /= 10;
                }
                nanos
            };
            found < printed
                && again(found) == Ok(number)
                && digits(found) % 2 == 0
                && digits(found).abs_diff(digits(printed)) == 1
        });
        if (number < 1e15 || number.is_nan()) && !tied {
            assert_eq!(found, printed, "{number}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn equals_what_the_standard_library_prints(bits in any::<u64>(), whole in 0_u64..1_000_000_000_000_000, places in 0_i32..16) {
            check(f64::from_bits(bits));
            check(whole as f64 / 10_f64.powi(places));
            check(f64::from_bits((whole as f64 / 10_f64.powi(places)).to_bits().wrapping_add(1)));
        }
    }

    #[test]
    fn of_two_that_are_equally_near_the_even_one_is_taken_as_javascript_does() {
        assert_eq!(shortest_nanos(150_076_493_309_800.62), Some(150_076_493_309_800_620_000_000));
        assert_eq!(shortest_nanos(9_841_852_188_974.062), Some(9_841_852_188_974_062_000_000));
    }

    #[test]
    fn the_awkward_ones() {
        for number in [
            0.0,
            -0.0,
            0.1,
            0.3,
            5e-10,
            1e-9,
            1e-10,
            0.1 + 0.2,
            1.0,
            4.35,
            9.5,
            0.5,
            0.25,
            2f64.powi(-9),
            150_076_493_309_800.63,
        ] {
            check(number);
        }
        for power in -40..50 {
            check(2f64.powi(power));
            check(f64::from_bits(2f64.powi(power).to_bits() - 1));
        }
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, f64::MIN_POSITIVE, 5e-324] {
            assert_eq!(shortest_nanos(number), None, "{number}");
        }
    }
}
