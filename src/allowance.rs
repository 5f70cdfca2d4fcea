use alloc::vec::Vec;

use crate::{AllowanceBalance, Credits, Error, Timestamp, Window, meter::Meter, time::due};

/// An amount that left at one moment. All that leaves in one millisecond is one spend.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spend {
    /// When it was spent, in ledger time.
    pub at: Timestamp,
    /// How much of it is out, refunds taken off.
    pub amount: Credits,
}

/// A rolling allowance: each spent amount is available again one window after *it* was spent, not on a common date.
///
/// Time never runs backwards here: a moment before the last change counts as the last change. Reading changes nothing.
///
/// ```
/// use scrip::{Allowance, Credits, Timestamp, Window};
/// let day = |n: i64| Timestamp::from_millis(n * 86_400_000);
/// let mut allowance = Allowance::new(Credits::from_whole(2), Some(Window::THIRTY_DAYS), day(0)?);
/// allowance.spend(Credits::ONE, day(0)?)?;
/// allowance.spend(Credits::ONE, day(10)?)?;
/// assert_eq!(allowance.available(day(29)?), Credits::ZERO);
/// assert_eq!(allowance.available(day(30)?), Credits::ONE);
/// assert_eq!(allowance.available(day(40)?), Credits::from_whole(2));
/// # Ok::<(), scrip::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Allowance {
    meter: Meter,
    window: Option<Window>,
    clock: Timestamp,
    /// What was spent and not refunded, oldest first, one entry a millisecond.
    history: Vec<Spend>,
    /// How many of these have come back by themselves and are kept to be named by a refund.
    back: usize,
}

impl Allowance {
    /// A full allowance. A `window` of `None` never gives anything back.
    #[must_use]
    pub fn new(capacity: Credits, window: Option<Window>, now: Timestamp) -> Self {
        Self { meter: Meter::new(capacity), window, clock: now, history: Vec::new(), back: 0 }
    }

    /// An allowance as it was stored: `spends` in the order of [`history`](Self::history).
    ///
    /// # Errors
    /// [`Error::InvalidState`] when the spends are not strictly ascending, lie after `clock`, or exceed what can be.
    pub fn restore(
        capacity: Credits,
        window: Option<Window>,
        clock: Timestamp,
        spends: impl IntoIterator<Item = Spend>,
    ) -> Result<Self, Error> {
        let mut allowance = Self::new(capacity, window, clock);
        let mut previous = None;
        for spend in spends {
            if previous.is_some_and(|previous| previous >= spend.at) || spend.at > clock {
                return Err(Error::InvalidState("spends are not in the order of their times"));
            }
            previous = Some(spend.at);
            allowance.meter.spend(spend.amount).map_err(|_| Error::InvalidState("more is spent than can be"))?;
            allowance.history.push(spend);
        }
        allowance.catch_up(clock)?;
        Ok(allowance)
    }

    /// The moment of the last change.
    #[must_use]
    pub const fn clock(&self) -> Timestamp {
        self.clock
    }

    /// How long a spent amount stays away; `None`: for ever.
    #[must_use]
    pub const fn window(&self) -> Option<Window> {
        self.window
    }

    /// All four figures at `now`.
    #[must_use]
    pub fn balance(&self, now: Timestamp) -> AllowanceBalance {
        let mut meter = self.meter;
        for spend in self.out().iter().take_while(|spend| self.is_back(spend, now.max(self.clock))) {
            meter.spent = meter.spent.saturating_minus(spend.amount);
        }
        meter.balance()
    }

    /// What may be spent at `now`, never below zero.
    #[must_use]
    pub fn available(&self, now: Timestamp) -> Credits {
        self.balance(now).available
    }

    /// Spends `amount` and returns the time it counts as. Zero changes nothing.
    ///
    /// # Errors
    /// [`Error::InsufficientCredits`], or [`Error::Overflow`] when it would return beyond the last moment: nothing changes.
    pub fn spend(&mut self, amount: Credits, now: Timestamp) -> Result<Timestamp, Error> {
        let now = now.max(self.clock);
        if amount.is_zero() {
            return Ok(now);
        }
        let available = self.available(now);
        if available < amount {
            return Err(Error::InsufficientCredits { available, required: amount });
        }
        if let Some(window) = self.window {
            window.after(now)?;
        }
        self.catch_up(now)?;
        self.meter.spend(amount)?;
        match self.history.last_mut() {
            Some(last) if last.at == now => last.amount = last.amount.plus(amount)?,
            _ => self.history.push(Spend { at: now, amount }),
        }
        Ok(now)
    }

    /// Gives back part of what was spent at `spent_at`; returns what was released now, zero when it had returned by itself.
    ///
    /// # Errors
    /// [`Error::RefundExceedsDebit`] when less than `amount` is left of what was spent there, returned or not.
    pub fn refund(&mut self, amount: Credits, spent_at: Timestamp, now: Timestamp) -> Result<Credits, Error> {
        if amount.is_zero() {
            return Ok(Credits::ZERO);
        }
        self.catch_up(now)?;
        let found = self.history.binary_search_by_key(&spent_at, |spend| spend.at).ok();
        let Some((place, spend)) = found.and_then(|place| Some((place, self.history.get_mut(place)?))) else {
            return Err(Error::RefundExceedsDebit { left: Credits::ZERO, asked: amount });
        };
        spend.amount = left_after(spend.amount, amount)?;
        if place < self.back {
            return Ok(Credits::ZERO);
        }
        let emptied = spend.amount.is_zero();
        self.meter.release(amount)?;
        if emptied {
            self.history.remove(place);
        }
        Ok(amount)
    }

    /// Changes the capacity at once. Nothing is clawed back; what is out beyond it heals as it returns.
    ///
    /// # Errors
    /// [`Error::InvalidState`] only for a state that no sequence of calls produces.
    pub fn set_capacity(&mut self, capacity: Credits, now: Timestamp) -> Result<(), Error> {
        self.catch_up(now)?;
        self.meter.capacity = capacity;
        Ok(())
    }

    /// What comes back strictly after `now`, and when, in order. Empty when nothing ever returns.
    pub fn returns(&self, now: Timestamp) -> impl Iterator<Item = (Timestamp, Credits)> + '_ {
        let now = now.max(self.clock);
        self.out()
            .iter()
            .filter_map(|spend| due(self.window, spend.at).map(|at| (at, spend.amount)))
            .filter(move |(at, _)| *at > now)
    }

    /// Everything that was spent and not refunded, oldest first: what [`restore`](Self::restore) reads.
    pub fn history(&self) -> impl Iterator<Item = Spend> + '_ {
        self.history.iter().copied()
    }

    /// Forgets what has returned by itself: it can then no longer be named by a refund, and no longer costs memory.
    pub fn forget_returned(&mut self) {
        self.history.drain(..self.back);
        self.back = 0;
    }

    /// What is out, oldest first.
    fn out(&self) -> &[Spend] {
        self.history.get(self.back..).unwrap_or_default()
    }

    fn is_back(&self, spend: &Spend, now: Timestamp) -> bool {
        due(self.window, spend.at).is_some_and(|at| at <= now)
    }

    /// Moves the clock forward and the border before what is still out.
    fn catch_up(&mut self, now: Timestamp) -> Result<(), Error> {
        self.clock = now.max(self.clock);
        while let Some(spend) = self.out().first().copied().filter(|spend| self.is_back(spend, self.clock)) {
            self.meter.release(spend.amount)?;
            self.back = self.back.saturating_add(1);
        }
        Ok(())
    }
}

fn left_after(left: Credits, asked: Credits) -> Result<Credits, Error> {
    left.minus(asked).map_err(|_| Error::RefundExceedsDebit { left, asked })
}
