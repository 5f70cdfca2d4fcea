//! Every movement of every account in order, as the rows tell it.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use scrip::Legs;

use super::super::{
    columns::{Amount, Moment},
    error::Fault,
    standing,
};
use crate::store::replay::{Event, Refund, Replayed};

const EVENTS: &str = "
    SELECT e.account, e.id, 0, e.at, e.allowance, e.prepaid, e.kind, e.capacity, e.spent, e.prepaid_after,
           e.held_allowance, e.held_prepaid, e.at, coalesce(r.allowance, h.allowance), coalesce(r.prepaid, h.prepaid),
           e.refunds, d.allowance, d.prepaid, d.at, e.asked, e.next_at, e.next_amount
    FROM entries e LEFT JOIN runs r ON r.id = e.run LEFT JOIN holds h ON h.id = e.hold LEFT JOIN entries d ON d.id = e.refunds
    UNION ALL SELECT account, id, 1, created_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0 FROM runs
    UNION ALL SELECT account, closed_seq, 2, closed_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0
              FROM runs WHERE state = 2
    UNION ALL SELECT account, id, 1, created_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0 FROM holds
    UNION ALL SELECT account, closed_seq, 2, closed_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0
              FROM holds WHERE state IN (2, 3)
    ORDER BY 1, 2";

/// Replays everything and compares with what is stored.
pub(super) fn replay(conn: &Connection, findings: &mut Vec<String>) -> Result<(), Fault> {
    let mut statement = conn.prepare(EVENTS)?;
    let mut rows = statement.query([])?;
    let mut current: Option<Replayed> = None;
    while let Some(row) = rows.next()? {
        let (id, number): (i64, i64) = (row.get(0)?, row.get(1)?);
        let at = row.get::<_, Moment>(3)?.0;
        let mut replayed = match current.take() {
            Some(replayed) if replayed.id == id => replayed,
            done => {
                finish(conn, done, findings)?;
                Replayed::new(id, at)
            }
        };
        let legs = Legs { allowance: row.get::<_, Amount>(4)?.0, prepaid: row.get::<_, Amount>(5)?.0 };
        let event = event(row)?;
        replayed.follow(number, at, legs, &event, findings);
        current = Some(replayed);
    }
    finish(conn, current, findings)
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    match row.get::<_, i64>(2)? {
        1 => return Ok(Event::Placed),
        2 => return Ok(Event::Freed),
        _ => {}
    }
    let amount = |place: usize| row.get::<_, Option<Amount>>(place).map(|amount| amount.map(|amount| amount.0));
    let legs = |(allowance, prepaid)| Legs { allowance, prepaid };
    let refund = match row.get::<_, Option<i64>>(15)? {
        None => None,
        Some(debit) => amount(16)?.zip(amount(17)?).map(legs).zip(amount(19)?).map(|(legs, asked)| {
            row.get::<_, Moment>(18).map(|spent_at| Refund { debit, legs, spent_at: spent_at.0, asked })
        }),
    };
    Ok(Event::Entry {
        kind: row.get(6)?,
        after: standing::snapshot(row, 7)?,
        hold: amount(13)?.zip(amount(14)?).map(legs),
        refund: refund.transpose()?,
        next: row.get::<_, Option<Moment>>(20)?.map(|at| at.0).zip(amount(21)?),
    })
}

/// Compares an account at its end with its rows.
fn finish(conn: &Connection, replayed: Option<Replayed>, findings: &mut Vec<String>) -> Result<(), Fault> {
    let Some(mut replayed) = replayed else { return Ok(()) };
    let id = replayed.id;
    let stored = conn
        .prepare_cached(
            "SELECT capacity, spent, prepaid, held_allowance, held_prepaid, clock FROM balances WHERE account = ?1",
        )?
        .query_row([id], |row| standing::snapshot(row, 0))?;
    let queue = conn
        .prepare_cached("SELECT return_at, amount FROM returns WHERE account = ?1")?
        .query_map([id], |row| Ok((row.get::<_, Moment>(0)?.0, row.get::<_, Amount>(1)?.0)))?
        .collect::<rusqlite::Result<BTreeMap<_, _>>>()?;
    replayed.end(&stored, &queue, findings)?;
    for debit in replayed.refunded.keys() {
        let stored = conn
            .prepare_cached("SELECT refunded FROM entries WHERE id = ?1")?
            .query_row(params![debit], |row| row.get::<_, Amount>(0))?;
        replayed.compare_refunded(*debit, stored.0, findings);
    }
    Ok(())
}
