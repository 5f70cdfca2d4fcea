//! An embed's daily budget: what it was charged on a UTC day and what its runs under way hold never exceed it together.

use scrip::{Credits, Timestamp};

use super::StoreError;

const DAY_MILLIS: i64 = 86_400_000;

/// The UTC day of a moment.
pub(super) fn day(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(DAY_MILLIS)
}

/// Whether one more amount fits today.
pub(super) fn check(
    budget: Credits,
    held: Credits,
    charged: Credits,
    amount: Credits,
    now: Timestamp,
) -> Result<(), StoreError> {
    // A sum beyond all amounts is beyond every budget, too.
    let sum = held.plus(charged).and_then(|sum| sum.plus(amount));
    if sum.is_ok_and(|sum| sum <= budget) {
        return Ok(());
    }
    let midnight = day(now).saturating_add(1).saturating_mul(DAY_MILLIS);
    Err(StoreError::BudgetExhausted { resets_at: Timestamp::from_millis(midnight).unwrap_or(now) })
}
