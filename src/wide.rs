//! Products wider than 128 bits, divided once: what keeps `quantity × credits / per` exact whatever the operands.

const LOW: u128 = u64::MAX as u128;

/// How the one division rounds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Round {
    Up,
    Down,
}

/// `left × right / divisor` with one rounding at the end; `None` when the answer needs more than 128 bits, when the
/// divisor is zero or when it has all 128 bits.
pub(crate) fn multiply_divide(left: u128, right: u128, divisor: u128, round: Round) -> Option<u128> {
    if divisor == 0 || divisor.leading_zeros() == 0 {
        return None;
    }
    let (high, low) = multiply(left, right);
    let bits = if high == 0 {
        128_u32.saturating_sub(low.leading_zeros())
    } else {
        256_u32.saturating_sub(high.leading_zeros())
    };
    let mut quotient = 0_u128;
    let mut rest = 0_u128;
    for place in (0..bits).rev() {
        let bit = match place.checked_sub(128) {
            Some(place) => high.wrapping_shr(place) & 1,
            None => low.wrapping_shr(place) & 1,
        };
        if quotient.leading_zeros() == 0 {
            return None;
        }
        // The rest stays below the divisor, whose top bit is clear: doubling it cannot lose a bit.
        rest = rest.wrapping_shl(1) | bit;
        quotient = quotient.wrapping_shl(1);
        if rest >= divisor {
            rest = rest.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    if round == Round::Up && rest > 0 { quotient.checked_add(1) } else { Some(quotient) }
}

/// The whole product as (upper, lower) 128 bits, from four products of 64 by 64 bits, none of which can overflow.
const fn multiply(left: u128, right: u128) -> (u128, u128) {
    let (left_high, left_low) = (left.wrapping_shr(64), left & LOW);
    let (right_high, right_low) = (right.wrapping_shr(64), right & LOW);
    let low = left_low.wrapping_mul(right_low);
    let cross = left_high.wrapping_mul(right_low);
    let other = left_low.wrapping_mul(right_high);
    let middle = low.wrapping_shr(64).wrapping_add(cross & LOW).wrapping_add(other & LOW);
    let high = left_high
        .wrapping_mul(right_high)
        .wrapping_add(cross.wrapping_shr(64))
        .wrapping_add(other.wrapping_shr(64))
        .wrapping_add(middle.wrapping_shr(64));
    (high, middle.wrapping_shl(64) | (low & LOW))
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    fn naive(left: u128, right: u128, divisor: u128, round: Round) -> Option<u128> {
        let product = BigUint::from(left) * BigUint::from(right);
        let divisor = BigUint::from(divisor);
        let quotient = match round {
            Round::Down => product / divisor,
            Round::Up => (product + &divisor - 1_u32) / divisor,
        };
        u128::try_from(quotient).ok()
    }

    fn number() -> impl Strategy<Value = u128> {
        (any::<u128>(), 0_u32..128).prop_map(|(number, shift)| number >> shift)
    }

    proptest! {
        #[test]
        fn equals_a_big_integer_library(left in number(), right in number(), divisor in number()) {
            let divisor = (divisor >> 1).max(1);
            for round in [Round::Up, Round::Down] {
                prop_assert_eq!(
                    multiply_divide(left, right, divisor, round),
                    naive(left, right, divisor, round),
                    "{} x {} / {} {:?}", left, right, divisor, round
                );
            }
        }
    }

    #[test]
    fn the_largest_operands_do_not_wrap() {
        let most = u128::MAX;
        assert_eq!(multiply_divide(most, most, most >> 1, Round::Down), None);
        assert_eq!(multiply_divide(most, (most >> 1) - 1, most >> 1, Round::Down), Some(most - 3));
        assert_eq!(multiply_divide(1, 1, 0, Round::Up), None);
        assert_eq!(multiply_divide(0, most, 7, Round::Up), Some(0));
    }
}
