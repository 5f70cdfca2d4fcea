//! What owners look at: balance, schedule, history. Nothing here writes.

use rusqlite::{Connection, OptionalExtension, params};
use scrip::{Credits, Timestamp};

use super::{
    columns::{Amount, Kind, Moment},
    documents,
    entries::{self, Entry},
    error::Fault,
    standing::Standing,
};
use crate::{
    ids::{AccountId, TransactionId},
    store::{AccountBalance, ListQuery, Page, StoreError, Transaction},
};

/// An account's numbers at `now`.
pub(super) fn balance(conn: &Connection, account: AccountId, now: Timestamp) -> Result<AccountBalance, Fault> {
    Ok(Standing::read(conn, account, now)?.balance())
}

/// What comes back after `now`, in order.
pub(super) fn returns(
    conn: &Connection,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<(Timestamp, Credits)>, Fault> {
    let account = number(conn, account)?;
    let schedule = conn
        .prepare_cached(
            "SELECT return_at, amount FROM returns WHERE account = ?1 AND return_at > ?2 ORDER BY return_at",
        )?
        .query_map(params![account, Moment(now)], |row| Ok((row.get::<_, Moment>(0)?.0, row.get::<_, Amount>(1)?.0)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(schedule)
}

fn number(conn: &Connection, account: AccountId) -> Result<i64, Fault> {
    let found = conn
        .prepare_cached("SELECT id FROM accounts WHERE public = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()?;
    found.ok_or_else(|| StoreError::NotFound.into())
}

/// The owner's rows, newest first.
pub(super) fn transactions(
    conn: &Connection,
    account: AccountId,
    query: &ListQuery,
) -> Result<Page<Transaction>, Fault> {
    let account = number(conn, account)?;
    let before = match documents::cursor::<TransactionId>(query)? {
        None => i64::MAX,
        Some(cursor) => conn
            .prepare_cached("SELECT id FROM entries WHERE public = ?1 AND account = ?2")?
            .query_row(params![cursor, account], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::NotFound)?,
    };
    // Numbers rise with time, so a range of times is a range of numbers.
    let first = query.from.map_or(Ok(0), |from| first_at(conn, from))?;
    let end = query.to.map_or(Ok(i64::MAX), |to| first_at(conn, to))?.min(before);
    let kind = query.kind.map(Kind::Seen);
    let entries: Vec<Entry> = conn
        .prepare_cached(&format!(
            "{} WHERE e.account = ?1 AND e.id >= ?2 AND e.id < ?3 AND (?4 IS NULL OR e.kind = ?4) AND e.kind < {}
             ORDER BY e.id DESC LIMIT ?5",
            entries::SELECT,
            Kind::FIRST_UNSEEN
        ))?
        .query_map(params![account, first, end, kind, documents::fetch(query)], Entry::from_row)?
        .collect::<rusqlite::Result<_>>()?;
    let rows = entries
        .into_iter()
        .map(|entry| entry.with_items(conn).map(|entry| entry.transaction))
        .collect::<rusqlite::Result<_>>()?;
    Ok(documents::page(rows, query, |transaction: &Transaction| transaction.id.to_string()))
}

/// The number of the first entry at or after a moment, found by halving.
fn first_at(conn: &Connection, at: Timestamp) -> Result<i64, Fault> {
    let last: Option<i64> = conn.prepare_cached("SELECT max(id) FROM entries")?.query_row([], |row| row.get(0))?;
    let (mut low, mut high) = (0, last.unwrap_or(0).saturating_add(1));
    let mut probe = conn.prepare_cached("SELECT at FROM entries WHERE id >= ?1 ORDER BY id LIMIT 1")?;
    while low < high {
        let middle = low.midpoint(high);
        let earlier =
            probe.query_row([middle], |row| row.get::<_, Moment>(0)).optional()?.is_some_and(|found| found.0 < at);
        if earlier {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// One row of an account.
pub(super) fn transaction(conn: &Connection, account: AccountId, id: TransactionId) -> Result<Transaction, Fault> {
    Ok(entries::by_id(conn, account, id)?.transaction)
}
