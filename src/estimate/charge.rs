//! From quantities to amounts: the only place where a price is applied.

use crate::{
    Credits, Estimate, EstimateOptions, Line, Model, Price, Quantity, TierBy,
    estimate::{measure::Measured, range::Case},
    pricing_error::Fault,
};

/// Lines and sums before any margin.
#[derive(Clone, Debug, Default)]
pub(super) struct Charged {
    pub(super) lines: Vec<Line>,
    pub(super) sum: Credits,
    pub(super) low: Credits,
    pub(super) high: Option<Credits>,
    pub(super) assumptions: Vec<String>,
    pub(super) exact: bool,
}

/// What one call costs.
pub(super) fn call(model: &Model, measured: &Measured) -> Result<Charged, Fault> {
    rows(model, measured, Quantity::from_whole(1))
}

/// What `rows` calls of the same kind cost: one row chooses the tier and is billed at least the minimum.
pub(super) fn rows(model: &Model, measured: &Measured, rows: Quantity) -> Result<Charged, Fault> {
    let mut lines = Vec::new();
    let known = measured.units.iter().all(|(_, _, range)| range.is_known());
    let sum = sum(model, measured, rows, Case::Expected, Some(&mut lines))?.unwrap_or_default();
    let (low, high) = if known {
        (sum, Some(sum))
    } else {
        let low = self::sum(model, measured, rows, Case::Low, None)?.unwrap_or_default();
        let high = self::sum(model, measured, rows, Case::High, None)?;
        // A tier may make the longer answer the cheaper one.
        (low.min(sum).min(high.unwrap_or(low)), high.map(|high| high.max(sum).max(low)))
    };
    let exact = known && measured.assumptions.is_empty();
    Ok(Charged { lines, sum, low, high, assumptions: measured.assumptions.clone(), exact })
}

fn sum(
    model: &Model,
    measured: &Measured,
    rows: Quantity,
    case: Case,
    mut lines: Option<&mut Vec<Line>>,
) -> Result<Option<Credits>, Fault> {
    let mut sum = Credits::ZERO;
    for price in &model.prices {
        let Some((name, _, range)) = measured.units.iter().find(|(_, unit, _)| *unit == price.unit) else { continue };
        let Some(used) = range.at(case) else { return Ok(None) };
        let billed = price.minimum.map_or(used, |minimum| used.max(minimum));
        let credits = tiered(price, billed, measured, case);
        let quantity = billed.times(rows).map_err(|fault| fault.under(name))?;
        let amount = quantity.cost(credits, price.per).map_err(|fault| fault.under(name))?;
        sum = sum.plus(amount)?;
        if let Some(lines) = &mut lines {
            lines.push(line(model, price, quantity, credits, amount));
        }
    }
    Ok(Some(sum))
}

/// The price of the whole quantity: that of the last tier which it, or the quantity the tier names, is strictly above.
fn tiered(price: &Price, billed: Quantity, measured: &Measured, case: Case) -> Credits {
    let compared = |by: Option<TierBy>| match by {
        Some(by) if by != TierBy::Unit(price.unit) => {
            let counted = measured.units.iter().filter(|(_, unit, _)| by.counts(*unit));
            counted.filter_map(|(_, _, range)| range.at(case)).fold(0_u128, |sum, one| sum.saturating_add(one.nanos()))
        }
        _ => billed.nanos(),
    };
    let tier = price.tiers.iter().rev().find(|tier| compared(tier.by) > tier.above.nanos());
    tier.map_or(price.credits, |tier| tier.credits)
}

fn line(model: &Model, price: &Price, quantity: Quantity, credits: Credits, amount: Credits) -> Line {
    Line {
        model: model.id.clone(),
        supplier: model.supplier.clone(),
        unit: price.unit,
        quantity,
        credits,
        per: price.per,
        amount,
        valid_from: model.valid_from.clone(),
        source: model.source.clone(),
    }
}

impl Charged {
    /// Adds the margin, rounded up once.
    pub(super) fn into_estimate(self, options: &EstimateOptions) -> Result<Estimate, Fault> {
        let one = Quantity::from_whole(1);
        // rate × sum / 1 is the same product as quantity × credits / per.
        let margin = |sum: Credits| options.margin.cost(sum, one);
        let with = |sum: Credits| -> Result<Credits, Fault> { sum.plus(margin(sum)?).map_err(Fault::from) };
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
