//! From one unit to another, by the rates of the options.

use crate::{Quantity, Unit, estimate::pass::Pass, pricing_error::Fault, quantity::too_much, wide::Round};

impl Pass<'_> {
    /// Converted by way of characters, and said. Seconds keep 9 decimals, all else is rounded up to whole ones.
    pub(super) fn convert(
        &mut self,
        from: Unit,
        quantity: Option<Quantity>,
        to: Unit,
    ) -> Result<Option<Quantity>, Fault> {
        let Some(mut quantity) = quantity.filter(|_| from != to) else { return Ok(quantity) };
        if from != Unit::Character {
            let (characters, units) = self.rate(from);
            quantity = quantity.scaled(characters, units, Round::Up).ok_or_else(too_much)?.rounded_up()?;
        }
        if to != Unit::Character {
            let (characters, units) = self.rate(to);
            quantity = quantity.scaled(units, characters, Round::Up).ok_or_else(too_much)?;
        }
        Ok(Some(if to == Unit::Second { quantity } else { quantity.rounded_up()? }))
    }

    /// How many characters make how many of a unit, said as an assumption.
    fn rate(&mut self, unit: Unit) -> (Quantity, Quantity) {
        let (what, characters, units) = match unit {
            Unit::Second => ("minute of speech", self.conversions.characters_per_minute, 60),
            Unit::Page => ("page", self.conversions.characters_per_page, 1),
            _ => ("token", self.conversions.characters_per_token, 1),
        };
        self.says(&[&"A ", &what, &" is taken as ", &characters, &" characters."]);
        (characters, Quantity::from_whole(units))
    }
}
