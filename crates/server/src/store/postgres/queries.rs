//! What owners look at: balance, schedule, history. Nothing here writes.

use scrip::{Account, Command, Credits, Legs, Timestamp};

use super::{
    columns::{Amount, Half, Moment, count, next, snapshot},
    entries::{self, Entry, select},
    error::Fault,
    holds,
    idempotency::{Target, same},
    pool::Connections,
    runs,
};
use crate::{
    ids::{AccountId, RunId, TransactionId},
    store::{
        AccountBalance, Idempotency, ListQuery, Outcome, Page, Run, StoreError, Transaction,
        kind::Kind,
        paging::{cursor, fetch, page},
        scope,
    },
};

// An account's own clock may be ahead of this server's: what another server committed counts.
const STANDING: &str = "SELECT b.capacity, b.spent, b.prepaid, b.held_allowance, b.held_prepaid, b.clock, t.now, d.due,
     h.allowance, h.prepaid, n.return_at, n.amount
     FROM accounts a JOIN balances b ON b.account = a.id
     CROSS JOIN LATERAL (SELECT greatest(b.clock, $2::bigint) AS now) t
     CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0)::bigint AS due FROM returns
                         WHERE account = b.account AND return_at <= t.now) d
     CROSS JOIN LATERAL (SELECT coalesce(sum(allowance), 0)::bigint AS allowance, coalesce(sum(prepaid), 0)::bigint AS prepaid
                         FROM holds WHERE account = b.account AND state = 0 AND expires_at <= t.now) h
     LEFT JOIN LATERAL (SELECT return_at, amount FROM returns WHERE account = b.account AND return_at > t.now
                        ORDER BY return_at LIMIT 1) n ON true
     WHERE a.public = $1";

/// An account's numbers at `now`.
pub(super) async fn balance(
    connections: &Connections,
    account: AccountId,
    now: Timestamp,
) -> Result<AccountBalance, Fault> {
    let row = connections.query_opt(STANDING, &[&account, &Moment(now)]).await?.ok_or(StoreError::NotFound)?;
    let mut account = Account::restore(snapshot(&row, 0)?)?;
    let now = row.try_get::<_, Moment>(6)?.0;
    account.replenish(row.try_get::<_, Amount>(7)?.0, now)?;
    let expired = super::columns::legs(&row, 8)?;
    if expired != Legs::ZERO {
        account.apply(Command::Void { hold: expired }, now)?;
    }
    Ok(AccountBalance { balance: account.balance(), next_return: next(&row, 10)? })
}

/// What comes back after `now`, in order.
pub(super) async fn returns(
    connections: &Connections,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<(Timestamp, Credits)>, Fault> {
    let number = number(connections, account).await?;
    let schedule = "SELECT r.return_at, r.amount FROM returns r JOIN balances b ON b.account = r.account
                    WHERE r.account = $1 AND r.return_at > greatest(b.clock, $2) ORDER BY r.return_at";
    let rows = connections.query(schedule, &[&number, &Moment(now)]).await?;
    rows.iter().map(|row| Ok((row.try_get::<_, Moment>(0)?.0, row.try_get::<_, Amount>(1)?.0))).collect()
}

async fn number(connections: &Connections, account: AccountId) -> Result<i64, Fault> {
    let row = connections.query_opt("SELECT id FROM accounts WHERE public = $1", &[&account]).await?;
    Ok(row.ok_or(StoreError::NotFound)?.try_get(0)?)
}

const LIST: &str = select!(
    "e.account = $1 AND e.id < $2 AND e.at >= $3 AND e.at < $4 AND ($5::bigint IS NULL OR e.kind = $5) AND e.kind < $6
     ORDER BY e.id DESC LIMIT $7"
);

/// The owner's rows, newest first.
pub(super) async fn transactions(
    connections: &Connections,
    account: AccountId,
    query: &ListQuery,
) -> Result<Page<Transaction>, Fault> {
    let account = number(connections, account).await?;
    let before: i64 = match cursor::<TransactionId>(query)? {
        None => i64::MAX,
        Some(cursor) => {
            let find = "SELECT id FROM entries WHERE public = $1 AND account = $2";
            connections.query_opt(find, &[&cursor, &account]).await?.ok_or(StoreError::NotFound)?.try_get(0)?
        }
    };
    let from = query.from.map_or(i64::MIN, Timestamp::as_millis);
    let to = query.to.map_or(i64::MAX, Timestamp::as_millis);
    let (kind, rows) = (query.kind.map(Kind::Seen), i64::from(fetch(query)));
    let values: super::pool::Values<'_> = &[&account, &before, &from, &to, &kind, &Kind::FIRST_UNSEEN, &rows];
    let rows = connections.query(LIST, values).await?;
    let rows = rows.iter().map(|row| Entry::from_row(row).map(|entry| entry.transaction));
    Ok(page(rows.collect::<Result<_, _>>()?, query, |transaction: &Transaction| transaction.id.to_string()))
}

const ONE: &str = select!("e.public = $1 AND a.public = $2 AND e.kind < $3");

/// One row of an account.
pub(super) async fn transaction(
    connections: &Connections,
    account: AccountId,
    id: TransactionId,
) -> Result<Transaction, Fault> {
    let row = connections.query_opt(ONE, &[&id, &account, &Kind::FIRST_UNSEEN]).await?;
    Ok(Entry::from_row(&row.ok_or(StoreError::NotFound)?)?.transaction)
}

/// A run.
pub(super) async fn run(connections: &Connections, id: RunId) -> Result<Run, Fault> {
    let row = connections.query_opt(runs::BY_ID, &[&id]).await?;
    Ok(runs::from_row(&row.ok_or(StoreError::NotFound)?)?.1)
}

/// What an earlier request with the same key came to, looked up beside the writers.
pub(super) async fn recall(
    connections: &Connections,
    account: AccountId,
    request: &Idempotency,
) -> Result<Option<Outcome>, Fault> {
    let find = "SELECT i.body, i.target, i.kind FROM idempotency i JOIN accounts a ON a.id = i.account
                WHERE a.public = $1 AND i.key = $2 AND i.scope = $3";
    let (key, scope) = (super::columns::text(&request.key), Half(scope::of(request)));
    let Some(row) = connections.query_opt(find, &[&account, &key, &scope]).await? else { return Ok(None) };
    same(&row.try_get::<_, Half>(0)?.0, request)?;
    let damaged = || Fault::damaged("an idempotency key names no row");
    Ok(Some(match Target::from_columns(row.try_get(1)?, row.try_get(2)?)? {
        Target::Entry(number) => {
            let row = connections.query_opt(entries::BY_NUMBER, &[&vec![number]]).await?;
            Entry::from_row(&row.ok_or_else(damaged)?)?.outcome()
        }
        Target::Run(number) => {
            let row = connections.query_opt(runs::BY_NUMBER, &[&vec![number]]).await?;
            Outcome::Run(runs::from_row(&row.ok_or_else(damaged)?)?.1)
        }
        Target::Hold(number) => {
            let row = connections.query_opt(holds::BY_NUMBER, &[&vec![number]]).await?;
            Outcome::Hold(holds::from_row(&row.ok_or_else(damaged)?)?.1)
        }
    }))
}

/// The accounts that have expired holds, and how many.
pub(super) async fn expired_holds(connections: &Connections, now: Timestamp) -> Result<Vec<(AccountId, u64)>, Fault> {
    let due = "SELECT a.public, count(*) FROM holds h JOIN accounts a ON a.id = h.account
               WHERE h.state = 0 AND h.expires_at <= $1 GROUP BY a.public";
    let rows = connections.query(due, &[&Moment(now)]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, count(row.try_get(1)?)))).collect()
}
