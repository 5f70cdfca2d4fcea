//! From what a caller says to quantities of units.

use crate::{
    Quantity, Unit, Usage,
    estimate::pass::Pass,
    pricing_error::{Fault, Kind},
    wide::Round,
};

impl Pass<'_> {
    pub(super) fn measure(&mut self, usage: &Usage) -> Result<(), Fault> {
        for (name, unit, quantity) in usage.direct() {
            if let Some(quantity) = quantity {
                if unit.is_whole() && !quantity.is_whole() {
                    return Err(Fault::new(Kind::InvalidQuantity, "this is counted in whole numbers").under(name));
                }
                self.put(name, unit, Some(quantity));
            }
        }
        if let Some(minutes) = usage.minutes {
            if usage.seconds.is_some() {
                return Err(conflict("seconds and minutes say the same thing").under("minutes"));
            }
            let seconds = minutes.times(Quantity::from_whole(60)).map_err(|fault| fault.under("minutes"))?;
            self.put("minutes", Unit::Second, Some(seconds));
        }
        match &usage.text {
            Some(text) => self.text(text).map_err(|fault| fault.under("text")),
            None => Ok(()),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        let characters = count(text.chars().count())?;
        if self.prices(Unit::Character) {
            if self.get(Unit::Character).is_some() || self.get(Unit::Page).is_some() {
                return Err(conflict("a text and its length say the same thing"));
            }
            self.put("text", Unit::Character, Some(characters));
            return Ok(());
        }
        if self.get(Unit::InputToken).is_some() {
            return Err(conflict("a text and its input tokens say the same thing"));
        }
        let mut tokens = Some(Quantity::ZERO);
        // An empty text is no token, whatever the tokenizer.
        if !text.is_empty() {
            // No public vocabulary holds a token of more than 128 bytes, and none a token of less than one.
            let most = count(text.len())?;
            let least = characters_over(most, Quantity::from_whole(128))?;
            let rate = self.conversions.characters_per_token;
            let likely = characters_over(characters, rate)?.clamp(least, most);
            self.says(format_args!(
                "The text is taken as {likely} tokens, at {rate} characters a token; it is between {least} and {most}."
            ));
            tokens = self.guess(least, likely, Some(most));
        }
        self.put("text", Unit::InputToken, tokens);
        Ok(())
    }
}

fn conflict(detail: &'static str) -> Fault {
    Fault::new(Kind::UsageConflict, detail)
}

fn count(number: usize) -> Result<Quantity, Fault> {
    u64::try_from(number).ok().and_then(Quantity::from_count).ok_or_else(too_long)
}

/// So many, a whole number, rounded up.
fn characters_over(characters: Quantity, rate: Quantity) -> Result<Quantity, Fault> {
    characters.scaled(Quantity::ONE, rate, Round::Up).ok_or_else(too_long)?.rounded_up()
}

fn too_long() -> Fault {
    Fault::new(Kind::Overflow, "the text is too long")
}
