//! A run as it stands.

use rusqlite::{Connection, OptionalExtension, Row};
use scrip::{Credits, Decision};

use super::{
    super::{
        columns::{Amount, Moment},
        error::Fault,
    },
    DONE, RUNNING,
};
use crate::{
    ids::{RunId, Visitor},
    store::{Run, RunState, StoreError},
};

const SELECT: &str = "SELECT r.public, a.public, p.public, m.public, v.name, r.model, r.state, r.allowance, r.prepaid,
     r.charge, e.public, r.input_tokens, r.output_tokens, r.duration_ms, o.output, r.stopped, r.problem, r.cap_limit,
     r.cap_remaining, r.cap_resets_at, r.created_at, r.server
     FROM runs r JOIN accounts a ON a.id = r.account JOIN pickaxes p ON p.id = r.pickaxe
     LEFT JOIN embeds m ON m.id = r.embed LEFT JOIN visitors v ON v.id = r.visitor
     LEFT JOIN entries e ON e.id = r.closed_seq AND r.state = 1 LEFT JOIN outputs o ON o.run = r.id";

/// The run with this number.
pub(in super::super) fn by_number(conn: &Connection, number: i64) -> Result<Run, Fault> {
    conn.prepare_cached(&format!("{SELECT} WHERE r.id = ?1"))?
        .query_row([number], from_row)
        .optional()?
        .ok_or_else(|| Fault::damaged("an idempotency key names no run"))
}

/// The run with this id.
pub(in super::super) fn by_id(conn: &Connection, run: RunId) -> Result<Run, Fault> {
    conn.prepare_cached(&format!("{SELECT} WHERE r.public = ?1"))?
        .query_row([run], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NotFound.into())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    let count = |place: usize| row.get::<_, Option<i64>>(place).map(|count| count.and_then(|n| u64::try_from(n).ok()));
    let (allowance, prepaid) = (row.get::<_, Amount>(7)?.0, row.get::<_, Amount>(8)?.0);
    let visitor: Option<Visitor> = row.get(4)?;
    let remaining: Option<u32> = row.get(18)?;
    let cap = Decision {
        allowed: remaining != Some(0),
        limit: row.get(17)?,
        remaining,
        resets_at: row.get::<_, Option<Moment>>(19)?.map(|at| at.0),
    };
    Ok(Run {
        id: row.get(0)?,
        account: row.get(1)?,
        pickaxe: row.get(2)?,
        embed: row.get(3)?,
        cap: visitor.as_ref().map(|_| cap),
        visitor,
        model: row.get(5)?,
        state: match row.get(6)? {
            RUNNING => RunState::Running,
            DONE => RunState::Done,
            _ => RunState::Void,
        },
        held: allowance.plus(prepaid).unwrap_or(Credits::MAX),
        charge: row.get::<_, Option<Amount>>(9)?.map(|charge| charge.0),
        transaction: row.get(10)?,
        usage: count(11)?.zip(count(12)?),
        duration_ms: count(13)?,
        output: row.get(14)?,
        stopped: row.get(15)?,
        problem: row.get(16)?,
        created_at: row.get::<_, Moment>(20)?.0,
        server: row.get(21)?,
    })
}
