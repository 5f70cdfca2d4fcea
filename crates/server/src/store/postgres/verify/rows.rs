//! Every movement of every account in order, as the rows tell it.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use tokio_postgres::Row;

use super::super::{
    columns::{Amount, Moment, legs, next, snapshot},
    error::Fault,
};
use crate::store::replay::{Event, Refund, Replayed};

/// How many rows are read at once: a ledger is larger than memory.
const PORTION: &str = "FETCH 5000 FROM movements";

const EVENTS: &str = "DECLARE movements NO SCROLL CURSOR FOR
    SELECT e.account, e.id, 0::bigint, e.at, e.allowance, e.prepaid, e.kind, e.capacity, e.spent, e.prepaid_after,
           e.held_allowance, e.held_prepaid, e.at, coalesce(r.allowance, h.allowance), coalesce(r.prepaid, h.prepaid),
           e.refunds, d.allowance, d.prepaid, d.at, e.asked, e.next_at, e.next_amount
    FROM entries e LEFT JOIN runs r ON r.id = e.run LEFT JOIN holds h ON h.id = e.hold
    LEFT JOIN entries d ON d.id = e.refunds
    UNION ALL SELECT account, id, 1, created_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0 FROM runs
    UNION ALL SELECT account, closed_seq, 2, closed_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0
              FROM runs WHERE state = 2
    UNION ALL SELECT account, id, 1, created_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0 FROM holds
    UNION ALL SELECT account, closed_seq, 2, closed_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0
              FROM holds WHERE state IN (2, 3)
    ORDER BY 1, 2";

/// Replays everything and compares with what is stored.
pub(super) async fn replay(ledger: &Transaction<'_>, findings: &mut Vec<String>) -> Result<(), Fault> {
    ledger.batch_execute(EVENTS).await?;
    let mut current: Option<Replayed> = None;
    loop {
        let rows = ledger.query(PORTION, &[]).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let (id, number): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let at = row.try_get::<_, Moment>(3)?.0;
            let mut replayed = match current.take() {
                Some(replayed) if replayed.id == id => replayed,
                done => {
                    finish(ledger, done, findings).await?;
                    Replayed::new(id, at)
                }
            };
            replayed.follow(number, at, legs(row, 4)?, &event(row)?, findings);
            current = Some(replayed);
        }
    }
    finish(ledger, current, findings).await
}

fn event(row: &Row) -> Result<Event, Fault> {
    match row.try_get::<_, i64>(2)? {
        1 => return Ok(Event::Placed),
        2 => return Ok(Event::Freed),
        _ => {}
    }
    let hold = row.try_get::<_, Option<i64>>(13)?.map(|_| legs(row, 13)).transpose()?;
    let refund = match row.try_get::<_, Option<i64>>(15)? {
        None => None,
        Some(debit) => Some(Refund {
            debit,
            legs: legs(row, 16)?,
            spent_at: row.try_get::<_, Moment>(18)?.0,
            asked: row.try_get::<_, Amount>(19)?.0,
        }),
    };
    Ok(Event::Entry { kind: row.try_get(6)?, after: snapshot(row, 7)?, hold, refund, next: next(row, 20)? })
}

/// Compares an account at its end with its rows.
async fn finish(ledger: &Transaction<'_>, replayed: Option<Replayed>, findings: &mut Vec<String>) -> Result<(), Fault> {
    let Some(mut replayed) = replayed else { return Ok(()) };
    let balance =
        "SELECT capacity, spent, prepaid, held_allowance, held_prepaid, clock FROM balances WHERE account = $1";
    let stored = ledger.prepare_cached(balance).await?;
    // That it has none is found by another question.
    let Some(row) = ledger.query_opt(&stored, &[&replayed.id]).await? else { return Ok(()) };
    let stored = snapshot(&row, 0)?;
    let queue = ledger.prepare_cached("SELECT return_at, amount FROM returns WHERE account = $1").await?;
    let queue = ledger.query(&queue, &[&replayed.id]).await?;
    let queue = queue.iter().map(|row| Ok((row.try_get::<_, Moment>(0)?.0, row.try_get::<_, Amount>(1)?.0)));
    replayed.end(&stored, &queue.collect::<Result<BTreeMap<_, _>, Fault>>()?, findings)?;
    let debits: Vec<i64> = replayed.refunded.keys().copied().collect();
    if !debits.is_empty() {
        let refunded = ledger.prepare_cached("SELECT id, refunded FROM entries WHERE id = ANY($1)").await?;
        for row in ledger.query(&refunded, &[&debits]).await? {
            replayed.compare_refunded(row.try_get(0)?, row.try_get::<_, Amount>(1)?.0, findings);
        }
    }
    Ok(())
}
