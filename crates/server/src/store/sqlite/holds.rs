//! Holds over HTTP: placed, settled, voided, or expired by themselves.

use rusqlite::{Connection, OptionalExtension, params};
use scrip::{Command, Credits, Legs, Timestamp};

use super::{
    batch::{Batch, Moving},
    columns::{Amount, Moment},
    entries::{self, Draft},
    error::Fault,
    idempotency::Target,
    ledger::{self, Done},
};
use crate::{
    ids::{AccountId, HoldId},
    store::{Hold, Item, Outcome, StoreError, TransactionKind},
};

const OPEN: i64 = 0;
const SETTLED: i64 = 1;
const VOID: i64 = 2;
/// Its time came before anybody closed it.
pub(super) const EXPIRED: i64 = 3;

/// Reserves.
pub(super) fn place(
    batch: &mut Batch<'_>,
    moving: &mut Moving,
    amount: Credits,
    expires_in_seconds: u32,
) -> Result<Done, Fault> {
    if amount.is_zero() {
        return Err(scrip::Error::ZeroAmount.into());
    }
    let transition = moving.apply(batch, Command::Hold { amount })?;
    let millis = transition.at.as_millis().saturating_add(i64::from(expires_in_seconds).saturating_mul(1000));
    let hold = Hold { id: HoldId::generate(), amount, expires_at: Timestamp::from_millis(millis)? };
    let number = batch.next();
    batch
        .conn
        .prepare_cached(
            "INSERT INTO holds (id, public, account, allowance, prepaid, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            number,
            hold.id,
            moving.id(),
            Amount(transition.legs.allowance),
            Amount(transition.legs.prepaid),
            Moment(transition.at),
            Moment(hold.expires_at),
        ])?;
    Ok((Outcome::Hold(hold), Target::Hold(number)))
}

/// Spends what was reserved and frees the rest.
pub(super) fn settle(
    batch: &mut Batch<'_>,
    moving: &mut Moving,
    id: HoldId,
    amount: Option<Credits>,
    items: Vec<Item>,
) -> Result<Done, Fault> {
    let (number, hold, _) = open(batch, moving, id)?;
    let amount = match amount {
        Some(amount) => amount,
        None => hold.total()?,
    };
    let transition = moving.apply(batch, Command::Settle { hold, amount })?;
    let draft = Draft { items, hold: Some(number), ..Draft::default() };
    let (entry, transaction) = entries::write(batch, moving, TransactionKind::Debit, &transition, draft)?;
    close_as(batch, number, SETTLED, entry)?;
    ledger::done((entry, transaction))
}

/// Frees what was reserved.
pub(super) fn void(batch: &mut Batch<'_>, moving: &mut Moving, id: HoldId) -> Result<Done, Fault> {
    let (number, hold, answer) = open(batch, moving, id)?;
    moving.apply(batch, Command::Void { hold })?;
    close(batch, number, VOID)?;
    Ok((Outcome::Hold(answer), Target::Hold(number)))
}

/// Marks a hold as closed; its credits are freed by the core.
pub(super) fn close(batch: &mut Batch<'_>, number: i64, state: i64) -> Result<(), Fault> {
    let sequence = batch.next();
    close_as(batch, number, state, sequence)
}

fn close_as(batch: &Batch<'_>, number: i64, state: i64, sequence: i64) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached("UPDATE holds SET state = ?2, closed_seq = ?3, closed_at = ?4 WHERE id = ?1")?
        .execute(params![number, state, sequence, Moment(batch.now)])?;
    Ok(())
}

/// An open hold of this account. Taking the account has already closed those whose time is up.
fn open(batch: &Batch<'_>, moving: &Moving, id: HoldId) -> Result<(i64, Legs, Hold), Fault> {
    let (number, state, legs, expires_at) = batch
        .conn
        .prepare_cached(
            "SELECT id, state, allowance, prepaid, expires_at FROM holds WHERE public = ?1 AND account = ?2",
        )?
        .query_row(params![id, moving.id()], |row| {
            let legs = Legs { allowance: row.get::<_, Amount>(2)?.0, prepaid: row.get::<_, Amount>(3)?.0 };
            Ok((row.get(0)?, row.get::<_, i64>(1)?, legs, row.get::<_, Moment>(4)?.0))
        })
        .optional()?
        .ok_or(StoreError::NotFound)?;
    if state != OPEN {
        return Err(StoreError::HoldClosed.into());
    }
    Ok((number, legs, Hold { id, amount: legs.total()?, expires_at }))
}

/// A hold as it was answered when it was placed.
pub(super) fn by_number(conn: &Connection, number: i64) -> Result<Hold, Fault> {
    let (id, legs, expires_at) = conn
        .prepare_cached("SELECT public, allowance, prepaid, expires_at FROM holds WHERE id = ?1")?
        .query_row([number], |row| {
            let legs = Legs { allowance: row.get::<_, Amount>(1)?.0, prepaid: row.get::<_, Amount>(2)?.0 };
            Ok((row.get(0)?, legs, row.get::<_, Moment>(3)?.0))
        })?;
    Ok(Hold { id, amount: legs.total()?, expires_at })
}

/// Frees everything that expired; how many holds. Reading an account is enough: it closes them.
pub(super) fn release_expired(batch: &mut Batch<'_>) -> Result<u64, Fault> {
    let due: Vec<(AccountId, i64)> = batch
        .conn
        .prepare_cached(
            "SELECT a.public, count(*) FROM holds h JOIN accounts a ON a.id = h.account
             WHERE h.state = 0 AND h.expires_at <= ?1 GROUP BY h.account",
        )?
        .query_map([Moment(batch.now)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut released = 0_u64;
    for (account, count) in due {
        batch.take(account)?;
        released = released.saturating_add(u64::try_from(count).unwrap_or(0));
    }
    Ok(released)
}
