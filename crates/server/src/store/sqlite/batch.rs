//! The transaction under way: its one moment, its numbers, and the accounts it has touched.
//!
//! An account is read once in a batch and written once before COMMIT, however many jobs move it. What a job changes
//! becomes visible to the next one only when the job has succeeded.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use scrip::{Account, Command, Credits, Legs, Timestamp, Transition};

use super::{
    columns::{Amount, Moment},
    error::Fault,
    standing::{self, Standing},
};
use crate::{ids::AccountId, store::AccountBalance};

/// An account inside a batch.
#[derive(Clone, Debug)]
pub(super) struct Moving {
    pub(super) public: AccountId,
    standing: Standing,
    /// What was spent in this batch and is not yet in `returns`, by the moment of its return.
    spent: Vec<(Timestamp, Credits)>,
}

/// One transaction of the writer.
pub(super) struct Batch<'c> {
    pub(super) conn: &'c Connection,
    /// Ledger time of everything in this batch.
    pub(super) now: Timestamp,
    sequence: i64,
    accounts: HashMap<AccountId, Moving>,
    /// Accounts this job was the first to read: forgotten if it is rolled back, because what was due is due again.
    fresh: Vec<AccountId>,
}

impl<'c> Batch<'c> {
    pub(super) fn new(conn: &'c Connection, now: Timestamp, sequence: i64) -> Self {
        Self { conn, now, sequence, accounts: HashMap::new(), fresh: Vec::new() }
    }

    /// The next number of the ledger.
    pub(super) const fn next(&mut self) -> i64 {
        self.sequence = self.sequence.saturating_add(1);
        self.sequence
    }

    /// The last number given out.
    pub(super) const fn sequence(&self) -> i64 {
        self.sequence
    }

    /// An account to work on. Nothing is changed until it is [put back](Self::put).
    pub(super) fn take(&mut self, public: AccountId) -> Result<Moving, Fault> {
        if let Some(moving) = self.accounts.get(&public) {
            return Ok(moving.clone());
        }
        let standing = Standing::read(self.conn, public, self.now)?;
        if !standing.due.is_zero() {
            self.conn
                .prepare_cached("DELETE FROM returns WHERE account = ?1 AND return_at <= ?2")?
                .execute(params![standing.id, Moment(self.now)])?;
        }
        for hold in &standing.expired {
            super::holds::close(self, *hold, super::holds::EXPIRED)?;
        }
        let moving = Moving { public, standing, spent: Vec::new() };
        self.accounts.insert(public, moving.clone());
        self.fresh.push(public);
        Ok(moving)
    }

    /// The account as the next job shall find it.
    pub(super) fn put(&mut self, moving: Moving) {
        self.accounts.insert(moving.public, moving);
    }

    /// Runs a job in a savepoint of its own.
    pub(super) fn job<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.fresh.clear();
        self.conn.prepare_cached("SAVEPOINT job")?.execute([])?;
        let outcome = work(self);
        match &outcome {
            Err(fault) if fault.breaks_batch() => {}
            Err(_) => {
                self.conn.prepare_cached("ROLLBACK TO job")?.execute([])?;
                self.conn.prepare_cached("RELEASE job")?.execute([])?;
                for public in self.fresh.drain(..) {
                    self.accounts.remove(&public);
                }
            }
            Ok(_) => {
                self.conn.prepare_cached("RELEASE job")?.execute([])?;
            }
        }
        outcome
    }

    /// Writes every touched account, the sequence and the time.
    pub(super) fn flush(&mut self) -> Result<(), Fault> {
        for moving in self.accounts.values_mut() {
            moving.write_returns(self.conn)?;
            moving.write_balance(self.conn)?;
        }
        self.conn
            .prepare_cached("UPDATE ledger SET sequence = ?1, time = ?2 WHERE id = 1")?
            .execute(params![self.sequence, Moment(self.now)])?;
        Ok(())
    }
}

impl Moving {
    /// The row's number.
    pub(super) const fn id(&self) -> i64 {
        self.standing.id
    }

    /// The account as the core knows it.
    pub(super) const fn account(&self) -> &Account {
        &self.standing.account
    }

    /// The core's one door; what was spent is queued for its return.
    pub(super) fn apply(&mut self, batch: &Batch<'_>, command: Command) -> Result<Transition, Fault> {
        let transition = self.standing.account.apply(command, batch.now)?;
        match command {
            Command::Debit { .. } | Command::Settle { .. } => {
                self.queue(transition.returns_at, transition.legs.allowance)?
            }
            Command::Refund { debit, .. } => {
                self.unqueue(batch, Account::WINDOW.after(debit.spent_at)?, transition.legs)?;
            }
            _ => {}
        }
        Ok(transition)
    }

    /// The numbers as the owner sees them.
    pub(super) fn balance(&self) -> AccountBalance {
        AccountBalance { next_return: self.next_return(), ..self.standing.balance() }
    }

    /// What comes back next, this batch included.
    pub(super) fn next_return(&self) -> Option<(Timestamp, Credits)> {
        match (self.standing.next_return, self.spent.first().copied()) {
            (Some((at, stored)), Some((also_at, spent))) if at == also_at => {
                Some((at, stored.plus(spent).unwrap_or(Credits::MAX)))
            }
            (Some(stored), Some(spent)) => Some(if stored.0 < spent.0 { stored } else { spent }),
            (stored, spent) => stored.or(spent),
        }
    }

    fn queue(&mut self, returns_at: Timestamp, amount: Credits) -> Result<(), Fault> {
        if amount.is_zero() {
            return Ok(());
        }
        match self.spent.last_mut() {
            Some((at, sum)) if *at == returns_at => *sum = sum.plus(amount)?,
            _ => self.spent.push((returns_at, amount)),
        }
        Ok(())
    }

    fn unqueue(&mut self, batch: &Batch<'_>, returns_at: Timestamp, released: Legs) -> Result<(), Fault> {
        if released.allowance.is_zero() {
            return Ok(());
        }
        self.write_returns(batch.conn)?;
        let values = params![self.standing.id, Moment(returns_at), Amount(released.allowance)];
        let emptied = batch
            .conn
            .prepare_cached("DELETE FROM returns WHERE account = ?1 AND return_at = ?2 AND amount = ?3")?
            .execute(values)?;
        if emptied == 0 {
            let changed = batch
                .conn
                .prepare_cached("UPDATE returns SET amount = amount - ?3 WHERE account = ?1 AND return_at = ?2")?
                .execute(values)?;
            if changed != 1 {
                return Err(Fault::damaged("a refunded credit is not in the queue of returns"));
            }
        }
        self.standing.next_return = standing::next_return(batch.conn, self.standing.id, batch.now)?;
        Ok(())
    }

    fn write_returns(&mut self, conn: &Connection) -> Result<(), Fault> {
        if self.spent.is_empty() {
            return Ok(());
        }
        self.standing.next_return = self.next_return();
        let mut statement = conn.prepare_cached(
            "INSERT INTO returns (account, return_at, amount) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, return_at) DO UPDATE SET amount = amount + excluded.amount",
        )?;
        for (at, amount) in self.spent.drain(..) {
            statement.execute(params![self.standing.id, Moment(at), Amount(amount)])?;
        }
        Ok(())
    }

    fn write_balance(&mut self, conn: &Connection) -> Result<(), Fault> {
        let now = self.standing.account.snapshot();
        if now == self.standing.stored {
            return Ok(());
        }
        conn.prepare_cached(
            "UPDATE balances SET capacity = ?2, spent = ?3, prepaid = ?4, held_allowance = ?5, held_prepaid = ?6,
             clock = ?7 WHERE account = ?1",
        )?
        .execute(params![
            self.standing.id,
            Amount(now.capacity),
            Amount(now.spent),
            Amount(now.prepaid),
            Amount(now.held.allowance),
            Amount(now.held.prepaid),
            Moment(now.clock),
        ])?;
        self.standing.stored = now;
        Ok(())
    }
}
