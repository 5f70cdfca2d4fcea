//! An account as it stands at one moment: its snapshot, with what is due taken off. Reading it writes nothing.

use rusqlite::{Connection, OptionalExtension, Row, params};
use scrip::{Account, Command, Credits, Legs, Snapshot, Timestamp};

use super::{
    columns::{Amount, Moment},
    error::Fault,
};
use crate::{
    ids::AccountId,
    store::{AccountBalance, StoreError},
};

/// An account at one moment.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// The row's number.
    pub(super) id: i64,
    /// The account, replenished and with what expired freed.
    pub(super) account: Account,
    /// What its row says.
    pub(super) stored: Snapshot,
    /// What came back since the row was written.
    pub(super) due: Credits,
    /// The holds whose time is up.
    pub(super) expired: Vec<i64>,
    /// What comes back next.
    pub(super) next_return: Option<(Timestamp, Credits)>,
}

const LOAD: &str = "SELECT a.id, b.capacity, b.spent, b.prepaid, b.held_allowance, b.held_prepaid, b.clock
     FROM accounts a JOIN balances b ON b.account = a.id WHERE a.public = ?1";
const DUE: &str = "SELECT sum(amount) FROM returns WHERE account = ?1 AND return_at <= ?2";
const NEXT: &str = "SELECT return_at, amount FROM returns WHERE account = ?1 AND return_at > ?2
     ORDER BY return_at LIMIT 1";
const EXPIRED: &str = "SELECT id, allowance, prepaid FROM holds
     WHERE account = ?1 AND state = 0 AND expires_at <= ?2 ORDER BY expires_at, id";

/// Reads a snapshot from six columns, `first` being the capacity.
pub(super) fn snapshot(row: &Row<'_>, first: usize) -> rusqlite::Result<Snapshot> {
    let amount = |place: usize| row.get::<_, Amount>(first.saturating_add(place)).map(|amount| amount.0);
    Ok(Snapshot {
        capacity: amount(0)?,
        spent: amount(1)?,
        prepaid: amount(2)?,
        held: Legs { allowance: amount(3)?, prepaid: amount(4)? },
        clock: row.get::<_, Moment>(first.saturating_add(5))?.0,
    })
}

impl Standing {
    /// How the account stands at `now`.
    pub(super) fn read(conn: &Connection, account: AccountId, now: Timestamp) -> Result<Self, Fault> {
        let (id, stored) = conn
            .prepare_cached(LOAD)?
            .query_row([account], |row| Ok((row.get(0)?, snapshot(row, 1)?)))
            .optional()?
            .ok_or(StoreError::NotFound)?;
        let mut standing = Self {
            id,
            account: Account::restore(stored)?,
            stored,
            due: due(conn, id, now)?,
            expired: Vec::new(),
            next_return: next_return(conn, id, now)?,
        };
        if !standing.due.is_zero() {
            standing.account.replenish(standing.due, now)?;
        }
        if stored.held != Legs::ZERO {
            standing.free_expired(conn, now)?;
        }
        Ok(standing)
    }

    fn free_expired(&mut self, conn: &Connection, now: Timestamp) -> Result<(), Fault> {
        let mut statement = conn.prepare_cached(EXPIRED)?;
        let mut rows = statement.query(params![self.id, Moment(now)])?;
        while let Some(row) = rows.next()? {
            let hold = Legs { allowance: row.get::<_, Amount>(1)?.0, prepaid: row.get::<_, Amount>(2)?.0 };
            self.account.apply(Command::Void { hold }, now)?;
            self.expired.push(row.get(0)?);
        }
        Ok(())
    }

    /// The numbers as the owner sees them.
    pub(super) fn balance(&self) -> AccountBalance {
        AccountBalance { balance: self.account.balance(), next_return: self.next_return }
    }
}

fn due(conn: &Connection, account: i64, now: Timestamp) -> Result<Credits, Fault> {
    let due =
        conn.prepare_cached(DUE)?.query_row(params![account, Moment(now)], |row| row.get::<_, Option<Amount>>(0))?;
    Ok(due.map_or(Credits::ZERO, |due| due.0))
}

/// What comes back next after `now`.
pub(super) fn next_return(
    conn: &Connection,
    account: i64,
    now: Timestamp,
) -> rusqlite::Result<Option<(Timestamp, Credits)>> {
    conn.prepare_cached(NEXT)?
        .query_row(params![account, Moment(now)], |row| Ok((row.get::<_, Moment>(0)?.0, row.get::<_, Amount>(1)?.0)))
        .optional()
}
