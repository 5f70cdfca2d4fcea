//! The rows of the ledger. An answer is rebuilt from the columns of its row, so a replay says exactly what was said first.

use rusqlite::{Connection, OptionalExtension, Row, params};
use scrip::{Account, Credits, Legs, Transition};

use super::{
    batch::{Batch, Moving},
    columns::{Amount, Kind, Moment},
    error::Fault,
    items, standing,
};
use crate::{
    ids::{AccountId, EmbedId, RunId, TopUpId, TransactionId, Visitor},
    store::{AccountBalance, Item, StoreError, Transaction, TransactionKind},
};

/// What an entry says beside its numbers. Rows are named by their number and, for the answer, as the caller knows them.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) items: Vec<Item>,
    pub(super) embed: Option<(i64, EmbedId)>,
    pub(super) visitor: Option<(i64, Visitor)>,
    pub(super) run: Option<(i64, RunId)>,
    pub(super) hold: Option<i64>,
    pub(super) refunds: Option<(i64, TransactionId)>,
    pub(super) asked: Option<Credits>,
    pub(super) top_up: Option<TopUpId>,
    pub(super) note: Option<String>,
}

/// Writes an entry and returns its number with what the owner sees of it.
pub(super) fn write(
    batch: &mut Batch<'_>,
    moving: &Moving,
    kind: TransactionKind,
    transition: &Transition,
    draft: Draft,
) -> Result<(i64, Transaction), Fault> {
    let (id, public) = (batch.next(), TransactionId::generate());
    let amount = transition.legs.total()?;
    let item = items::reference(batch, &draft.items, amount)?;
    insert(batch, moving, (id, public), Kind::Seen(kind), transition, item, &draft)?;
    items::write(batch, id, item, &draft.items)?;
    let transaction = Transaction {
        id: public,
        account: moving.public,
        kind,
        amount,
        legs: transition.legs,
        items: draft.items,
        balance: moving.balance(),
        created_at: transition.at,
        embed: draft.embed.map(|(_, embed)| embed),
        visitor: draft.visitor.map(|(_, visitor)| visitor),
        run: draft.run.map(|(_, run)| run),
        refunds: draft.refunds.map(|(_, debit)| debit),
        note: draft.note,
    };
    Ok((id, transaction))
}

/// Writes an entry that only the ledger sees.
pub(super) fn write_unseen(
    batch: &mut Batch<'_>,
    moving: &Moving,
    kind: Kind,
    transition: &Transition,
) -> Result<i64, Fault> {
    let id = batch.next();
    insert(batch, moving, (id, TransactionId::generate()), kind, transition, None, &Draft::default())?;
    Ok(id)
}

fn insert(
    batch: &Batch<'_>,
    moving: &Moving,
    (id, public): (i64, TransactionId),
    kind: Kind,
    transition: &Transition,
    item: Option<i64>,
    draft: &Draft,
) -> Result<(), Fault> {
    let after = moving.account().snapshot();
    let next = moving.next_return();
    batch
        .conn
        .prepare_cached(
            "INSERT INTO entries (id, public, account, kind, at, allowance, prepaid, capacity, spent, prepaid_after,
             held_allowance, held_prepaid, next_at, next_amount, item, embed, visitor, run, hold, refunds, asked, top_up,
             note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
             ?22, ?23)",
        )?
        .execute(params![
            id,
            public,
            moving.id(),
            kind,
            Moment(transition.at),
            Amount(transition.legs.allowance),
            Amount(transition.legs.prepaid),
            Amount(after.capacity),
            Amount(after.spent),
            Amount(after.prepaid),
            Amount(after.held.allowance),
            Amount(after.held.prepaid),
            next.map(|(at, _)| Moment(at)),
            next.map(|(_, amount)| Amount(amount)),
            item,
            draft.embed.map(|(embed, _)| embed),
            draft.visitor.as_ref().map(|(visitor, _)| *visitor),
            draft.run.map(|(run, _)| run),
            draft.hold,
            draft.refunds.map(|(debit, _)| debit),
            draft.asked.map(Amount),
            draft.top_up,
            draft.note,
        ])?;
    Ok(())
}

/// What a listing and a replay read; conditions on `e` follow.
pub(super) const SELECT: &str = "SELECT e.id, e.public, a.public, e.kind, e.allowance, e.prepaid,
     e.capacity, e.spent, e.prepaid_after, e.held_allowance, e.held_prepaid, e.at, e.next_at, e.next_amount, e.item,
     m.public, v.name, r.public, d.public, e.note
     FROM entries e JOIN accounts a ON a.id = e.account LEFT JOIN embeds m ON m.id = e.embed
     LEFT JOIN visitors v ON v.id = e.visitor LEFT JOIN runs r ON r.id = e.run LEFT JOIN entries d ON d.id = e.refunds";

/// An entry as read: its number, its kind, and what the owner would see of it.
pub(super) struct Entry {
    pub(super) id: i64,
    pub(super) kind: Kind,
    item: Option<i64>,
    pub(super) transaction: Transaction,
}

impl Entry {
    /// Reads a row of [`SELECT`]; its items are still missing.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let kind: Kind = row.get(3)?;
        let legs = Legs { allowance: row.get::<_, Amount>(4)?.0, prepaid: row.get::<_, Amount>(5)?.0 };
        let after = standing::snapshot(row, 6)?;
        let next_at: Option<Moment> = row.get(12)?;
        let next_amount: Option<Amount> = row.get(13)?;
        let damaged =
            |error| rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Integer, Box::new(error));
        let transaction = Transaction {
            id: row.get(1)?,
            account: row.get::<_, AccountId>(2)?,
            kind: if let Kind::Seen(kind) = kind { kind } else { TransactionKind::Grant },
            amount: legs.total().map_err(damaged)?,
            legs,
            items: Vec::new(),
            balance: AccountBalance {
                balance: Account::restore(after).map_err(damaged)?.balance(),
                next_return: next_at.zip(next_amount).map(|(at, amount)| (at.0, amount.0)),
            },
            created_at: after.clock,
            embed: row.get(15)?,
            visitor: row.get(16)?,
            run: row.get(17)?,
            refunds: row.get(18)?,
            note: row.get(19)?,
        };
        Ok(Self { id: row.get(0)?, kind, item: row.get(14)?, transaction })
    }

    /// Reads the items.
    pub(super) fn with_items(mut self, conn: &Connection) -> rusqlite::Result<Self> {
        self.transaction.items = items::read(conn, self.id, self.item, self.transaction.amount)?;
        Ok(self)
    }
}

/// The entry with this number.
pub(super) fn by_number(conn: &Connection, id: i64) -> Result<Entry, Fault> {
    let entry = conn
        .prepare_cached(&format!("{SELECT} WHERE e.id = ?1"))?
        .query_row([id], Entry::from_row)
        .optional()?
        .ok_or_else(|| Fault::damaged("an idempotency key names no entry"))?;
    Ok(entry.with_items(conn)?)
}

/// An account's entry by its public id.
pub(super) fn by_id(conn: &Connection, account: AccountId, id: TransactionId) -> Result<Entry, Fault> {
    let entry = conn
        .prepare_cached(&format!("{SELECT} WHERE e.public = ?1 AND a.public = ?2 AND e.kind < {}", Kind::FIRST_UNSEEN))?
        .query_row(params![id, account], Entry::from_row)
        .optional()?
        .ok_or(StoreError::NotFound)?;
    Ok(entry.with_items(conn)?)
}
