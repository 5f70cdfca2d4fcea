//! Runs: held before the provider is called, settled or voided at the end, voided when their server dies.

use rusqlite::{Connection, OptionalExtension, Row, params};
use scrip::{Command, Credits, Decision, Legs, Timestamp, Window};

use super::{
    batch::{Batch, Moving},
    columns::{Amount, Moment},
    documents,
    entries::{self, Draft},
    error::Fault,
    idempotency::{self, Key, Name, Target},
    ledger::Done,
    visitors,
};
use crate::{
    ids::{AccountId, EmbedId, PickaxeId, RunId, ServerId},
    store::{CapRule, Outcome, Run, RunEnd, RunState, StoreError, TransactionKind},
};

const RUNNING: i64 = 0;
const DONE: i64 = 1;
const VOID: i64 = 2;

/// A run to be started.
pub(super) struct Start {
    pub(super) run: RunId,
    pub(super) pickaxe: PickaxeId,
    pub(super) embed: Option<EmbedId>,
    pub(super) cap: Option<CapRule>,
    pub(super) hold: Credits,
    pub(super) server: ServerId,
    pub(super) model: String,
}

/// Counts the visitor, holds the credits, remembers the run. The cap refuses before the balance does.
pub(super) fn start(batch: &mut Batch<'_>, moving: &mut Moving, start: Start) -> Result<Done, Fault> {
    let embed = start.embed.or(start.cap.as_ref().map(|rule| rule.embed));
    let embed = embed.map(|embed| documents::embed_number(batch.conn, moving.id(), embed)).transpose()?;
    let pickaxe = documents::pickaxe_number(batch.conn, start.pickaxe)?;
    let begun = start.cap.as_ref().map(|rule| visitors::begin(batch, moving.id(), rule)).transpose()?;
    let (visitor, decision) = begun.unzip();
    let transition = moving.apply(batch, Command::Hold { amount: start.hold })?;
    lease(batch, start.server)?;
    let number = batch.next();
    batch
        .conn
        .prepare_cached(
            "INSERT INTO runs (id, public, account, pickaxe, embed, visitor, model, server, allowance, prepaid, created_at,
             cap_limit, cap_window, cap_remaining, cap_resets_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            number,
            start.run,
            moving.id(),
            pickaxe,
            embed.map(|(embed, _)| embed),
            visitor,
            start.model,
            start.server,
            Amount(transition.legs.allowance),
            Amount(transition.legs.prepaid),
            Moment(transition.at),
            start.cap.as_ref().and_then(|rule| rule.limit),
            start.cap.as_ref().and_then(|rule| rule.window).map(Window::seconds),
            decision.and_then(|decision| decision.remaining),
            decision.and_then(|decision| decision.resets_at).map(Moment),
        ])?;
    let run = Run {
        id: start.run,
        account: moving.public,
        pickaxe: start.pickaxe,
        embed: embed.map(|(_, embed)| embed),
        visitor: start.cap.map(|rule| rule.visitor),
        model: start.model,
        state: RunState::Running,
        held: start.hold,
        charge: None,
        transaction: None,
        usage: None,
        duration_ms: None,
        output: None,
        stopped: false,
        problem: None,
        cap: decision,
        created_at: transition.at,
        server: start.server,
    };
    Ok((Outcome::Run(run), Target::Run(number)))
}

/// A server that starts a run without a lease gets a short one: its first renewal may still be on its way.
fn lease(batch: &Batch<'_>, server: ServerId) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached("INSERT OR IGNORE INTO servers (public, lease_until) VALUES (?1, ?2)")?
        .execute(params![server, lease_end(batch.now)])?;
    Ok(())
}

/// Extends a lease.
pub(super) fn renew(batch: &Batch<'_>, server: ServerId) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached(
            "INSERT INTO servers (public, lease_until) VALUES (?1, ?2)
             ON CONFLICT (public) DO UPDATE SET lease_until = excluded.lease_until",
        )?
        .execute(params![server, lease_end(batch.now)])?;
    Ok(())
}

fn lease_end(now: Timestamp) -> i64 {
    now.as_millis().saturating_add(super::LEASE_MILLIS)
}

/// Remembers under which key a run was asked for.
pub(super) fn remember_key(batch: &Batch<'_>, run: i64, name: &Name) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached("UPDATE runs SET key = ?2, key_scope = ?3 WHERE id = ?1")?
        .execute(params![run, name.key, name.scope])?;
    Ok(())
}

/// What ending a run needs of its row.
struct Open {
    number: i64,
    state: i64,
    hold: Legs,
    embed: Option<i64>,
    visitor: Option<i64>,
    limit: Option<u32>,
    window: Option<Window>,
    key: Option<(Key, Vec<u8>)>,
}

fn open(batch: &Batch<'_>, moving: &Moving, run: RunId) -> Result<Open, Fault> {
    batch
        .conn
        .prepare_cached(
            "SELECT id, state, allowance, prepaid, embed, visitor, cap_limit, cap_window, key, key_scope
             FROM runs WHERE public = ?1 AND account = ?2",
        )?
        .query_row(params![run, moving.id()], |row| {
            let key: Option<Key> = row.get(8)?;
            Ok(Open {
                number: row.get(0)?,
                state: row.get(1)?,
                hold: Legs { allowance: row.get::<_, Amount>(2)?.0, prepaid: row.get::<_, Amount>(3)?.0 },
                embed: row.get(4)?,
                visitor: row.get(5)?,
                limit: row.get(6)?,
                window: row.get::<_, Option<u32>>(7)?.and_then(|seconds| Window::from_seconds(seconds.into()).ok()),
                key: key.zip(row.get(9)?),
            })
        })
        .optional()?
        .ok_or_else(|| StoreError::NotFound.into())
}

/// Ends a run; whether it had ended before.
pub(super) fn finish(
    batch: &mut Batch<'_>,
    moving: &mut Moving,
    run: RunId,
    end: RunEnd,
) -> Result<(Run, bool), Fault> {
    let open = open(batch, moving, run)?;
    if open.state != RUNNING {
        return Ok((by_number(batch.conn, open.number)?, true));
    }
    let closed = match end.charge {
        Some(amount) => settle(batch, moving, run, &open, amount, &end)?,
        None => void(batch, moving, &open)?,
    };
    let decision = match open.visitor {
        None => None,
        Some(visitor) => {
            visitors::end(batch, visitor, end.charge.is_some())?;
            Some(visitors::decision_of(batch.conn, visitor, open.limit, open.window, batch.now)?)
        }
    };
    let state = if end.charge.is_some() { DONE } else { VOID };
    write_end(batch, open.number, (state, closed), &end, decision)?;
    Ok((by_number(batch.conn, open.number)?, false))
}

fn settle(
    batch: &mut Batch<'_>,
    moving: &mut Moving,
    run: RunId,
    open: &Open,
    amount: Credits,
    end: &RunEnd,
) -> Result<i64, Fault> {
    let transition = moving.apply(batch, Command::Settle { hold: open.hold, amount })?;
    let (embed, visitor) = documents::place(batch.conn, open.embed, open.visitor)?;
    let draft = Draft { items: end.items.clone(), embed, visitor, run: Some((open.number, run)), ..Draft::default() };
    let (entry, _) = entries::write(batch, moving, TransactionKind::Run, &transition, draft)?;
    Ok(entry)
}

fn void(batch: &mut Batch<'_>, moving: &mut Moving, open: &Open) -> Result<i64, Fault> {
    moving.apply(batch, Command::Void { hold: open.hold })?;
    if let Some((key, scope)) = &open.key {
        idempotency::forget(batch, moving.id(), key, scope)?;
    }
    Ok(batch.next())
}

fn write_end(
    batch: &Batch<'_>,
    number: i64,
    (state, closed): (i64, i64),
    end: &RunEnd,
    decision: Option<Decision>,
) -> Result<(), Fault> {
    let tokens = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    batch
        .conn
        .prepare_cached(
            "UPDATE runs SET state = ?2, closed_seq = ?3, closed_at = ?4, charge = ?5, input_tokens = ?6,
             output_tokens = ?7, duration_ms = ?8, stopped = ?9, problem = ?10, cap_remaining = ?11, cap_resets_at = ?12
             WHERE id = ?1",
        )?
        .execute(params![
            number,
            state,
            closed,
            Moment(batch.now),
            end.charge.map(Amount),
            end.usage.map(|(input, _)| tokens(input)),
            end.usage.map(|(_, output)| tokens(output)),
            tokens(end.duration_ms),
            end.stopped,
            end.problem,
            decision.and_then(|decision| decision.remaining),
            decision.and_then(|decision| decision.resets_at).map(Moment),
        ])?;
    if !end.output.is_empty() {
        batch
            .conn
            .prepare_cached("INSERT INTO outputs (run, ended_at, output) VALUES (?1, ?2, ?3)")?
            .execute(params![number, Moment(batch.now), end.output])?;
    }
    Ok(())
}

/// Voids the runs whose server's lease is over; how many. `all`: of every server, because this one has just started alone.
pub(super) fn release(batch: &mut Batch<'_>, all: bool) -> Result<u64, Fault> {
    if all {
        batch.conn.execute("DELETE FROM servers", [])?;
    }
    let lost: Vec<(AccountId, RunId)> = batch
        .conn
        .prepare_cached(
            "SELECT a.public, r.public FROM runs r JOIN accounts a ON a.id = r.account
             LEFT JOIN servers s ON s.public = r.server
             WHERE r.state = 0 AND (s.lease_until IS NULL OR s.lease_until <= ?1) ORDER BY r.id",
        )?
        .query_map([Moment(batch.now)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let count = lost.len();
    for (account, run) in lost {
        let mut moving = batch.take(account)?;
        let end = RunEnd {
            charge: None,
            items: Vec::new(),
            usage: None,
            duration_ms: 0,
            output: String::new(),
            stopped: false,
            problem: Some("internal".to_owned()),
        };
        finish(batch, &mut moving, run, end)?;
        batch.put(moving);
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

/// Drops the words of runs that ended at or before `before`.
pub(super) fn forget_outputs(batch: &Batch<'_>, before: i64) -> Result<(), Fault> {
    batch.conn.prepare_cached("DELETE FROM outputs WHERE ended_at <= ?1")?.execute([before])?;
    Ok(())
}

const SELECT: &str = "SELECT r.public, a.public, p.public, m.public, v.name, r.model, r.state, r.allowance, r.prepaid,
     r.charge, e.public, r.input_tokens, r.output_tokens, r.duration_ms, o.output, r.stopped, r.problem, r.cap_limit,
     r.cap_remaining, r.cap_resets_at, r.created_at, r.server
     FROM runs r JOIN accounts a ON a.id = r.account JOIN pickaxes p ON p.id = r.pickaxe
     LEFT JOIN embeds m ON m.id = r.embed LEFT JOIN visitors v ON v.id = r.visitor
     LEFT JOIN entries e ON e.id = r.closed_seq AND r.state = 1 LEFT JOIN outputs o ON o.run = r.id";

/// The run with this number.
pub(super) fn by_number(conn: &Connection, number: i64) -> Result<Run, Fault> {
    conn.prepare_cached(&format!("{SELECT} WHERE r.id = ?1"))?
        .query_row([number], from_row)
        .optional()?
        .ok_or_else(|| Fault::damaged("an idempotency key names no run"))
}

/// The run with this id.
pub(super) fn by_id(conn: &Connection, run: RunId) -> Result<Run, Fault> {
    conn.prepare_cached(&format!("{SELECT} WHERE r.public = ?1"))?
        .query_row([run], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NotFound.into())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    let count = |place: usize| row.get::<_, Option<i64>>(place).map(|count| count.and_then(|n| u64::try_from(n).ok()));
    let (allowance, prepaid) = (row.get::<_, Amount>(7)?.0, row.get::<_, Amount>(8)?.0);
    let visitor = row.get(4)?;
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
        cap: Option::map(Option::as_ref(&visitor), |_: &crate::ids::Visitor| cap),
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
