//! Runs: held before the provider is called, settled or voided at the end, voided when their server dies.

pub(super) mod leases;
mod read;

use scrip::{Command, Credits, Decision, Legs, Timestamp, Window};

pub(super) use self::read::{BY_ID, BY_NUMBER, from_row};

use super::{
    batch::{Batch, Moving, nanos},
    draft::{self, Draft},
    error::Fault,
    idempotency::{Name, Target},
    ledger::{Done, Pending},
    visitors,
};
use crate::{
    ids::{EmbedId, PickaxeId, RunId, ServerId, Visitor},
    store::{Action, Movement, Outcome, Run, RunEnd, RunState, StoreError, TransactionKind, budget},
};

pub(super) const RUNNING: i64 = 0;
pub(super) const DONE: i64 = 1;
pub(super) const VOID: i64 = 2;

/// A run as stored, as far as ending it needs.
#[derive(Clone, Debug)]
pub(super) struct KnownRun {
    pub(super) number: i64,
    pub(super) account: i64,
    pub(super) running: bool,
    pub(super) hold: Legs,
    pub(super) embed: Option<(i64, EmbedId)>,
    pub(super) visitor: Option<(i64, Visitor)>,
    pub(super) limit: Option<u32>,
    pub(super) window: Option<Window>,
    pub(super) key: Option<Name>,
}

/// A row of `runs`.
pub(super) struct NewRun {
    pub(super) id: i64,
    pub(super) public: RunId,
    pub(super) account: i64,
    pub(super) pickaxe: i64,
    pub(super) embed: Option<i64>,
    pub(super) visitor: Option<i64>,
    pub(super) model: String,
    pub(super) server: ServerId,
    pub(super) hold: Legs,
    pub(super) created_at: Timestamp,
    pub(super) limit: Option<u32>,
    pub(super) window: Option<Window>,
    pub(super) decision: Option<Decision>,
    pub(super) key: Option<Name>,
}

/// What the end writes into a row of `runs`.
pub(super) struct EndedRun {
    pub(super) id: i64,
    pub(super) state: i64,
    pub(super) sequence: i64,
    pub(super) end: RunEnd,
    pub(super) decision: Option<Decision>,
}

/// What a start asks for.
struct Start<'a> {
    run: RunId,
    pickaxe: PickaxeId,
    embed: Option<EmbedId>,
    cap: Option<&'a crate::store::CapRule>,
    budget: Option<Credits>,
    hold: Credits,
    server: ServerId,
    model: &'a str,
}

/// Counts the visitor, holds the credits, remembers the run. The cap refuses before the budget does, and that before the
/// balance.
pub(super) fn start(batch: &mut Batch, job: usize, moving: &mut Moving, movement: &Movement) -> Result<Done, Fault> {
    let Action::StartRun { run, pickaxe, embed, cap, budget, hold, server, model } = &movement.action else {
        return Err(Fault::damaged("no run starts by that"));
    };
    let (cap, embed) = (cap.as_ref(), embed.or(cap.as_ref().map(|rule| rule.embed)));
    let asked =
        Start { run: *run, pickaxe: *pickaxe, embed, cap, budget: *budget, hold: *hold, server: *server, model };
    let embed = asked.embed.map(|id| batch.embed(moving, id)).transpose()?;
    let pickaxe = *batch.pickaxes.get(&asked.pickaxe).ok_or(StoreError::NotFound)?;
    let place = cap.map(|rule| visitors::ask(batch, job, moving, rule)).transpose()?;
    if let (Some(embed), Some(budget)) = (&embed, asked.budget) {
        budget::check(budget, embed.held, embed.charged, asked.hold, batch.now)?;
    }
    let transition = moving.apply(Command::Hold { amount: asked.hold }, batch.now)?;
    let decision = place.as_ref().map(|place| place.decision);
    let visitor = place.map(|place| visitors::take(batch, &place, true)).transpose()?;
    if let Some(embed) = asked.embed.and_then(|id| batch.embeds.get_mut(&id)) {
        embed.held = embed.held.plus(asked.hold)?;
        batch.changes.hold(embed.number, nanos(asked.hold))?;
    }
    let id = batch.number()?;
    batch.changes.servers.insert(asked.server);
    batch.changes.runs.push(NewRun {
        id,
        public: asked.run,
        account: moving.number,
        pickaxe,
        embed: embed.map(|embed| embed.number),
        visitor,
        model: super::columns::text(asked.model),
        server: asked.server,
        hold: transition.legs,
        created_at: transition.at,
        limit: cap.and_then(|rule| rule.limit),
        window: cap.and_then(|rule| rule.window),
        decision,
        key: movement.idempotency.as_ref().map(|request| Name::of(moving.number, request)),
    });
    let run = answer(&asked, moving, transition.at, decision);
    Ok((Pending::Now(Box::new(Outcome::Run(run))), Target::Run(id)))
}

fn answer(asked: &Start<'_>, moving: &Moving, created_at: Timestamp, cap: Option<Decision>) -> Run {
    Run {
        id: asked.run,
        account: moving.public,
        pickaxe: asked.pickaxe,
        embed: asked.embed,
        visitor: asked.cap.map(|rule| rule.visitor.clone()),
        model: asked.model.to_owned(),
        state: RunState::Running,
        held: asked.hold,
        charge: None,
        transaction: None,
        usage: None,
        duration_ms: None,
        output: None,
        stopped: false,
        problem: None,
        cap,
        created_at,
        server: asked.server,
    }
}

/// Ends a run; its number, and whether it had ended before.
pub(super) fn finish(
    batch: &mut Batch,
    job: usize,
    moving: &mut Moving,
    id: RunId,
    end: &RunEnd,
) -> Result<(i64, bool), Fault> {
    let run = batch.runs.get(&id).filter(|run| run.account == moving.number).cloned();
    let run = run.ok_or(StoreError::NotFound)?;
    if !run.running {
        return Ok((run.number, true));
    }
    let sequence = match end.charge {
        Some(amount) => settle(batch, moving, (id, &run), amount, end)?,
        None => void(batch, moving, &run)?,
    };
    if let Some((number, embed)) = run.embed {
        free(batch, number, embed, run.hold.total()?, end.charge)?;
    }
    let decision = match &run.visitor {
        None => None,
        Some((visitor, _)) => {
            visitors::end(batch, *visitor, end.charge.is_some());
            Some(visitors::decision_of(batch, job, *visitor, run.limit, run.window)?)
        }
    };
    if let Some(run) = batch.runs.get_mut(&id) {
        run.running = false;
    }
    let state = if end.charge.is_some() { DONE } else { VOID };
    batch.changes.ended_runs.push(EndedRun { id: run.number, state, sequence, end: end.clone(), decision });
    Ok((run.number, false))
}

fn settle(
    batch: &mut Batch,
    moving: &mut Moving,
    (id, run): (RunId, &KnownRun),
    amount: Credits,
    end: &RunEnd,
) -> Result<i64, Fault> {
    let transition = moving.apply(Command::Settle { hold: run.hold, amount }, batch.now)?;
    let (embed, visitor) = (run.embed, run.visitor.clone());
    let draft = Draft { items: &end.items, embed, visitor, run: Some((run.number, id)), ..Draft::default() };
    let (entry, _) = draft::write(batch, moving, TransactionKind::Run, &transition, draft)?;
    Ok(entry)
}

fn void(batch: &mut Batch, moving: &mut Moving, run: &KnownRun) -> Result<i64, Fault> {
    moving.apply(Command::Void { hold: run.hold }, batch.now)?;
    if let Some(name) = run.key.clone() {
        batch.keys.forget(&mut batch.changes, name);
    }
    batch.number()
}

/// What it held for the embed is free, what it came to is charged today.
fn free(batch: &mut Batch, number: i64, embed: EmbedId, hold: Credits, charge: Option<Credits>) -> Result<(), Fault> {
    batch.changes.hold(number, nanos(hold).saturating_neg())?;
    if let Some(amount) = charge.filter(|amount| !amount.is_zero()) {
        batch.changes.charge(number, nanos(amount))?;
    }
    if let Some(embed) = batch.embeds.get_mut(&embed) {
        embed.held = embed.held.minus(hold)?;
        embed.charged = embed.charged.plus(charge.unwrap_or(Credits::ZERO))?;
    }
    Ok(())
}
