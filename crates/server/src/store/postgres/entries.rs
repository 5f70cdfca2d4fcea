//! The rows of the ledger, read. An answer is rebuilt from the columns of its row, so a replay says exactly what was said
//! first.

use scrip::Account;
use tokio_postgres::Row;

use super::{
    columns::{legs, next, snapshot},
    error::Fault,
    items,
};
use crate::store::{AccountBalance, Outcome, Transaction, TransactionKind, kind::Kind};

/// What a listing and a replay read; conditions on `e` follow.
macro_rules! select {
    ($conditions:literal) => {
        concat!(
            "SELECT e.id, e.public, a.public, e.kind, e.allowance, e.prepaid, e.capacity, e.spent, e.prepaid_after,
             e.held_allowance, e.held_prepaid, e.at, e.next_at, e.next_amount, e.items, m.public, v.name, r.public,
             d.public, e.note
             FROM entries e JOIN accounts a ON a.id = e.account LEFT JOIN embeds m ON m.id = e.embed
             LEFT JOIN visitors v ON v.id = e.visitor LEFT JOIN runs r ON r.id = e.run
             LEFT JOIN entries d ON d.id = e.refunds WHERE ",
            $conditions
        )
    };
}
pub(super) use select;

/// Entries by their numbers.
pub(super) const BY_NUMBER: &str = select!("e.id = ANY($1)");

/// An entry as read: its number, its kind, and what the owner would see of it.
pub(super) struct Entry {
    pub(super) id: i64,
    kind: Kind,
    pub(super) transaction: Transaction,
}

impl Entry {
    /// Reads a row of `select!`.
    pub(super) fn from_row(row: &Row) -> Result<Self, Fault> {
        let kind: Kind = row.try_get(3)?;
        let legs = legs(row, 4)?;
        let after = snapshot(row, 6)?;
        let amount = legs.total()?;
        let transaction = Transaction {
            id: row.try_get(1)?,
            account: row.try_get(2)?,
            kind: if let Kind::Seen(kind) = kind { kind } else { TransactionKind::Grant },
            amount,
            legs,
            items: items::read(row.try_get(14)?, amount)?,
            balance: AccountBalance { balance: Account::restore(after)?.balance(), next_return: next(row, 12)? },
            created_at: after.clock,
            embed: row.try_get(15)?,
            visitor: row.try_get(16)?,
            run: row.try_get(17)?,
            refunds: row.try_get(18)?,
            note: row.try_get(19)?,
        };
        Ok(Self { id: row.try_get(0)?, kind, transaction })
    }

    /// What a repeated request is answered.
    pub(super) fn outcome(self) -> Outcome {
        match self.kind {
            Kind::Seen(_) => Outcome::Transaction(self.transaction),
            Kind::Open | Kind::Capacity => Outcome::Changed(self.transaction.balance),
        }
    }
}
