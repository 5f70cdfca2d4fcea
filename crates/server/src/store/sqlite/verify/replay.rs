//! Every movement of every account in order, once more.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row, params};
use scrip::{Account, Command, Credits, Debited, Legs, Snapshot, Timestamp};

use super::super::{
    columns::{Amount, Kind, Moment},
    error::Fault,
    standing,
};

/// What moved, as the rows tell it.
enum Event {
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

struct Refund {
    debit: i64,
    legs: Legs,
    spent_at: Timestamp,
    asked: Credits,
}

const EVENTS: &str = "
    SELECT e.account, e.id, 0, e.at, e.allowance, e.prepaid, e.kind, e.capacity, e.spent, e.prepaid_after,
           e.held_allowance, e.held_prepaid, e.at, coalesce(r.allowance, h.allowance), coalesce(r.prepaid, h.prepaid),
           e.refunds, d.allowance, d.prepaid, d.at, e.asked, e.next_at, e.next_amount
    FROM entries e LEFT JOIN runs r ON r.id = e.run LEFT JOIN holds h ON h.id = e.hold LEFT JOIN entries d ON d.id = e.refunds
    UNION ALL SELECT account, id, 1, created_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0 FROM runs
    UNION ALL SELECT account, closed_seq, 2, closed_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0
              FROM runs WHERE state = 2
    UNION ALL SELECT account, id, 1, created_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0 FROM holds
    UNION ALL SELECT account, closed_seq, 2, closed_at, allowance, prepaid, 0,0,0,0,0,0,0, 0,0, 0,0,0,0,0,0,0
              FROM holds WHERE state IN (2, 3)
    ORDER BY 1, 2";

/// An account as the replay has it.
struct Replayed {
    id: i64,
    account: Account,
    returns: BTreeMap<Timestamp, Credits>,
    refunded: HashMap<i64, Credits>,
    at: Timestamp,
}

/// Replays everything and compares with what is stored.
pub(super) fn replay(conn: &Connection, findings: &mut Vec<String>) -> Result<(), Fault> {
    let mut statement = conn.prepare(EVENTS)?;
    let mut rows = statement.query([])?;
    let mut current: Option<Replayed> = None;
    while let Some(row) = rows.next()? {
        let (id, number): (i64, i64) = (row.get(0)?, row.get(1)?);
        let at = row.get::<_, Moment>(3)?.0;
        let mut replayed = match current.take() {
            Some(replayed) if replayed.id == id => replayed,
            done => {
                finish(conn, done, findings)?;
                Replayed::new(id, at)
            }
        };
        let legs = Legs { allowance: row.get::<_, Amount>(4)?.0, prepaid: row.get::<_, Amount>(5)?.0 };
        let event = event(row)?;
        if at < replayed.at {
            findings.push(format!("Movement {number} of account {id} lies before the one it follows."));
        }
        if let Err(error) = replayed.step(number, at, legs, &event, findings) {
            findings.push(format!("The core refuses movement {number} of account {id}: {error}."));
        }
        current = Some(replayed);
    }
    finish(conn, current, findings)
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    match row.get::<_, i64>(2)? {
        1 => return Ok(Event::Placed),
        2 => return Ok(Event::Freed),
        _ => {}
    }
    let amount = |place: usize| row.get::<_, Option<Amount>>(place).map(|amount| amount.map(|amount| amount.0));
    let legs = |(allowance, prepaid)| Legs { allowance, prepaid };
    let refund = match row.get::<_, Option<i64>>(15)? {
        None => None,
        Some(debit) => amount(16)?.zip(amount(17)?).map(legs).zip(amount(19)?).map(|(legs, asked)| {
            row.get::<_, Moment>(18).map(|spent_at| Refund { debit, legs, spent_at: spent_at.0, asked })
        }),
    };
    Ok(Event::Entry {
        kind: row.get(6)?,
        after: standing::snapshot(row, 7)?,
        hold: amount(13)?.zip(amount(14)?).map(legs),
        refund: refund.transpose()?,
        next: row.get::<_, Option<Moment>>(20)?.map(|at| at.0).zip(amount(21)?),
    })
}

impl Replayed {
    fn new(id: i64, at: Timestamp) -> Self {
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
}

/// Compares an account at its end with its rows.
fn finish(conn: &Connection, replayed: Option<Replayed>, findings: &mut Vec<String>) -> Result<(), Fault> {
    let Some(mut replayed) = replayed else { return Ok(()) };
    let id = replayed.id;
    let stored = conn
        .prepare_cached(
            "SELECT capacity, spent, prepaid, held_allowance, held_prepaid, clock FROM balances WHERE account = ?1",
        )?
        .query_row([id], |row| standing::snapshot(row, 0))?;
    // The row may have been caught up after the last movement, never before it.
    replayed.catch_up(stored.clock)?;
    let end = Snapshot { clock: stored.clock, ..replayed.account.snapshot() };
    if end != stored || stored.clock < replayed.account.snapshot().clock {
        findings.push(format!("The balance of account {id} is not what its entries come to."));
    }
    let queue = conn
        .prepare_cached("SELECT return_at, amount FROM returns WHERE account = ?1")?
        .query_map([id], |row| Ok((row.get::<_, Moment>(0)?.0, row.get::<_, Amount>(1)?.0)))?
        .collect::<rusqlite::Result<BTreeMap<_, _>>>()?;
    if queue != replayed.returns {
        findings.push(format!("The queue of returns of account {id} is not what its entries come to."));
    }
    for (debit, refunded) in &replayed.refunded {
        let stored = conn
            .prepare_cached("SELECT refunded FROM entries WHERE id = ?1")?
            .query_row(params![debit], |row| row.get::<_, Amount>(0))?;
        if stored.0 != *refunded {
            findings.push(format!("Entry {debit} of account {id} records another refunded sum than its refunds."));
        }
    }
    Ok(())
}
