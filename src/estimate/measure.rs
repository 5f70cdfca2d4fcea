//! From what a caller says to quantities of units.

use crate::{
    Quantity, TextLength, Unit, Usage,
    estimate::pass::Pass,
    pricing_error::{Fault, Kind},
    quantity::too_much,
    said::said,
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
        match usage.text {
            // The tokenizer is a fault of the options, and knows its own place.
            Some(text) => self.text(text).map_err(|fault| fault.under("text")),
            None => Ok(()),
        }
    }

    fn text(&mut self, text: TextLength) -> Result<(), Fault> {
        if text.torn > 0 {
            self.says(&[&"Half a surrogate pair is counted as U+FFFD."]);
        }
        let characters = count(text.characters)?;
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
        let tokens = match self.counted(text)? {
            Some(tokens) => Some(tokens),
            None => self.likely_tokens(text)?,
        };
        self.put("text", Unit::InputToken, tokens);
        Ok(())
    }

    /// The number of tokens, where it is known.
    fn counted(&self, text: TextLength) -> Result<Option<Quantity>, Fault> {
        // An empty text is no token, whatever the tokenizer.
        let Some((encoding, tokens)) = text.tokens.filter(|_| text.bytes > 0) else {
            return Ok(Some(Quantity::ZERO).filter(|_| text.bytes == 0));
        };
        match self.model.tokenizer {
            Some(own) if own == encoding => count(tokens).map(Some),
            Some(_) => {
                let detail =
                    said(&[&"\"", &self.model.id, &"\" counts tokens of another encoding than this tokenizer"]);
                Err(Fault::told(Kind::InvalidOptions, detail).settled("tokenizer"))
            }
            None => Ok(None),
        }
    }

    fn likely_tokens(&mut self, text: TextLength) -> Result<Option<Quantity>, Fault> {
        let [least, likely, most] = text.likely_tokens(self.conversions)?;
        let rate = self.conversions.characters_per_token;
        self.says(&[
            &"The text is taken as ",
            &likely,
            &" tokens, at ",
            &rate,
            &" characters a token; it is between ",
            &least,
            &" and ",
            &most,
            &".",
        ]);
        Ok(self.guess(least, likely, Some(most)))
    }
}

fn conflict(detail: &'static str) -> Fault {
    Fault::new(Kind::UsageConflict, detail)
}

fn count(number: u64) -> Result<Quantity, Fault> {
    Quantity::from_count(number).ok_or_else(too_much)
}
