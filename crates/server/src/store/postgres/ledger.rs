//! Movements: each takes its account, asks the core, and notes down what the core answered.

use scrip::{Command, Credits, Debited};

use super::{
    batch::{Batch, Moving, nanos},
    draft::{self, Draft},
    error::Fault,
    holds,
    idempotency::Target,
    runs, visitors,
};
use crate::{
    ids::{EmbedId, TopUpId, TransactionId},
    store::{Action, CapRule, Item, Movement, Outcome, StoreError, TransactionKind, budget, kind::Kind},
};

/// What a movement came to: known at once, or read from its row when all rows are written.
#[derive(Debug)]
pub(super) enum Pending {
    Now(Box<Outcome>),
    Later(Target),
}

/// What a movement came to, and the row a later request with the same key is answered from.
pub(super) type Done = (Pending, Target);

/// Moves credits, or finds what the same request came to before. `job`: its place in the batch.
pub(super) fn submit(batch: &mut Batch, job: usize, movement: &Movement) -> Result<(Pending, bool), Fault> {
    let Movement { account, idempotency, action } = movement;
    let mut moving = batch.take(*account)?;
    if let Some(request) = idempotency
        && let Some(target) = batch.keys.find(moving.number, request)?
    {
        return Ok((Pending::Later(target), true));
    }
    if let Action::FinishRun { run, end } = action {
        let (run, already) = runs::finish(batch, job, &mut moving, *run, end)?;
        if !already {
            batch.put(moving);
        }
        return Ok((Pending::Later(Target::Run(run)), already));
    }
    let (pending, target) = act(batch, job, &mut moving, movement).map_err(|fault| explain(fault, &moving))?;
    if let Some(request) = idempotency {
        batch.keys.remember(&mut batch.changes, moving.number, request, target);
    }
    batch.put(moving);
    Ok((pending, false))
}

/// A refusal for lack of credits says what comes back next.
fn explain(fault: Fault, moving: &Moving) -> Fault {
    match fault {
        Fault::Rule(error @ scrip::Error::InsufficientCredits { .. }) => {
            StoreError::Refused { error, next_return: moving.next_return() }.into()
        }
        other => other,
    }
}

fn act(batch: &mut Batch, job: usize, moving: &mut Moving, movement: &Movement) -> Result<Done, Fault> {
    match &movement.action {
        Action::StartRun { .. } => runs::start(batch, job, moving, movement),
        // Handled before: it has no row of its own to name.
        Action::FinishRun { .. } => Err(Fault::damaged("a run is finished by itself")),
        Action::Debit { kind, amount, items, embed, cap, budget, note } => {
            let spent = Spent { items, embed: *embed, cap: cap.as_ref(), budget: *budget, note: note.as_deref() };
            debit(batch, job, moving, (*kind, *amount), &spent)
        }
        Action::Refund { transaction, amount } => refund(batch, moving, *transaction, *amount),
        Action::Hold { amount, expires_in_seconds } => holds::place(batch, moving, *amount, *expires_in_seconds),
        Action::SettleHold { hold, amount, items } => holds::settle(batch, moving, *hold, *amount, items),
        Action::VoidHold { hold } => holds::void(batch, moving, *hold),
        Action::TopUp { kind, top_up, amount, note } => {
            top_up_once(batch, moving, (*kind, *amount), *top_up, note.as_deref())
        }
        Action::SetPlan { plan, packs, capacity } => set_plan(batch, moving, plan, packs, *capacity),
    }
}

struct Spent<'a> {
    items: &'a [Item],
    embed: Option<EmbedId>,
    cap: Option<&'a CapRule>,
    budget: Option<Credits>,
    note: Option<&'a str>,
}

fn debit(
    batch: &mut Batch,
    job: usize,
    moving: &mut Moving,
    (kind, amount): (TransactionKind, Credits),
    spent: &Spent<'_>,
) -> Result<Done, Fault> {
    let embed = spent.embed.or(spent.cap.map(|rule| rule.embed));
    let embed = embed.map(|id| batch.embed(moving, id).map(|embed| (id, embed))).transpose()?;
    let place = spent.cap.map(|rule| visitors::ask(batch, job, moving, rule)).transpose()?;
    if let (Some((_, embed)), Some(budget)) = (embed, spent.budget) {
        budget::check(budget, embed.held, embed.charged, amount, batch.now)?;
    }
    let transition = moving.apply(Command::Debit { amount }, batch.now)?;
    let visitor = place.map(|place| visitors::take(batch, &place, false)).transpose()?;
    if let Some((id, _)) = embed {
        charge(batch, id, amount)?;
    }
    let draft = Draft {
        items: spent.items,
        embed: embed.map(|(id, embed)| (embed.number, id)),
        visitor: visitor.zip(spent.cap.map(|rule| rule.visitor.clone())),
        note: spent.note,
        ..Draft::default()
    };
    done(draft::write(batch, moving, kind, &transition, draft)?)
}

/// A debit of the embed counts today.
fn charge(batch: &mut Batch, embed: EmbedId, amount: Credits) -> Result<(), Fault> {
    if let Some(embed) = batch.embeds.get_mut(&embed)
        && !amount.is_zero()
    {
        embed.charged = embed.charged.plus(amount)?;
        batch.changes.charge(embed.number, nanos(amount))?;
    }
    Ok(())
}

fn refund(
    batch: &mut Batch,
    moving: &mut Moving,
    transaction: TransactionId,
    amount: Option<Credits>,
) -> Result<Done, Fault> {
    let known = batch.debits.get(&transaction).filter(|debit| debit.account == moving.number).copied();
    let known = known.ok_or(StoreError::NotFound)?;
    if !known.kind.spends() {
        return Err(StoreError::NotADebit.into());
    }
    let left = known.debit.left()?;
    let asked = match amount {
        Some(amount) if amount.is_zero() => return Err(scrip::Error::ZeroAmount.into()),
        Some(amount) => amount,
        None if left.is_zero() => return Err(scrip::Error::RefundExceedsDebit { left, asked: left }.into()),
        None => left,
    };
    let refunded = known.debit.refunded.plus(asked)?;
    let transition = moving.apply(Command::Refund { debit: known.debit, amount: asked }, batch.now)?;
    if let Some(debit) = batch.debits.get_mut(&transaction) {
        debit.debit = Debited { refunded, ..known.debit };
    }
    batch.changes.refunded.insert(known.number, refunded);
    let draft = Draft { refunds: Some((known.number, transaction)), asked: Some(asked), ..Draft::default() };
    done(draft::write(batch, moving, TransactionKind::Refund, &transition, draft)?)
}

/// A payment told twice adds its credits once.
fn top_up_once(
    batch: &mut Batch,
    moving: &mut Moving,
    (kind, amount): (TransactionKind, Credits),
    top_up: Option<TopUpId>,
    note: Option<&str>,
) -> Result<Done, Fault> {
    if let Some((entry, account)) = top_up.and_then(|top_up| batch.top_ups.get(&top_up)).copied() {
        if account != moving.number {
            return Err(Fault::damaged("a purchase belongs to another account"));
        }
        return Ok((Pending::Later(Target::Entry(entry)), Target::Entry(entry)));
    }
    let transition = moving.apply(Command::TopUp { amount }, batch.now)?;
    let draft = Draft { top_up, note, ..Draft::default() };
    let (entry, transaction) = draft::write(batch, moving, kind, &transition, draft)?;
    batch.top_ups.extend(top_up.map(|top_up| (top_up, (entry, moving.number))));
    done((entry, transaction))
}

fn set_plan(
    batch: &mut Batch,
    moving: &mut Moving,
    plan: &str,
    packs: &[String],
    capacity: Credits,
) -> Result<Done, Fault> {
    let transition = moving.apply(Command::SetCapacity { capacity }, batch.now)?;
    let entry = draft::write_unseen(batch, moving, Kind::Capacity, &transition)?;
    batch.changes.plans.insert(moving.number, (plan.to_owned(), packs.join(",")));
    Ok((Pending::Now(Box::new(Outcome::Changed(moving.balance()))), Target::Entry(entry)))
}

/// A row of the ledger and the row its key names.
pub(super) fn done((entry, transaction): (i64, crate::store::Transaction)) -> Result<Done, Fault> {
    Ok((Pending::Now(Box::new(Outcome::Transaction(transaction))), Target::Entry(entry)))
}
