use crate::{Credits, Error};

/// An allowance at one moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AllowanceBalance {
    /// How much may be out at once.
    pub capacity: Credits,
    /// What was spent inside the window.
    pub spent: Credits,
    /// What may be spent now.
    pub available: Credits,
    /// What is out beyond the capacity, after the capacity went down. It heals as credits return.
    pub over_by: Credits,
}

/// The arithmetic of an allowance without its queue: how much may be out, and how much is.
///
/// [`Allowance`](crate::Allowance) keeps the queue of returns in memory, [`Account`](crate::Account) leaves it in a store;
/// both count with this.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Meter {
    pub(crate) capacity: Credits,
    pub(crate) spent: Credits,
    pub(crate) held: Credits,
}

impl Meter {
    pub(crate) const fn new(capacity: Credits) -> Self {
        Self { capacity, spent: Credits::ZERO, held: Credits::ZERO }
    }

    pub(crate) const fn available(&self) -> Credits {
        self.capacity.saturating_minus(self.spent).saturating_minus(self.held)
    }

    pub(crate) const fn balance(&self) -> AllowanceBalance {
        AllowanceBalance {
            capacity: self.capacity,
            spent: self.spent,
            available: self.available(),
            over_by: self.spent.saturating_minus(self.capacity),
        }
    }

    /// Counts an amount as spent; whoever calls has made sure that it is available or held.
    pub(crate) fn spend(&mut self, amount: Credits) -> Result<(), Error> {
        self.spent = self.spent.plus(amount)?;
        Ok(())
    }

    /// Counts an amount as back, because its time has come or it was refunded.
    pub(crate) fn release(&mut self, amount: Credits) -> Result<(), Error> {
        self.spent = self.spent.minus(amount).map_err(|_| Error::InvalidState("more returns than was spent"))?;
        Ok(())
    }
}
