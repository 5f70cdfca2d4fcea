//! What counts against a visitor's cap. The core decides; here lie the times of the runs.

use rusqlite::{Connection, OptionalExtension, params};
use scrip::{Decision, Timestamp, VisitorCap, Window};

use super::{batch::Batch, columns::Moment, documents, error::Fault};
use crate::{
    ids::Visitor,
    store::{
        CapRule,
        counting::{self, Counted},
    },
};

/// A visitor of an embed, with the runs that have not ended.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    in_flight: u32,
}

/// What a visitor may do at `now`.
pub(super) fn decision(conn: &Connection, rule: &CapRule, now: Timestamp) -> Result<Decision, Fault> {
    let known = conn
        .prepare_cached(
            "SELECT v.id, v.in_flight FROM visitors v JOIN embeds m ON m.id = v.embed WHERE m.public = ?1 AND v.name = ?2",
        )?
        .query_row(params![rule.embed, rule.visitor], |row| Ok(Known { id: row.get(0)?, in_flight: row.get(1)? }))
        .optional()?;
    Ok(cap(conn, known, rule.limit, rule.window, now)?.check(now))
}

/// What the visitor of a row may do at `now`.
pub(super) fn decision_of(
    conn: &Connection,
    visitor: i64,
    limit: Option<u32>,
    window: Option<Window>,
    now: Timestamp,
) -> Result<Decision, Fault> {
    let in_flight =
        conn.prepare_cached("SELECT in_flight FROM visitors WHERE id = ?1")?.query_row([visitor], |row| row.get(0))?;
    Ok(cap(conn, Some(Known { id: visitor, in_flight }), limit, window, now)?.check(now))
}

/// Counts a run that is over at once; refuses beyond the cap. Returns the visitor's row.
pub(super) fn count(batch: &Batch<'_>, account: i64, rule: &CapRule) -> Result<i64, Fault> {
    let (visitor, _) = take(batch, account, rule)?;
    add(batch, visitor)?;
    Ok(visitor)
}

/// Counts a run that begins; refuses beyond the cap. Returns the visitor's row and what is left.
pub(super) fn begin(batch: &Batch<'_>, account: i64, rule: &CapRule) -> Result<(i64, Decision), Fault> {
    let (visitor, decision) = take(batch, account, rule)?;
    batch.conn.prepare_cached("UPDATE visitors SET in_flight = in_flight + 1 WHERE id = ?1")?.execute([visitor])?;
    Ok((visitor, decision))
}

/// Ends a run: it counts from now on by its own time, or no longer.
pub(super) fn end(batch: &Batch<'_>, visitor: i64, counts: bool) -> Result<(), Fault> {
    batch.conn.prepare_cached("UPDATE visitors SET in_flight = in_flight - 1 WHERE id = ?1")?.execute([visitor])?;
    if counts {
        add(batch, visitor)?;
    }
    Ok(())
}

fn take(batch: &Batch<'_>, account: i64, rule: &CapRule) -> Result<(i64, Decision), Fault> {
    let (embed, _) = documents::embed_number(batch.conn, account, rule.embed)?;
    let known = find_or_add(batch.conn, embed, &rule.visitor)?;
    let mut cap = cap(batch.conn, Some(known), rule.limit, rule.window, batch.now)?;
    cap.take(batch.now)?;
    Ok((known.id, cap.check(batch.now)))
}

fn find_or_add(conn: &Connection, embed: i64, name: &Visitor) -> Result<Known, Fault> {
    let known = conn
        .prepare_cached("SELECT id, in_flight FROM visitors WHERE embed = ?1 AND name = ?2")?
        .query_row(params![embed, name], |row| Ok(Known { id: row.get(0)?, in_flight: row.get(1)? }))
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    conn.prepare_cached("INSERT INTO visitors (embed, name) VALUES (?1, ?2)")?.execute(params![embed, name])?;
    Ok(Known { id: conn.last_insert_rowid(), in_flight: 0 })
}

fn add(batch: &Batch<'_>, visitor: i64) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached(
            "INSERT INTO counted (visitor, at, runs) VALUES (?1, ?2, 1)
             ON CONFLICT (visitor, at) DO UPDATE SET runs = runs + 1",
        )?
        .execute(params![visitor, Moment(batch.now)])?;
    Ok(())
}

/// The visitor's cap at `now`.
fn cap(
    conn: &Connection,
    visitor: Option<Known>,
    limit: Option<u32>,
    window: Option<Window>,
    now: Timestamp,
) -> Result<VisitorCap, Fault> {
    let Some(Known { id, in_flight }) = visitor else { return Ok(VisitorCap::new(limit, window, now)) };
    let back = counting::since(window, now);
    let (oldest, runs) = conn
        .prepare_cached("SELECT min(at), coalesce(sum(runs), 0) FROM counted WHERE visitor = ?1 AND at > ?2")?
        .query_row(params![id, back], |row| Ok((row.get::<_, Option<Moment>>(0)?, row.get::<_, u32>(1)?)))?;
    let counted = Counted { oldest: oldest.map(|Moment(at)| at), runs, in_flight };
    Ok(counting::cap(counted, limit, window, now)?)
}
