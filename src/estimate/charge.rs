//! From quantities to amounts: the only place where a price is applied.

use crate::{
    Credits, Estimate, EstimateOptions, Line, Model, Price, Quantity, TierBy,
    estimate::{measure::Measured, range::Case},
    pricing_error::Fault,
};

/// Lines and sums before any margin.
#[derive(Clone, Debug)]
pub(super) struct Charged {
    pub(super) lines: Vec<Line>,
    pub(super) sum: Credits,
    pub(super) low: Credits,
    pub(super) high: Option<Credits>,
    pub(super) assumptions: Vec<String>,
    pub(super) exact: bool,
}

/// What one call costs.
pub(super) fn call(model: &Model, measured: Measured) -> Result<Charged, Fault> {
    rows(model, measured, Quantity::from_whole(1))
}

/// What `rows` calls of the same kind cost: one row chooses the tier and is billed at least the minimum.
pub(super) fn rows(model: &Model, measured: Measured, rows: Quantity) -> Result<Charged, Fault> {
    let mut lines = Vec::new();
    let sum = sum(model, &measured, rows, Case::Expected, &mut lines)?.unwrap_or_default();
    let known = measured.is_known();
    let (low, high) = if known {
        (sum, Some(sum))
    } else {
        let low = self::sum(model, &measured, rows, Case::Low, &mut Vec::new())?.unwrap_or_default();
        let high = self::sum(model, &measured, rows, Case::High, &mut Vec::new())?;
        // A tier may make the longer answer the cheaper one.
        (low.min(sum).min(high.unwrap_or(low)), high.map(|high| high.max(sum).max(low)))
    };
    let exact = known && measured.assumptions.is_empty();
    Ok(Charged { lines, sum, low, high, assumptions: measured.assumptions, exact })
}

/// The sum of one case and its lines; nothing where a quantity has no bound.
fn sum(
    model: &Model,
    measured: &Measured,
    rows: Quantity,
    case: Case,
    lines: &mut Vec<Line>,
) -> Result<Option<Credits>, Fault> {
    let mut sum = Credits::ZERO;
    for price in &model.prices {
        let Some((name, _, range)) = measured.units.iter().find(|(_, unit, _)| *unit == price.unit) else { continue };
        let Some(used) = range.at(case) else { return Ok(None) };
        let (billed, credits) = billed(price, used, measured, case);
        let charged = billed.times(rows).and_then(|quantity| Ok((quantity, quantity.cost(credits, price.per)?)));
        let (quantity, amount) = charged.map_err(|fault| fault.under(name))?;
        sum = sum.plus(amount)?;
        lines.push(Line {
            model: model.id.clone(),
            supplier: model.supplier.clone(),
            unit: price.unit,
            quantity,
            credits,
            per: price.per,
            amount,
            valid_from: model.valid_from.clone(),
            source: model.source.clone(),
        });
    }
    Ok(Some(sum))
}

/// How much is billed of what was used, and at which credits: those of the last tier which the whole quantity, or the
/// quantity the tier names, is strictly above.
pub(super) fn billed(price: &Price, used: Quantity, measured: &Measured, case: Case) -> (Quantity, Credits) {
    let billed = price.minimum.map_or(used, |minimum| used.max(minimum));
    let compared = |by: Option<TierBy>| match by {
        Some(by) if by != TierBy::Unit(price.unit) => {
            let counted = measured.units.iter().filter(|(_, unit, _)| by.counts(*unit));
            counted.filter_map(|(_, _, range)| range.at(case)).fold(0_u128, |sum, one| sum.saturating_add(one.nanos()))
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
    pub(super) fn into_estimate(self, options: &EstimateOptions) -> Result<Estimate, Fault> {
        // rate × sum / 1 is the same product as quantity × credits / per.
        let margin = |sum: Credits| options.margin.cost(sum, Quantity::from_whole(1));
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
