//! An owner's account: allowance, prepaid credits and holds behind one mutating door.

mod command;

pub use command::{Command, Debited, Legs, Transition};

use crate::{AllowanceBalance, Credits, Error, Timestamp, Window, meter::Meter};

/// An account at one moment, as the owner sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Balance {
    /// What can be spent now: `allowance.available + (prepaid − held from prepaid)`, at most the largest amount there is.
    pub available: Credits,
    /// Bought credits, those on hold included.
    pub prepaid: Credits,
    /// What open holds reserve, from both places.
    pub held: Credits,
    /// The allowance from plan and packs.
    pub allowance: AllowanceBalance,
}

/// The numbers of an account, as a store keeps them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Snapshot {
    /// Credits of the plan and the packs together.
    pub capacity: Credits,
    /// What was spent of the allowance and has not been replenished.
    pub spent: Credits,
    /// Bought credits.
    pub prepaid: Credits,
    /// What open holds reserve.
    pub held: Legs,
    /// The moment of the last change.
    pub clock: Timestamp,
}

/// An account: an allowance whose spends each return after 30 days, prepaid credits that never expire, and holds on both.
///
/// The queue of returns lies in a store, because a busy account has millions of them: the store tells what fell due
/// ([`replenish`](Self::replenish)) and writes down what each [`Transition`] spends and releases. Everything else changes
/// through [`apply`](Self::apply) alone, which either yields a transition or changes nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    meter: Meter,
    prepaid: Credits,
    held_prepaid: Credits,
    clock: Timestamp,
}

impl Account {
    /// How long a credit of the allowance stays away after its own use.
    pub const WINDOW: Window = Window::THIRTY_DAYS;

    /// An account that has spent nothing. Its capacity comes from plan and packs.
    #[must_use]
    pub const fn new(capacity: Credits, now: Timestamp) -> Self {
        Self { meter: Meter::new(capacity), prepaid: Credits::ZERO, held_prepaid: Credits::ZERO, clock: now }
    }

    /// An account as it was stored.
    ///
    /// # Errors
    /// [`Error::InvalidState`] when more is held than there is, or the balance is beyond [`Credits::MAX`].
    pub fn restore(snapshot: Snapshot) -> Result<Self, Error> {
        let Snapshot { capacity, spent, prepaid, held, clock } = snapshot;
        prepaid.minus(held.prepaid).map_err(|_| Error::InvalidState("more prepaid credits are held than there are"))?;
        capacity.plus(prepaid).map_err(|_| Error::InvalidState("the balance is beyond the largest amount"))?;
        spent.plus(held.allowance).map_err(|_| Error::InvalidState("more is spent than can be"))?;
        let meter = Meter { capacity, spent, held: held.allowance };
        Ok(Self { meter, prepaid, held_prepaid: held.prepaid, clock })
    }

    /// The numbers to store.
    #[must_use]
    pub const fn snapshot(&self) -> Snapshot {
        Snapshot {
            capacity: self.meter.capacity,
            spent: self.meter.spent,
            prepaid: self.prepaid,
            held: Legs { allowance: self.meter.held, prepaid: self.held_prepaid },
            clock: self.clock,
        }
    }

    /// Ledger time: `now`, or the last change when the clock stands before it.
    #[must_use]
    pub fn ledger_time(&self, now: Timestamp) -> Timestamp {
        now.max(self.clock)
    }

    /// Counts `due` credits as back: everything in the store's queue whose return lies at or before the ledger time.
    ///
    /// # Errors
    /// [`Error::InvalidState`] when more returns than was spent.
    pub fn replenish(&mut self, due: Credits, now: Timestamp) -> Result<(), Error> {
        self.meter.release(due)?;
        self.clock = self.ledger_time(now);
        Ok(())
    }

    /// The balance, everything that is due being replenished.
    #[must_use]
    pub fn balance(&self) -> Balance {
        let allowance = self.meter.balance();
        let prepaid = self.prepaid.saturating_minus(self.held_prepaid);
        Balance {
            // Both sums fit: restore and apply keep capacity + prepaid and spent + held within the largest amount.
            available: allowance.available.plus(prepaid).unwrap_or(Credits::MAX),
            prepaid: self.prepaid,
            held: self.meter.held.plus(self.held_prepaid).unwrap_or(Credits::MAX),
            allowance,
        }
    }

    /// The one door through which an account changes. What is due must have been replenished before.
    ///
    /// # Errors
    /// Every refusal of the [`Command`]; the account is then as it was.
    pub fn apply(&mut self, command: Command, now: Timestamp) -> Result<Transition, Error> {
        let at = self.ledger_time(now);
        let returns_at = Self::WINDOW.after(at)?;
        let mut next = self.clone();
        next.clock = at;
        let legs = match command {
            Command::Debit { amount } => next.debit(amount)?,
            Command::Hold { amount } => next.hold(amount)?,
            Command::Settle { hold, amount } => next.settle(hold, amount)?,
            Command::Void { hold } => next.free(hold)?,
            Command::Refund { debit, amount } => next.refund(debit, amount, at)?,
            Command::TopUp { amount } => next.top_up(amount)?,
            Command::TakeBack { amount } => next.take_back(amount)?,
            Command::SetCapacity { capacity } => next.set_capacity(capacity)?,
        };
        *self = next;
        Ok(Transition { at, legs, returns_at, balance: self.balance() })
    }

    /// Splits an amount over what is available: allowance first, then prepaid.
    fn draw(&self, amount: Credits) -> Result<Legs, Error> {
        let Balance { available, allowance, .. } = self.balance();
        if amount > available {
            return Err(Error::InsufficientCredits { available, required: amount });
        }
        Ok(Legs::first(amount, allowance.available))
    }

    fn debit(&mut self, amount: Credits) -> Result<Legs, Error> {
        let legs = self.draw(amount)?;
        self.spend(legs)?;
        Ok(legs)
    }

    fn hold(&mut self, amount: Credits) -> Result<Legs, Error> {
        let legs = self.draw(amount)?;
        self.meter.held = self.meter.held.plus(legs.allowance)?;
        self.held_prepaid = self.held_prepaid.plus(legs.prepaid)?;
        Ok(legs)
    }

    fn settle(&mut self, hold: Legs, amount: Credits) -> Result<Legs, Error> {
        let held = hold.total()?;
        if amount > held {
            return Err(Error::SettleExceedsHold { held, asked: amount });
        }
        self.free(hold)?;
        let legs = Legs::first(amount, hold.allowance);
        self.spend(legs)?;
        Ok(legs)
    }

    fn free(&mut self, hold: Legs) -> Result<Legs, Error> {
        const MORE: Error = Error::InvalidState("a hold is larger than all that is held");
        self.meter.held = self.meter.held.minus(hold.allowance).map_err(|_| MORE)?;
        self.held_prepaid = self.held_prepaid.minus(hold.prepaid).map_err(|_| MORE)?;
        Ok(hold)
    }

    fn spend(&mut self, legs: Legs) -> Result<(), Error> {
        self.meter.spend(legs.allowance)?;
        self.prepaid = self.prepaid.minus(legs.prepaid)?;
        Ok(())
    }

    fn refund(&mut self, debit: Debited, amount: Credits, at: Timestamp) -> Result<Legs, Error> {
        let back = debit.give_back(amount)?;
        let mut legs = back;
        if Self::WINDOW.after(debit.spent_at)? <= at {
            legs.allowance = Credits::ZERO;
        }
        self.meter.release(legs.allowance)?;
        self.add_prepaid(legs.prepaid)?;
        Ok(legs)
    }

    fn top_up(&mut self, amount: Credits) -> Result<Legs, Error> {
        if amount.is_zero() {
            return Err(Error::ZeroAmount);
        }
        self.add_prepaid(amount)?;
        Ok(Legs { allowance: Credits::ZERO, prepaid: amount })
    }

    fn take_back(&mut self, amount: Credits) -> Result<Legs, Error> {
        let available = self.prepaid.saturating_minus(self.held_prepaid);
        let legs = Legs { allowance: Credits::ZERO, prepaid: amount.min(available) };
        self.prepaid = self.prepaid.minus(legs.prepaid)?;
        Ok(legs)
    }

    fn set_capacity(&mut self, capacity: Credits) -> Result<Legs, Error> {
        capacity.plus(self.prepaid)?;
        self.meter.capacity = capacity;
        Ok(Legs::ZERO)
    }

    fn add_prepaid(&mut self, amount: Credits) -> Result<(), Error> {
        self.prepaid = self.prepaid.plus(amount)?;
        self.meter.capacity.plus(self.prepaid)?;
        Ok(())
    }
}
