//! New rows of the ledger.

use scrip::{Credits, Legs, Snapshot, Timestamp, Transition};

use super::{
    batch::{Batch, Moving},
    columns::text,
    error::Fault,
    items,
};
use crate::{
    ids::{EmbedId, RunId, TopUpId, TransactionId, Visitor},
    store::{Item, Transaction, TransactionKind, kind::Kind},
};

/// What an entry says beside its numbers. Rows are named by their number and, for the answer, as the caller knows them.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) items: &'a [Item],
    pub(super) embed: Option<(i64, EmbedId)>,
    pub(super) visitor: Option<(i64, Visitor)>,
    pub(super) run: Option<(i64, RunId)>,
    pub(super) hold: Option<i64>,
    pub(super) refunds: Option<(i64, TransactionId)>,
    pub(super) asked: Option<Credits>,
    pub(super) top_up: Option<TopUpId>,
    pub(super) note: Option<&'a str>,
}

/// A row of `entries`.
pub(super) struct NewEntry {
    pub(super) id: i64,
    pub(super) public: TransactionId,
    pub(super) account: i64,
    pub(super) kind: Kind,
    pub(super) at: Timestamp,
    pub(super) legs: Legs,
    pub(super) after: Snapshot,
    pub(super) next: Option<(Timestamp, Credits)>,
    pub(super) items: Option<String>,
    pub(super) embed: Option<i64>,
    pub(super) visitor: Option<i64>,
    pub(super) run: Option<i64>,
    pub(super) hold: Option<i64>,
    pub(super) refunds: Option<i64>,
    pub(super) asked: Option<Credits>,
    pub(super) top_up: Option<TopUpId>,
    pub(super) note: Option<String>,
}

/// Notes an entry and returns its number with what the owner sees of it.
pub(super) fn write(
    batch: &mut Batch,
    moving: &Moving,
    kind: TransactionKind,
    transition: &Transition,
    draft: Draft<'_>,
) -> Result<(i64, Transaction), Fault> {
    let amount = transition.legs.total()?;
    let note = draft.note.map(text);
    let transaction = Transaction {
        id: TransactionId::generate(),
        account: moving.public,
        kind,
        amount,
        legs: transition.legs,
        items: draft.items.to_vec(),
        balance: moving.balance(),
        created_at: transition.at,
        embed: draft.embed.map(|(_, embed)| embed),
        visitor: draft.visitor.as_ref().map(|(_, visitor)| visitor.clone()),
        run: draft.run.map(|(_, run)| run),
        refunds: draft.refunds.map(|(_, debit)| debit),
        note: note.clone(),
    };
    let id = batch.number()?;
    batch.changes.entries.push(NewEntry {
        items: items::write(draft.items, amount)?,
        embed: draft.embed.map(|(embed, _)| embed),
        visitor: draft.visitor.map(|(visitor, _)| visitor),
        run: draft.run.map(|(run, _)| run),
        hold: draft.hold,
        refunds: draft.refunds.map(|(debit, _)| debit),
        asked: draft.asked,
        top_up: draft.top_up,
        note,
        ..bare(moving, (id, transaction.id), Kind::Seen(kind), transition)
    });
    Ok((id, transaction))
}

/// Notes an entry that only the ledger sees.
pub(super) fn write_unseen(
    batch: &mut Batch,
    moving: &Moving,
    kind: Kind,
    transition: &Transition,
) -> Result<i64, Fault> {
    let id = batch.number()?;
    batch.changes.entries.push(bare(moving, (id, TransactionId::generate()), kind, transition));
    Ok(id)
}

fn bare(moving: &Moving, (id, public): (i64, TransactionId), kind: Kind, transition: &Transition) -> NewEntry {
    NewEntry {
        id,
        public,
        account: moving.number,
        kind,
        at: transition.at,
        legs: transition.legs,
        after: moving.account.snapshot(),
        next: moving.next_return(),
        items: None,
        embed: None,
        visitor: None,
        run: None,
        hold: None,
        refunds: None,
        asked: None,
        top_up: None,
        note: None,
    }
}
