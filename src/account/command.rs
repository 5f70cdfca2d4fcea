use crate::{Balance, Credits, Error, Timestamp};

/// What an amount is made of: a part from the allowance and a part from prepaid credits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Legs {
    /// From (or back to) the allowance.
    pub allowance: Credits,
    /// From (or back to) prepaid credits.
    pub prepaid: Credits,
}

impl Legs {
    /// Nothing from either place.
    pub const ZERO: Self = Self { allowance: Credits::ZERO, prepaid: Credits::ZERO };

    /// Both parts together.
    ///
    /// # Errors
    /// [`Error::Overflow`] beyond the largest amount.
    pub const fn total(self) -> Result<Credits, Error> {
        self.allowance.plus(self.prepaid)
    }

    /// `amount` in draw order: from the allowance up to `allowance`, the rest from prepaid.
    pub(super) fn first(amount: Credits, allowance: Credits) -> Self {
        let allowance = amount.min(allowance);
        Self { allowance, prepaid: amount.saturating_minus(allowance) }
    }
}

/// A debit as the ledger remembers it: what a refund names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Debited {
    /// What went out.
    pub legs: Legs,
    /// What has been asked back so far, whether or not it released anything.
    pub refunded: Credits,
    /// When it went out.
    pub spent_at: Timestamp,
}

impl Debited {
    /// What can still be asked back.
    ///
    /// # Errors
    /// [`Error::InvalidState`] when more was refunded than went out.
    pub fn left(&self) -> Result<Credits, Error> {
        self.legs.total()?.minus(self.refunded).map_err(|_| Error::InvalidState("more was refunded than went out"))
    }

    /// The parts of the next `amount` to come back, in reverse draw order: prepaid first, then the allowance.
    pub(super) fn give_back(&self, amount: Credits) -> Result<Legs, Error> {
        let left = self.left()?;
        if amount > left {
            return Err(Error::RefundExceedsDebit { left, asked: amount });
        }
        let prepaid = amount.min(self.legs.prepaid.saturating_minus(self.refunded));
        Ok(Legs { allowance: amount.saturating_minus(prepaid), prepaid })
    }
}

/// A movement asked of an [`Account`](crate::Account).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Command {
    /// Spend at once: allowance first, then prepaid.
    Debit {
        /// How much; zero is a run that costs nothing and is still counted.
        amount: Credits,
    },
    /// Reserve for a run whose cost is not known yet. The legs are fixed now.
    Hold {
        /// The upper bound of the cost.
        amount: Credits,
    },
    /// Spend at most what a hold reserved and free the rest. The spend's time is now.
    Settle {
        /// The legs of the hold.
        hold: Legs,
        /// What the run cost.
        amount: Credits,
    },
    /// Free a hold: the run produced nothing, or its time is up.
    Void {
        /// The legs of the hold.
        hold: Legs,
    },
    /// Give back part of a debit. An allowance part that has come back by itself releases nothing.
    Refund {
        /// The debit.
        debit: Debited,
        /// How much is asked back.
        amount: Credits,
    },
    /// Add prepaid credits: bought or granted.
    TopUp {
        /// How much, above zero.
        amount: Credits,
    },
    /// Take prepaid credits away again, as many as are free: a dispute or a refunded payment.
    TakeBack {
        /// At most how much.
        amount: Credits,
    },
    /// A new plan or other packs: the allowance may hold this much from now on.
    SetCapacity {
        /// Credits of the plan and the packs together.
        capacity: Credits,
    },
}

/// What a command did: the store writes it down, in one transaction.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Transition {
    /// Ledger time of the movement: never before the one of an earlier movement.
    pub at: Timestamp,
    /// What was spent, reserved, freed, released or added, by place.
    pub legs: Legs,
    /// When an allowance leg that was spent now comes back: 30 days after `at`.
    pub returns_at: Timestamp,
    /// The account afterwards.
    pub balance: Balance,
}
