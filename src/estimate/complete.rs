//! From measured quantities to one for each unit that the model prices.

use crate::{
    Quantity, Unit,
    estimate::pass::Pass,
    pricing_error::{Fault, Kind},
    said::said,
};

impl Pass<'_> {
    pub(super) fn complete(&mut self) -> Result<(), Fault> {
        let said_something = !self.amounts.is_empty() || self.output.is_some();
        if self.prices(Unit::Character) && !self.prices(Unit::Page) {
            self.pages_as_characters()?;
        }
        if self.prices(Unit::InputToken) {
            self.cache_as_input(Unit::CachedInputToken)?;
            self.cache_as_input(Unit::CacheWriteToken)?;
        }
        if self.prices(Unit::OutputToken) && said_something && self.get(Unit::OutputToken).is_none() {
            let answer = self.answer();
            self.put("output_tokens", Unit::OutputToken, answer);
        }
        if let Some(amount) = self.amounts.iter().find(|amount| !self.prices(amount.unit)) {
            let detail = said(&[&"\"", &self.model.id, &"\" has no price for the unit ", &amount.unit.name()]);
            return Err(Fault::told(Kind::UnitNotPriced, detail).under(amount.from));
        }
        // One usage is one call and one run: that is what the words mean, not a guess.
        for unit in [Unit::Request, Unit::Run] {
            if self.prices(unit) && self.get(unit).is_none() {
                self.put(unit.name(), unit, Some(Quantity::from_whole(1)));
            }
        }
        if self.amounts.is_empty() {
            let detail = said(&[&"nothing is said of what \"", &self.model.id, &"\" is to do"]);
            return Err(Fault::told(Kind::UsageMissing, detail));
        }
        Ok(())
    }

    fn pages_as_characters(&mut self) -> Result<(), Fault> {
        let Some(pages) = self.take(Unit::Page) else { return Ok(()) };
        if self.get(Unit::Character).is_some() {
            let fault = Fault::new(Kind::UsageConflict, "pages and characters say the same thing of this model");
            return Err(fault.under(pages.from));
        }
        let characters = self.convert(Unit::Page, pages.quantity, Unit::Character);
        self.put(pages.from, Unit::Character, characters.map_err(|fault| fault.under(pages.from))?);
        Ok(())
    }

    /// Tokens of a cache that has no price of its own are charged as any input.
    fn cache_as_input(&mut self, unit: Unit) -> Result<(), Fault> {
        if self.prices(unit) {
            return Ok(());
        }
        let Some(cached) = self.take(unit) else { return Ok(()) };
        let (from, input) = match self.take(Unit::InputToken) {
            Some(input) => (input.from, input.quantity),
            None => (cached.from, Some(Quantity::ZERO)),
        };
        let sum = match (input, cached.quantity) {
            (Some(input), Some(cached)) => Some(input.plus(cached).map_err(|fault| fault.under(from))?),
            _ => None,
        };
        self.put(from, Unit::InputToken, sum);
        self.says(&[&"The price has no ", &unit.name(), &"; these are charged as input tokens."]);
        Ok(())
    }

    /// The tokens of an answer of unknown length.
    pub(super) fn answer(&mut self) -> Option<Quantity> {
        let likely = self.output.map_or(Quantity::ZERO, |output| output.expected);
        let most = self.output.and_then(|output| output.max);
        let most = most.or_else(|| self.model.max_output_tokens.map(|most| most.max(likely)));
        match (self.output, most) {
            (Some(_), Some(most)) => {
                self.says(&[&"The answer is taken as ", &likely, &" tokens, at most ", &most, &"."]);
            }
            (Some(_), None) => self.says(&[&"The answer is taken as ", &likely, &" tokens, with no known limit."]),
            (None, Some(most)) => self.says(&[
                &"The answer's length is not known (at most ",
                &most,
                &" tokens); the total counts none of it.",
            ]),
            (None, None) => {
                self.says(&[&"The answer's length is not known, and nothing limits it; the total counts none of it."]);
            }
        }
        self.guess(Quantity::ZERO, likely, most)
    }
}
