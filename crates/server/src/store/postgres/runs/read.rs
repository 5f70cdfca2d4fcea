//! A run as it stands.

use scrip::{Credits, Decision};
use tokio_postgres::Row;

use super::{
    super::{
        columns::{Amount, Moment, count, legs},
        error::Fault,
    },
    DONE, RUNNING,
};
use crate::{
    ids::Visitor,
    store::{Run, RunState},
};

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT r.public, a.public, p.public, m.public, v.name, r.model, r.state, r.allowance, r.prepaid, r.charge,
             e.public, r.input_tokens, r.output_tokens, r.duration_ms, o.output, r.stopped, r.problem, r.cap_limit,
             r.cap_remaining, r.cap_resets_at, r.created_at, r.server, r.id
             FROM runs r JOIN accounts a ON a.id = r.account JOIN pickaxes p ON p.id = r.pickaxe
             LEFT JOIN embeds m ON m.id = r.embed LEFT JOIN visitors v ON v.id = r.visitor
             LEFT JOIN entries e ON e.id = r.closed_seq AND r.state = 1 LEFT JOIN outputs o ON o.run = r.id WHERE ",
            $condition
        )
    };
}

/// Runs by their numbers.
pub(in super::super) const BY_NUMBER: &str = select!("r.id = ANY($1)");
/// The run with this id.
pub(in super::super) const BY_ID: &str = select!("r.public = $1");

/// Reads a row of these.
pub(in super::super) fn from_row(row: &Row) -> Result<(i64, Run), Fault> {
    let number = |place: usize| row.try_get::<_, Option<i64>>(place).map(|number| number.map(count::<u64>));
    let small = |place: usize| row.try_get::<_, Option<i64>>(place).map(|number| number.map(count::<u32>));
    let visitor: Option<Visitor> = row.try_get(4)?;
    let remaining = small(18)?;
    let cap = Decision {
        allowed: remaining != Some(0),
        limit: small(17)?,
        remaining,
        resets_at: row.try_get::<_, Option<Moment>>(19)?.map(|at| at.0),
    };
    let run = Run {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        pickaxe: row.try_get(2)?,
        embed: row.try_get(3)?,
        cap: visitor.as_ref().map(|_| cap),
        visitor,
        model: row.try_get(5)?,
        state: match row.try_get::<_, i64>(6)? {
            RUNNING => RunState::Running,
            DONE => RunState::Done,
            _ => RunState::Void,
        },
        held: legs(row, 7)?.total().unwrap_or(Credits::MAX),
        charge: row.try_get::<_, Option<Amount>>(9)?.map(|charge| charge.0),
        transaction: row.try_get(10)?,
        usage: number(11)?.zip(number(12)?),
        duration_ms: number(13)?,
        output: row.try_get(14)?,
        stopped: row.try_get(15)?,
        problem: row.try_get(16)?,
        created_at: row.try_get::<_, Moment>(20)?.0,
        server: row.try_get(21)?,
    };
    Ok((row.try_get(22)?, run))
}
