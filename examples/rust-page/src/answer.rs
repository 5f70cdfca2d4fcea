//! What the page is told.

use rust_decimal::{Decimal, RoundingStrategy};
use scrip::{Credits, Estimate, Line, Quantity};
use serde::Serialize;

/// An estimate, and its total as the page shows it.
#[derive(Serialize)]
pub(crate) struct Answer {
    total: String,
    low: String,
    high: Option<String>,
    exact: bool,
    lines: Vec<Item>,
    dollars: String,
}

#[derive(Serialize)]
struct Item {
    model: String,
    unit: &'static str,
    quantity: String,
    amount: String,
}

impl From<&Estimate> for Answer {
    fn from(estimate: &Estimate) -> Self {
        Self {
            total: estimate.total.to_text(),
            low: estimate.low.to_text(),
            high: estimate.high.map(Credits::to_text),
            exact: estimate.exact,
            lines: estimate.lines.iter().map(Item::from).collect(),
            dollars: dollars(estimate.total),
        }
    }
}

impl From<&Line> for Item {
    fn from(line: &Line) -> Self {
        Self {
            model: line.model.clone(),
            unit: line.unit.name(),
            quantity: line.quantity.to_string(),
            amount: line.amount.to_text(),
        }
    }
}

/// A credit is a dollar, shown in cents. Rounded up, like every amount of the core: nobody pays more than was shown.
fn dollars(total: Credits) -> String {
    // Every amount is a quantity: 9,000,000,000 credits at most.
    let exact = Quantity::from_nanos(total.nanos().into()).map(Decimal::from).unwrap_or_default();
    format!("{:.2}", exact.round_dp_with_strategy(2, RoundingStrategy::AwayFromZero))
}
