//! Every movement of every account in order, once more: what no sequence of movements can produce is found.

use std::collections::{BTreeMap, HashMap};

use scrip::{Account, Command, Credits, Debited, Legs, Snapshot, Timestamp};

use super::kind::Kind;

/// What moved, as the rows tell it.
pub(super) enum Event {
    Placed,
    Freed,
    Entry {
        kind: Kind,
        after: Snapshot,
        hold: Option<Legs>,
        refund: Option<Refund>,
        next: Option<(Timestamp, Credits)>,
    },
}

/// A refund's debit and what was asked of it.
pub(super) struct Refund {
    pub(super) debit: i64,
    pub(super) legs: Legs,
    pub(super) spent_at: Timestamp,
    pub(super) asked: Credits,
}

/// An account as the replay has it.
pub(super) struct Replayed {
    pub(super) id: i64,
    account: Account,
    pub(super) returns: BTreeMap<Timestamp, Credits>,
    pub(super) refunded: HashMap<i64, Credits>,
    at: Timestamp,
}

impl Replayed {
    /// Before its first movement.
    pub(super) fn new(id: i64, at: Timestamp) -> Self {
        Self { id, account: Account::new(Credits::ZERO, at), returns: BTreeMap::new(), refunded: HashMap::new(), at }
    }

    /// Gives back what is due.
    fn catch_up(&mut self, at: Timestamp) -> Result<(), scrip::Error> {
        self.at = self.at.max(at);
        while let Some(first) = self.returns.first_entry().filter(|first| *first.key() <= self.at) {
            self.account.replenish(first.remove(), at)?;
        }
        Ok(())
    }

    /// The next movement: `number` is its row's.
    pub(super) fn follow(&mut self, number: i64, at: Timestamp, legs: Legs, event: &Event, findings: &mut Vec<String>) {
        let id = self.id;
        if at < self.at {
            findings.push(format!("Movement {number} of account {id} lies before the one it follows."));
        }
        if let Err(error) = self.step(number, at, legs, event, findings) {
            findings.push(format!("The core refuses movement {number} of account {id}: {error}."));
        }
    }

    fn step(
        &mut self,
        number: i64,
        at: Timestamp,
        legs: Legs,
        event: &Event,
        findings: &mut Vec<String>,
    ) -> Result<(), scrip::Error> {
        self.catch_up(at)?;
        let command = match event {
            Event::Placed => Command::Hold { amount: legs.total()? },
            Event::Freed => Command::Void { hold: legs },
            Event::Entry { kind, after, hold, refund, .. } => {
                self.command(*kind, after, legs, *hold, refund.as_ref())?
            }
        };
        let transition = self.account.apply(command, at)?;
        match (&command, event) {
            (Command::Refund { debit, amount }, Event::Entry { refund: Some(refund), .. }) => {
                self.refunded.insert(refund.debit, debit.refunded.plus(*amount)?);
                self.take_from_queue(Account::WINDOW.after(debit.spent_at)?, transition.legs.allowance)?;
            }
            (Command::Debit { .. } | Command::Settle { .. }, _) if !transition.legs.allowance.is_zero() => {
                let queued = self.returns.entry(transition.returns_at).or_insert(Credits::ZERO);
                *queued = queued.plus(transition.legs.allowance)?;
            }
            _ => {}
        }
        let id = self.id;
        if transition.legs != legs {
            findings.push(format!("Movement {number} of account {id} has other legs than the core gives it."));
        }
        if let Event::Entry { after, next, .. } = event {
            if self.account.snapshot() != *after {
                findings.push(format!("Entry {number} of account {id} records another balance than its replay."));
            }
            if self.returns.iter().next().map(|(at, amount)| (*at, *amount)) != *next {
                findings.push(format!("Entry {number} of account {id} records another next return than its replay."));
            }
        }
        Ok(())
    }

    fn command(
        &self,
        kind: Kind,
        after: &Snapshot,
        legs: Legs,
        hold: Option<Legs>,
        refund: Option<&Refund>,
    ) -> Result<Command, scrip::Error> {
        let amount = legs.total()?;
        Ok(match (kind, hold, refund) {
            (Kind::Open | Kind::Capacity, ..) => Command::SetCapacity { capacity: after.capacity },
            (kind, Some(hold), _) if kind.spends() => Command::Settle { hold, amount },
            (kind, None, _) if kind.spends() => Command::Debit { amount },
            (_, _, Some(refund)) => {
                let refunded = self.refunded.get(&refund.debit).copied().unwrap_or(Credits::ZERO);
                let debit = Debited { legs: refund.legs, refunded, spent_at: refund.spent_at };
                Command::Refund { debit, amount: refund.asked }
            }
            _ => Command::TopUp { amount },
        })
    }

    fn take_from_queue(&mut self, at: Timestamp, amount: Credits) -> Result<(), scrip::Error> {
        if amount.is_zero() {
            return Ok(());
        }
        let queued = self.returns.entry(at).or_insert(Credits::ZERO);
        *queued = queued.minus(amount)?;
        if queued.is_zero() {
            self.returns.remove(&at);
        }
        Ok(())
    }

    /// Compares the account at its end with its rows.
    pub(super) fn end(
        &mut self,
        stored: &Snapshot,
        queue: &BTreeMap<Timestamp, Credits>,
        findings: &mut Vec<String>,
    ) -> Result<(), scrip::Error> {
        let id = self.id;
        // The row may have been caught up after the last movement, never before it.
        self.catch_up(stored.clock)?;
        let end = Snapshot { clock: stored.clock, ..self.account.snapshot() };
        if end != *stored || stored.clock < self.account.snapshot().clock {
            findings.push(format!("The balance of account {id} is not what its entries come to."));
        }
        if *queue != self.returns {
            findings.push(format!("The queue of returns of account {id} is not what its entries come to."));
        }
        Ok(())
    }

    /// Compares what a debit's row says was asked back of it.
    pub(super) fn compare_refunded(&self, debit: i64, stored: Credits, findings: &mut Vec<String>) {
        if self.refunded.get(&debit).is_some_and(|refunded| *refunded != stored) {
            let id = self.id;
            findings.push(format!("Entry {debit} of account {id} records another refunded sum than its refunds."));
        }
    }
}
