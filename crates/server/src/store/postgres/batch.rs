//! A transaction under way: its one moment, its numbers, what was read for its jobs, and what they change.
//!
//! Nothing here asks the database. What a job changes becomes visible to the next one only when the job has succeeded.

use std::collections::{BTreeMap, HashMap};

use scrip::{Account, Command, Credits, Debited, Legs, Snapshot, Timestamp, Transition};

use super::{changes::Changes, error::Fault, idempotency::Keys, visitors::Visitors};
use crate::{
    ids::{AccountId, EmbedId, HoldId, PickaxeId, RunId, TopUpId, TransactionId},
    store::{AccountBalance, StoreError, kind::Kind},
};

/// How many movements one block of the sequence has numbers for.
pub(super) const BLOCK: i64 = 65_536;

/// An account inside a batch.
#[derive(Clone, Debug)]
pub(super) struct Moving {
    pub(super) public: AccountId,
    pub(super) number: i64,
    pub(super) account: Account,
    /// What its row says.
    pub(super) stored: Snapshot,
    /// Whether rows of its queue are due and go.
    pub(super) due: bool,
    /// The holds whose time is up, each with the number of its end.
    pub(super) expired: Vec<(i64, i64)>,
    /// The front of its queue of returns, as long as this batch can need it.
    pub(super) queue: BTreeMap<Timestamp, Credits>,
    /// What changes in the queue, in nano-credits.
    pub(super) deltas: BTreeMap<Timestamp, i64>,
    /// A job of this batch has moved it.
    pub(super) moved: bool,
}

/// An embed that is not deleted.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenEmbed {
    pub(super) number: i64,
    pub(super) account: i64,
    pub(super) held: Credits,
    pub(super) charged: Credits,
}

/// A hold as stored, whatever became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownHold {
    pub(super) number: i64,
    pub(super) account: i64,
    pub(super) open: bool,
    pub(super) legs: Legs,
}

/// An entry that a refund names.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownDebit {
    pub(super) number: i64,
    pub(super) account: i64,
    pub(super) kind: Kind,
    pub(super) debit: Debited,
}

/// One transaction of the writer.
pub(super) struct Batch {
    /// Ledger time of everything in this batch.
    pub(super) now: Timestamp,
    next: i64,
    end: i64,
    pub(super) accounts: HashMap<AccountId, Moving>,
    pub(super) keys: Keys,
    pub(super) embeds: HashMap<EmbedId, OpenEmbed>,
    pub(super) pickaxes: HashMap<PickaxeId, i64>,
    pub(super) visitors: Visitors,
    pub(super) runs: HashMap<RunId, super::runs::KnownRun>,
    pub(super) holds: HashMap<HoldId, KnownHold>,
    pub(super) debits: HashMap<TransactionId, KnownDebit>,
    pub(super) top_ups: HashMap<TopUpId, (i64, i64)>,
    pub(super) changes: Changes,
}

impl Batch {
    /// An empty one; `block` is a number of the sequence.
    pub(super) fn new(now: Timestamp, block: i64) -> Self {
        let next = block.saturating_mul(BLOCK);
        Self {
            now,
            next,
            end: next.saturating_add(BLOCK),
            accounts: HashMap::new(),
            keys: Keys::default(),
            embeds: HashMap::new(),
            pickaxes: HashMap::new(),
            visitors: Visitors::default(),
            runs: HashMap::new(),
            holds: HashMap::new(),
            debits: HashMap::new(),
            top_ups: HashMap::new(),
            changes: Changes::default(),
        }
    }

    /// The next number of the ledger.
    pub(super) fn number(&mut self) -> Result<i64, Fault> {
        let number = self.next;
        if number >= self.end {
            return Err(StoreError::Database("one transaction has too many movements".to_owned()).into());
        }
        self.next = number.saturating_add(1);
        Ok(number)
    }

    /// An account to work on. Nothing is changed until it is [put back](Self::put).
    pub(super) fn take(&self, public: AccountId) -> Result<Moving, Fault> {
        self.accounts.get(&public).cloned().ok_or_else(|| StoreError::NotFound.into())
    }

    /// The account as the next job shall find it.
    pub(super) fn put(&mut self, mut moving: Moving) {
        moving.moved = true;
        self.accounts.insert(moving.public, moving);
    }

    /// An account's own embed that is not deleted.
    pub(super) fn embed(&self, moving: &Moving, id: EmbedId) -> Result<OpenEmbed, Fault> {
        let found = self.embeds.get(&id).filter(|embed| embed.account == moving.number);
        found.copied().ok_or_else(|| StoreError::NotFound.into())
    }
}

impl Moving {
    /// The core's one door; what was spent is queued for its return.
    pub(super) fn apply(&mut self, command: Command, now: Timestamp) -> Result<Transition, Fault> {
        let transition = self.account.apply(command, now)?;
        let moved = transition.legs.allowance;
        match command {
            Command::Debit { .. } | Command::Settle { .. } if !moved.is_zero() => {
                let queued = self.queue.entry(transition.returns_at).or_insert(Credits::ZERO);
                *queued = queued.plus(moved)?;
                self.change(transition.returns_at, nanos(moved))?;
            }
            Command::Refund { debit, .. } if !moved.is_zero() => {
                let at = Account::WINDOW.after(debit.spent_at)?;
                let damaged = || Fault::damaged("a refunded credit is not in the queue of returns");
                let queued = self.queue.get_mut(&at).ok_or_else(damaged)?;
                *queued = queued.minus(moved).map_err(|_| damaged())?;
                if queued.is_zero() {
                    self.queue.remove(&at);
                }
                self.change(at, nanos(moved).saturating_neg())?;
            }
            _ => {}
        }
        Ok(transition)
    }

    fn change(&mut self, at: Timestamp, nanos: i64) -> Result<(), Fault> {
        let delta = self.deltas.entry(at).or_insert(0);
        *delta = delta.checked_add(nanos).ok_or(scrip::Error::Overflow)?;
        Ok(())
    }

    /// What comes back next, this batch included.
    pub(super) fn next_return(&self) -> Option<(Timestamp, Credits)> {
        self.queue.first_key_value().map(|(at, amount)| (*at, *amount))
    }

    /// The numbers as the owner sees them.
    pub(super) fn balance(&self) -> AccountBalance {
        AccountBalance { balance: self.account.balance(), next_return: self.next_return() }
    }
}

/// An amount as a difference.
pub(super) fn nanos(amount: Credits) -> i64 {
    // At most 9 × 10¹⁸: below i64::MAX.
    i64::try_from(amount.nanos()).unwrap_or(i64::MAX)
}
