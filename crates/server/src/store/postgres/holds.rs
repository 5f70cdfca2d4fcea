//! Holds over HTTP: placed, settled, voided, or expired by themselves.

use scrip::{Command, Credits, Timestamp};

use super::{
    batch::{Batch, KnownHold, Moving},
    columns::{Moment, legs},
    draft::{self, Draft},
    error::Fault,
    idempotency::Target,
    ledger::{self, Done, Pending},
};
use crate::{
    ids::HoldId,
    store::{Hold, Item, Outcome, StoreError, TransactionKind},
};

const SETTLED: i64 = 1;
const VOID: i64 = 2;
/// Its time came before anybody closed it.
pub(super) const EXPIRED: i64 = 3;

/// A row of `holds`.
pub(super) struct NewHold {
    pub(super) id: i64,
    pub(super) hold: Hold,
    pub(super) account: i64,
    pub(super) legs: scrip::Legs,
    pub(super) created_at: Timestamp,
}

/// Reserves.
pub(super) fn place(
    batch: &mut Batch,
    moving: &mut Moving,
    amount: Credits,
    expires_in_seconds: u32,
) -> Result<Done, Fault> {
    if amount.is_zero() {
        return Err(scrip::Error::ZeroAmount.into());
    }
    let transition = moving.apply(Command::Hold { amount }, batch.now)?;
    let millis = transition.at.as_millis().saturating_add(i64::from(expires_in_seconds).saturating_mul(1000));
    let hold = Hold { id: HoldId::generate(), amount, expires_at: Timestamp::from_millis(millis)? };
    let id = batch.number()?;
    let (account, legs) = (moving.number, transition.legs);
    batch.changes.holds.push(NewHold { id, hold: hold.clone(), account, legs, created_at: transition.at });
    Ok((Pending::Now(Box::new(Outcome::Hold(hold))), Target::Hold(id)))
}

/// Spends what was reserved and frees the rest.
pub(super) fn settle(
    batch: &mut Batch,
    moving: &mut Moving,
    id: HoldId,
    amount: Option<Credits>,
    items: &[Item],
) -> Result<Done, Fault> {
    let hold = open(batch, moving, id)?;
    let amount = match amount {
        Some(amount) => amount,
        None => hold.legs.total()?,
    };
    let transition = moving.apply(Command::Settle { hold: hold.legs, amount }, batch.now)?;
    let draft = Draft { items, hold: Some(hold.number), ..Draft::default() };
    let (entry, transaction) = draft::write(batch, moving, TransactionKind::Debit, &transition, draft)?;
    close(batch, id, hold.number, SETTLED, entry);
    ledger::done((entry, transaction))
}

/// Frees what was reserved.
pub(super) fn void(batch: &mut Batch, moving: &mut Moving, id: HoldId) -> Result<Done, Fault> {
    let hold = open(batch, moving, id)?;
    moving.apply(Command::Void { hold: hold.legs }, batch.now)?;
    let sequence = batch.number()?;
    close(batch, id, hold.number, VOID, sequence);
    Ok((Pending::Later(Target::Hold(hold.number)), Target::Hold(hold.number)))
}

fn close(batch: &mut Batch, id: HoldId, number: i64, state: i64, sequence: i64) {
    if let Some(hold) = batch.holds.get_mut(&id) {
        hold.open = false;
    }
    batch.changes.closed_holds.push((number, state, sequence));
}

/// An open hold of this account. Those whose time is up count as closed.
fn open(batch: &Batch, moving: &Moving, id: HoldId) -> Result<KnownHold, Fault> {
    let hold = batch.holds.get(&id).filter(|hold| hold.account == moving.number).ok_or(StoreError::NotFound)?;
    if hold.open { Ok(*hold) } else { Err(StoreError::HoldClosed.into()) }
}

/// Holds as they were answered when they were placed, by number.
pub(super) const BY_NUMBER: &str = "SELECT id, public, allowance, prepaid, expires_at FROM holds WHERE id = ANY($1)";

/// Reads a row of [`BY_NUMBER`].
pub(super) fn from_row(row: &tokio_postgres::Row) -> Result<(i64, Hold), Fault> {
    let amount = legs(row, 2)?.total()?;
    let hold = Hold { id: row.try_get(1)?, amount, expires_at: row.try_get::<_, Moment>(4)?.0 };
    Ok((row.try_get(0)?, hold))
}
