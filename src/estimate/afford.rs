use alloc::{string::String, vec::Vec};

use crate::{
    Conversions, Credits, Model, Price, PriceBook, PricingError, Quantity, Timestamp, Unit,
    estimate::{charge::billed, pass::Amount},
    wide::{Round, multiply_divide},
};

/// What an amount of credits buys of one unit alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Affordance {
    /// The model's id.
    pub model: String,
    /// What is bought.
    pub unit: Unit,
    /// The largest quantity whose cost fits: whole, but for seconds, which keep 9 decimals.
    pub quantity: Quantity,
    /// The same for people.
    pub human: Option<(Human, Quantity)>,
}

/// A unit that people think in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Human {
    Page,
    Minute,
    Token,
    Image,
}

impl PriceBook {
    /// What `credits` buy of each unit that a model prices, each alone. A unit that is free without end is left out.
    ///
    /// ```
    /// # use scrip::{Conversions, Credits, PriceBook, Timestamp};
    /// let now = Timestamp::from_millis(1_700_000_000_000)?;
    /// let bought = PriceBook::builtin().afford(Credits::ONE, "aws/transcribe", now, &Conversions::default())?;
    /// assert_eq!(bought[0].quantity.to_string(), "2500");
    /// assert_eq!(bought[0].human.unwrap().1.to_string(), "41.666666666");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `unknown_model`, `price_not_valid` or `invalid_options`.
    pub fn afford(
        &self,
        credits: Credits,
        model: &str,
        at: Timestamp,
        conversions: &Conversions,
    ) -> Result<Vec<Affordance>, PricingError> {
        conversions.check().map_err(|fault| fault.under("conversions"))?;
        let model = self.row(model, at)?;
        Ok(model.prices.iter().filter_map(|price| of_price(credits, model, price, conversions)).collect())
    }
}

fn of_price(credits: Credits, model: &Model, price: &Price, conversions: &Conversions) -> Option<Affordance> {
    let most = counted(price.unit, Quantity::MAX);
    if cost(price, most).is_some_and(|(_, rate)| rate.is_zero()) {
        return None;
    }
    // Where the cost is a straight line the best is where it meets the credits; else it is where a line ends: at a tier's
    // bound, or at the largest quantity there is.
    let mut quantity = Quantity::ZERO;
    let mut consider = |end: Quantity, rate: Credits| {
        let nanos = multiply_divide(price.per.nanos(), credits.nanos().into(), rate.nanos().into(), Round::Down);
        let meets = nanos.and_then(Quantity::from_nanos).unwrap_or(Quantity::MAX);
        for candidate in [end, meets].map(|candidate| counted(price.unit, candidate)) {
            if candidate > quantity && cost(price, candidate).is_some_and(|(amount, _)| amount <= credits) {
                quantity = candidate;
            }
        }
    };
    consider(most, price.credits);
    price.tiers.iter().for_each(|tier| consider(tier.above, tier.credits));
    Some(Affordance {
        model: model.id.clone(),
        unit: price.unit,
        quantity,
        human: human(price.unit, quantity, conversions),
    })
}

/// What a quantity of one unit alone costs, and the rate that applies; nothing beyond the largest amount.
fn cost(price: &Price, quantity: Quantity) -> Option<(Credits, Credits)> {
    let alone = Amount { from: "", unit: price.unit, quantity: Some(quantity) };
    let (billed, rate) = billed(price, quantity, &[alone]);
    Some((billed.cost(rate, price.per).ok()?, rate))
}

fn human(unit: Unit, quantity: Quantity, conversions: &Conversions) -> Option<(Human, Quantity)> {
    let cut = |divisor: Quantity| quantity.scaled(Quantity::ONE, divisor, Round::Down);
    match unit {
        Unit::InputToken | Unit::CachedInputToken | Unit::CacheWriteToken | Unit::OutputToken => {
            Some((Human::Token, quantity))
        }
        Unit::Character => Some((Human::Page, cut(conversions.characters_per_page)?)),
        Unit::Second => Some((Human::Minute, cut(Quantity::from_whole(60))?)),
        Unit::Image => Some((Human::Image, quantity)),
        Unit::Page => Some((Human::Page, quantity)),
        Unit::Request | Unit::Run => None,
    }
}

/// Cut to what `afford` counts a unit in.
fn counted(unit: Unit, quantity: Quantity) -> Quantity {
    if unit == Unit::Second { quantity } else { quantity.rounded_down() }
}
