//! Runs: held before the provider is called, settled or voided at the end, voided when their server dies.

pub(super) mod leases;
mod read;

use rusqlite::{OptionalExtension, params};
use scrip::{Command, Credits, Decision, Legs, Window};

pub(super) use self::read::{by_id, by_number};

use super::{
    batch::{Batch, Moving},
    budgets,
    columns::{Amount, Moment},
    documents,
    entries::{self, Draft},
    error::Fault,
    idempotency::{self, Key, Name, Target},
    ledger::Done,
    visitors,
};
use crate::{
    ids::{EmbedId, PickaxeId, RunId, ServerId},
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
    pub(super) budget: Option<Credits>,
    pub(super) hold: Credits,
    pub(super) server: ServerId,
    pub(super) model: String,
}

/// Counts the visitor, holds the credits, remembers the run. The cap refuses before the budget does, and that before the
/// balance.
pub(super) fn start(batch: &mut Batch<'_>, moving: &mut Moving, start: Start) -> Result<Done, Fault> {
    let embed = start.embed.or(start.cap.as_ref().map(|rule| rule.embed));
    let embed = embed.map(|embed| documents::embed_number(batch.conn, moving.id(), embed)).transpose()?;
    let pickaxe = documents::pickaxe_number(batch.conn, start.pickaxe)?;
    let begun = start.cap.as_ref().map(|rule| visitors::begin(batch, moving.id(), rule)).transpose()?;
    let (visitor, decision) = begun.unzip();
    if let Some((embed, _)) = embed {
        budgets::begin(batch, embed, start.hold, start.budget)?;
    }
    let transition = moving.apply(batch, Command::Hold { amount: start.hold })?;
    leases::begin(batch, start.server)?;
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
    if let Some(embed) = open.embed {
        budgets::end(batch, embed, open.hold.allowance.plus(open.hold.prepaid)?, end.charge)?;
    }
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

/// Drops the words of runs that ended at or before `before`.
pub(super) fn forget_outputs(batch: &Batch<'_>, before: i64) -> Result<(), Fault> {
    batch.conn.prepare_cached("DELETE FROM outputs WHERE ended_at <= ?1")?.execute([before])?;
    Ok(())
}
