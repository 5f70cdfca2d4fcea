//! From quantities to amounts: the only place where a price is applied.

use alloc::vec::Vec;

use crate::{
    Credits, Estimate, EstimateOptions, Line, Price, Quantity, TierBy,
    estimate::pass::{Amount, Charged, Pass},
    pricing_error::Fault,
};

impl Pass<'_> {
    /// The sum over the model's prices, and a line for each; nothing where a quantity has no bound.
    ///
    /// One row chooses the tier and is billed at least the minimum.
    pub(super) fn price(&self, rows: Quantity, mut lines: Option<&mut Vec<Line>>) -> Result<Option<Credits>, Fault> {
        let mut sum = Credits::ZERO;
        for price in &self.model.prices {
            let Some(said) = self.get(price.unit) else { continue };
            let Some(used) = said.quantity else { return Ok(None) };
            let (billed, credits) = billed(price, used, &self.amounts);
            let quantity = billed.times(rows).map_err(|fault| fault.under(said.from))?;
            let amount = quantity.cost(credits, price.per).map_err(|fault| fault.under(said.from))?;
            sum = sum.plus(amount)?;
            if let Some(lines) = &mut lines {
                lines.push(self.line(price, quantity, credits, amount));
            }
        }
        Ok(Some(sum))
    }

    fn line(&self, price: &Price, quantity: Quantity, credits: Credits, amount: Credits) -> Line {
        Line {
            model: self.model.id.clone(),
            supplier: self.model.supplier.clone(),
            unit: price.unit,
            quantity,
            credits,
            per: price.per,
            amount,
            valid_from: self.model.valid_from.clone(),
            source: self.model.source.clone(),
        }
    }
}

/// How much is billed of what was used, and at which credits: those of the last tier which the whole quantity, or the
/// quantity the tier names, is strictly above.
pub(super) fn billed(price: &Price, used: Quantity, amounts: &[Amount]) -> (Quantity, Credits) {
    let billed = price.minimum.map_or(used, |minimum| used.max(minimum));
    let compared = |by: Option<TierBy>| match by {
        Some(by) if by != TierBy::Unit(price.unit) => {
            let counted = amounts.iter().filter(|amount| by.counts(amount.unit));
            counted.fold(0_u128, |sum, one| sum.saturating_add(one.quantity.unwrap_or_default().nanos()))
        }
        _ => billed.nanos(),
    };
    let tier = price.tiers.iter().rev().find(|tier| compared(tier.by) > tier.above.nanos());
    (billed, tier.map_or(price.credits, |tier| tier.credits))
}

impl Charged {
    /// Nothing yet.
    pub(super) fn nothing() -> Self {
        let none = Credits::ZERO;
        Self { lines: Vec::new(), sum: none, low: none, high: Some(none), assumptions: Vec::new(), exact: true }
    }

    /// Adds another part of the same work, all but its assumptions.
    pub(super) fn add(&mut self, other: &Self) -> Result<(), Fault> {
        self.lines.extend_from_slice(&other.lines);
        self.sum = self.sum.plus(other.sum)?;
        self.low = self.low.plus(other.low)?;
        self.high = match (self.high, other.high) {
            (Some(one), Some(other)) => Some(one.plus(other)?),
            _ => None,
        };
        self.exact &= other.exact;
        Ok(())
    }

    /// Adds the margin, rounded up once.
    pub(super) fn into_estimate(self, options: &EstimateOptions, rate: Quantity) -> Result<Estimate, Fault> {
        // rate × sum / 1 is the same product as quantity × credits / per.
        let margin = |sum: Credits| rate.cost(sum, Quantity::from_whole(1));
        let with = |sum: Credits| -> Result<Credits, Fault> { Ok(sum.plus(margin(sum)?)?) };
        Ok(Estimate {
            total: with(self.sum)?,
            low: with(self.low)?,
            high: self.high.map(with).transpose()?,
            margin: margin(self.sum)?,
            lines: self.lines,
            assumptions: self.assumptions,
            exact: self.exact,
            at: options.at,
        })
    }
}
