//! The price book the server charges by, and the operator's margin.

use std::path::Path;

use scrip::{Credits, EstimateOptions, Line, PriceBook, PricingError, Quantity, Timestamp, Usage};

use crate::{crypto, store::Item};

/// What models cost here.
#[derive(Debug)]
pub struct Prices {
    book: PriceBook,
    margin: Quantity,
    /// The book as clients read it.
    pub json: String,
    /// Its entity tag.
    pub tag: String,
}

/// A cost and the lines it is made of; they sum up to it.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Σ items.
    pub amount: Credits,
    /// One a model and unit, and one for the margin when there is one.
    pub items: Vec<Item>,
}

impl Prices {
    /// The built-in book or the operator's own.
    ///
    /// # Errors
    /// When the file cannot be read, or is no price book.
    pub fn load(file: Option<&Path>, margin: Quantity) -> anyhow::Result<Self> {
        let book = match file {
            None => PriceBook::builtin().clone(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| anyhow::anyhow!("cannot read the price book {}: {error}", path.display()))?;
                PriceBook::from_json(&text)
                    .map_err(|error| anyhow::anyhow!("{} is no price book: {error}", path.display()))?
            }
        };
        let json = book.to_json();
        let tag = format!("\"{}\"", crypto::to_hex(&crypto::hash(&json)));
        Ok(Self { book, margin, json, tag })
    }

    /// Whether there is such a model now.
    #[must_use]
    pub fn is_known(&self, model: &str, now: Timestamp) -> bool {
        self.book.model(model, now).is_some()
    }

    /// Whose model it is.
    #[must_use]
    pub fn supplier(&self, model: &str, now: Timestamp) -> String {
        let row = self.book.model(model, now).map(|row| row.supplier.clone());
        row.unwrap_or_else(|| model.split('/').next().unwrap_or(model).to_owned())
    }

    /// What these calls cost together, the margin once on their sum.
    ///
    /// # Errors
    /// Which of the calls is wrong, and how.
    pub fn cost(&self, calls: &[(String, Usage)], now: Timestamp) -> Result<Cost, (usize, PricingError)> {
        let mut amount = Credits::ZERO;
        let mut items = Vec::new();
        for (place, (model, usage)) in calls.iter().enumerate() {
            let at = |error| (place, error);
            let estimate = self.book.estimate(model, usage, &EstimateOptions::at(now)).map_err(at)?;
            for line in estimate.lines {
                amount = amount.plus(line.amount).map_err(|error| (place, error.into()))?;
                items.push(item(line));
            }
        }
        if let Some(margin) = self.margin_on(amount) {
            let place = calls.len().saturating_sub(1);
            amount = amount.plus(margin).map_err(|error| (place, error.into()))?;
            items.push(margin_item(margin));
        }
        Ok(Cost { amount, items })
    }

    fn margin_on(&self, amount: Credits) -> Option<Credits> {
        const ONE: u128 = Credits::ONE.nanos() as u128;
        // At most 9 × 10¹⁸ nanos times 10²⁴: `None` beyond 128 bits, which is far beyond the largest amount.
        let nanos =
            u128::from(amount.nanos()).checked_mul(self.margin.nanos()).map_or(u128::MAX, |nanos| nanos.div_ceil(ONE));
        let margin = u64::try_from(nanos).ok().and_then(|nanos| Credits::from_nanos(nanos).ok());
        Some(margin.unwrap_or(Credits::MAX)).filter(|margin| !margin.is_zero())
    }
}

fn item(line: Line) -> Item {
    Item {
        model: line.model,
        supplier: line.supplier,
        unit: line.unit.name().to_owned(),
        quantity: line.quantity.to_string(),
        credits: line.credits,
        per: line.per.to_string(),
        amount: line.amount,
        valid_from: line.valid_from.map(|date| date.as_str().to_owned()),
    }
}

fn margin_item(amount: Credits) -> Item {
    Item {
        model: "margin".to_owned(),
        supplier: "operator".to_owned(),
        unit: "margin".to_owned(),
        quantity: "1".to_owned(),
        credits: amount,
        per: "1".to_owned(),
        amount,
        valid_from: None,
    }
}

impl Cost {
    /// At most `held`: what is beyond is taken off the last lines.
    #[must_use]
    pub fn at_most(mut self, held: Credits) -> Self {
        if self.amount <= held {
            return self;
        }
        let mut left = held;
        for item in &mut self.items {
            item.amount = item.amount.min(left);
            left = left.saturating_minus(item.amount);
        }
        self.items.retain(|item| !item.amount.is_zero());
        self.amount = held;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input: u32, output: u32) -> Usage {
        let some = |count| Some(Quantity::from_whole(count));
        Usage { input_tokens: some(input), output_tokens: some(output), ..Usage::default() }
    }

    #[test]
    fn the_lines_and_the_margin_sum_up_to_the_amount() {
        let now = Timestamp::from_millis(1_700_000_000_000).unwrap();
        let prices = Prices::load(None, "0.2".parse().unwrap()).unwrap();
        let cost = prices.cost(&[("openai/gpt-4".to_owned(), usage(1200, 300))], now).unwrap();
        assert_eq!(cost.amount.to_string(), "0.108");
        assert_eq!(cost.items.last().unwrap().unit, "margin");
        let sum = cost.items.iter().fold(Credits::ZERO, |sum, item| sum.plus(item.amount).unwrap());
        assert_eq!(sum, cost.amount);
        let capped = cost.at_most("0.08".parse().unwrap());
        let sum = capped.items.iter().fold(Credits::ZERO, |sum, item| sum.plus(item.amount).unwrap());
        assert_eq!((sum, capped.amount), ("0.08".parse().unwrap(), "0.08".parse().unwrap()));
    }
}
