use crate::{Quantity, pricing_error::Fault};

/// A quantity that may not be known: the least, the likely and the most of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Range {
    pub(super) low: Quantity,
    pub(super) expected: Quantity,
    /// `None` when nothing bounds it.
    pub(super) high: Option<Quantity>,
}

/// Which end of a range is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Case {
    Low,
    Expected,
    High,
}

impl Range {
    pub(super) const fn known(quantity: Quantity) -> Self {
        Self { low: quantity, expected: quantity, high: Some(quantity) }
    }

    pub(super) fn is_known(&self) -> bool {
        self.low == self.expected && self.high == Some(self.expected)
    }

    pub(super) const fn at(&self, case: Case) -> Option<Quantity> {
        match case {
            Case::Low => Some(self.low),
            Case::Expected => Some(self.expected),
            Case::High => self.high,
        }
    }

    /// The same conversion of all three.
    pub(super) fn convert(&self, by: impl Fn(Quantity) -> Result<Quantity, Fault>) -> Result<Self, Fault> {
        Ok(Self { low: by(self.low)?, expected: by(self.expected)?, high: self.high.map(by).transpose()? })
    }

    pub(super) fn plus(&self, other: &Self) -> Result<Self, Fault> {
        let high = match (self.high, other.high) {
            (Some(one), Some(other)) => Some(one.plus(other)?),
            _ => None,
        };
        Ok(Self { low: self.low.plus(other.low)?, expected: self.expected.plus(other.expected)?, high })
    }
}
