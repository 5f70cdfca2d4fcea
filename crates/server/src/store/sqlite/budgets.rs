//! What an embed is charged in a UTC day, and what its runs under way may still be: no movement takes both beyond its budget.

use rusqlite::{OptionalExtension, params};
use scrip::Credits;

use super::{batch::Batch, columns::Amount, error::Fault};
use crate::store::budget::{self, day};

/// A run of the embed begins: it may come to what it holds.
pub(super) fn begin(batch: &Batch<'_>, embed: i64, hold: Credits, budget: Option<Credits>) -> Result<(), Fault> {
    check(batch, embed, hold, budget)?;
    batch
        .conn
        .prepare_cached("UPDATE embeds SET held = held + ?2 WHERE id = ?1")?
        .execute(params![embed, Amount(hold)])?;
    Ok(())
}

/// A run ends: what it held is free, what it came to is charged today.
pub(super) fn end(batch: &Batch<'_>, embed: i64, hold: Credits, charge: Option<Credits>) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached("UPDATE embeds SET held = held - ?2 WHERE id = ?1")?
        .execute(params![embed, Amount(hold)])?;
    charge.map_or(Ok(()), |amount| add(batch, embed, amount))
}

/// A debit of the embed.
pub(super) fn spend(batch: &Batch<'_>, embed: i64, amount: Credits, budget: Option<Credits>) -> Result<(), Fault> {
    check(batch, embed, amount, budget)?;
    add(batch, embed, amount)
}

fn add(batch: &Batch<'_>, embed: i64, amount: Credits) -> Result<(), Fault> {
    if !amount.is_zero() {
        batch
            .conn
            .prepare_cached(
                "INSERT INTO charges (embed, day, charged) VALUES (?1, ?2, ?3)
                 ON CONFLICT (embed, day) DO UPDATE SET charged = charged + excluded.charged",
            )?
            .execute(params![embed, day(batch.now), Amount(amount)])?;
    }
    Ok(())
}

fn check(batch: &Batch<'_>, embed: i64, amount: Credits, budget: Option<Credits>) -> Result<(), Fault> {
    let Some(budget) = budget else { return Ok(()) };
    let held = batch
        .conn
        .prepare_cached("SELECT held FROM embeds WHERE id = ?1")?
        .query_row([embed], |row| row.get::<_, Amount>(0))?;
    let charged = batch
        .conn
        .prepare_cached("SELECT charged FROM charges WHERE embed = ?1 AND day = ?2")?
        .query_row(params![embed, day(batch.now)], |row| row.get::<_, Amount>(0))
        .optional()?;
    let charged = charged.map_or(Credits::ZERO, |Amount(charged)| charged);
    Ok(budget::check(budget, held.0, charged, amount, batch.now)?)
}
