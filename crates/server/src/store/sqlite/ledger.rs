//! Movements: each loads its account, asks the core, and writes down what the core answered.

use rusqlite::{Connection, OptionalExtension, params};
use scrip::{Command, Credits, Debited, Legs, Transition};

use super::{
    batch::{Batch, Moving},
    budgets,
    columns::{Amount, Kind, Moment},
    documents,
    entries::{self, Draft},
    error::Fault,
    holds,
    idempotency::{self, Target},
    runs, visitors,
};
use crate::{
    ids::{AccountId, EmbedId, TransactionId},
    store::{Action, Answer, CapRule, Idempotency, Item, Movement, Outcome, StoreError, TransactionKind},
};

/// What a movement came to, and the row a later request with the same key is answered from.
pub(super) type Done = (Outcome, Target);

/// Moves credits, or answers what the same request came to before.
pub(super) fn submit(batch: &mut Batch<'_>, movement: Movement) -> Result<Answer, Fault> {
    let Movement { account, idempotency, action } = movement;
    let mut moving = batch.take(account)?;
    if let Some(request) = &idempotency
        && let Some(target) = idempotency::find(batch.conn, moving.id(), request)?
    {
        return Ok(Answer { outcome: replay(batch.conn, target)?, replayed: true });
    }
    if let Action::FinishRun { run, end } = action {
        let (run, already) = runs::finish(batch, &mut moving, run, end)?;
        batch.put(moving);
        return Ok(Answer { outcome: Outcome::Run(run), replayed: already });
    }
    let (outcome, target) = act(batch, &mut moving, action).map_err(|fault| explain(fault, &moving))?;
    if let Some(request) = &idempotency {
        idempotency::remember(batch, moving.id(), request, target)?;
        if let Target::Run(run) = target {
            runs::remember_key(batch, run, &idempotency::Name::of(request))?;
        }
    }
    batch.put(moving);
    Ok(Answer { outcome, replayed: false })
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

/// What an earlier request with the same key came to, looked up beside the writer.
pub(super) fn recall(conn: &Connection, account: AccountId, request: &Idempotency) -> Result<Option<Outcome>, Fault> {
    let number = conn
        .prepare_cached("SELECT id FROM accounts WHERE public = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()?;
    let Some(number) = number else { return Ok(None) };
    idempotency::find(conn, number, request)?.map(|target| replay(conn, target)).transpose()
}

fn replay(conn: &Connection, target: Target) -> Result<Outcome, Fault> {
    match target {
        Target::Run(run) => Ok(Outcome::Run(runs::by_number(conn, run)?)),
        Target::Hold(hold) => Ok(Outcome::Hold(holds::by_number(conn, hold)?)),
        Target::Entry(entry) => {
            let entry = entries::by_number(conn, entry)?;
            Ok(match entry.kind {
                Kind::Seen(_) => Outcome::Transaction(entry.transaction),
                Kind::Open | Kind::Capacity => Outcome::Changed(entry.transaction.balance),
            })
        }
    }
}

fn act(batch: &mut Batch<'_>, moving: &mut Moving, action: Action) -> Result<Done, Fault> {
    match action {
        Action::StartRun { run, pickaxe, embed, cap, budget, hold, server, model } => {
            runs::start(batch, moving, runs::Start { run, pickaxe, embed, cap, budget, hold, server, model })
        }
        // Handled before: it has no row of its own to name.
        Action::FinishRun { .. } => Err(Fault::damaged("a run is finished by itself")),
        Action::Debit { kind, amount, items, embed, cap, budget, note } => {
            debit(batch, moving, kind, amount, Spent { items, embed, cap, budget, note })
        }
        Action::Refund { transaction, amount } => refund(batch, moving, transaction, amount),
        Action::Hold { amount, expires_in_seconds } => holds::place(batch, moving, amount, expires_in_seconds),
        Action::SettleHold { hold, amount, items } => holds::settle(batch, moving, hold, amount, items),
        Action::VoidHold { hold } => holds::void(batch, moving, hold),
        Action::TopUp { kind, top_up, amount, note } => {
            if let Some(top_up) = top_up
                && let Some(entry) = of_top_up(batch, moving, top_up)?
            {
                return Ok((
                    Outcome::Transaction(entries::by_number(batch.conn, entry)?.transaction),
                    Target::Entry(entry),
                ));
            }
            let transition = moving.apply(batch, Command::TopUp { amount })?;
            let draft = Draft { top_up, note, ..Draft::default() };
            done(entries::write(batch, moving, kind, &transition, draft)?)
        }
        Action::SetPlan { plan, packs, capacity } => set_plan(batch, moving, &plan, &packs, capacity),
    }
}

pub(super) fn done((entry, transaction): (i64, crate::store::Transaction)) -> Result<Done, Fault> {
    Ok((Outcome::Transaction(transaction), Target::Entry(entry)))
}

struct Spent {
    items: Vec<Item>,
    embed: Option<EmbedId>,
    cap: Option<CapRule>,
    budget: Option<Credits>,
    note: Option<String>,
}

fn debit(
    batch: &mut Batch<'_>,
    moving: &mut Moving,
    kind: TransactionKind,
    amount: Credits,
    spent: Spent,
) -> Result<Done, Fault> {
    let embed = spent.embed.or(spent.cap.as_ref().map(|rule| rule.embed));
    let embed = embed.map(|embed| documents::embed_number(batch.conn, moving.id(), embed)).transpose()?;
    let visitor = match spent.cap {
        Some(rule) => Some((visitors::count(batch, moving.id(), &rule)?, rule.visitor)),
        None => None,
    };
    if let Some((embed, _)) = embed {
        budgets::spend(batch, embed, amount, spent.budget)?;
    }
    let transition = moving.apply(batch, Command::Debit { amount })?;
    let draft = Draft { items: spent.items, embed, visitor, note: spent.note, ..Draft::default() };
    done(entries::write(batch, moving, kind, &transition, draft)?)
}

fn refund(
    batch: &mut Batch<'_>,
    moving: &mut Moving,
    transaction: TransactionId,
    amount: Option<Credits>,
) -> Result<Done, Fault> {
    let (id, kind, debit) = debited(batch, moving, transaction)?.ok_or(StoreError::NotFound)?;
    if !kind.spends() {
        return Err(StoreError::NotADebit.into());
    }
    let left = debit.left()?;
    let asked = match amount {
        Some(amount) if amount.is_zero() => return Err(scrip::Error::ZeroAmount.into()),
        Some(amount) => amount,
        None if left.is_zero() => return Err(scrip::Error::RefundExceedsDebit { left, asked: left }.into()),
        None => left,
    };
    let transition = moving.apply(batch, Command::Refund { debit, amount: asked })?;
    batch
        .conn
        .prepare_cached("UPDATE entries SET refunded = refunded + ?2 WHERE id = ?1")?
        .execute(params![id, Amount(asked)])?;
    let draft = Draft { refunds: Some((id, transaction)), asked: Some(asked), ..Draft::default() };
    done(entries::write(batch, moving, TransactionKind::Refund, &transition, draft)?)
}

fn debited(
    batch: &Batch<'_>,
    moving: &Moving,
    transaction: TransactionId,
) -> Result<Option<(i64, Kind, Debited)>, Fault> {
    let found = batch
        .conn
        .prepare_cached(
            "SELECT id, kind, allowance, prepaid, refunded, at FROM entries WHERE public = ?1 AND account = ?2",
        )?
        .query_row(params![transaction, moving.id()], |row| {
            let legs = Legs { allowance: row.get::<_, Amount>(2)?.0, prepaid: row.get::<_, Amount>(3)?.0 };
            let debit = Debited { legs, refunded: row.get::<_, Amount>(4)?.0, spent_at: row.get::<_, Moment>(5)?.0 };
            Ok((row.get(0)?, row.get(1)?, debit))
        })
        .optional()?;
    Ok(found)
}

/// The entry that added the credits of this purchase: a payment told twice adds them once.
fn of_top_up(batch: &Batch<'_>, moving: &Moving, top_up: crate::ids::TopUpId) -> Result<Option<i64>, Fault> {
    let found = batch
        .conn
        .prepare_cached("SELECT id FROM entries WHERE top_up = ?1 AND account = ?2")?
        .query_row(params![top_up, moving.id()], |row| row.get(0))
        .optional()?;
    Ok(found)
}

fn set_plan(
    batch: &mut Batch<'_>,
    moving: &mut Moving,
    plan: &str,
    packs: &[String],
    capacity: Credits,
) -> Result<Done, Fault> {
    let transition: Transition = moving.apply(batch, Command::SetCapacity { capacity })?;
    batch.conn.prepare_cached("UPDATE accounts SET plan = ?2, packs = ?3 WHERE id = ?1")?.execute(params![
        moving.id(),
        plan,
        packs.join(",")
    ])?;
    let entry = entries::write_unseen(batch, moving, Kind::Capacity, &transition)?;
    Ok((Outcome::Changed(moving.balance()), Target::Entry(entry)))
}
