//! What the page asks for.

use std::fmt;

use scrip::{PricingError, Quantity, TextLength, Usage};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A form, as an object of JavaScript.
#[derive(serde::Deserialize)]
pub(crate) struct Form {
    pub(crate) model: String,
    characters: Option<Count>,
    minutes: Option<Count>,
    text: Option<String>,
    margin: Option<Count>,
}

impl Form {
    pub(crate) fn usage(&self) -> Result<Usage, PricingError> {
        Ok(Usage {
            characters: read(self.characters.as_ref(), "characters")?,
            minutes: read(self.minutes.as_ref(), "minutes")?,
            text: self.text.as_deref().map(TextLength::of).transpose().map_err(|error| error.under("text"))?,
            ..Usage::default()
        })
    }

    pub(crate) fn margin(&self) -> Result<Quantity, PricingError> {
        Ok(read(self.margin.as_ref(), "margin")?.unwrap_or(Quantity::ZERO))
    }
}

fn read(count: Option<&Count>, name: &str) -> Result<Option<Quantity>, PricingError> {
    count.map(|count| count.0.parse()).transpose().map_err(|error: PricingError| error.under(name))
}

/// A number's digits: the core reads them, and says what is wrong with them.
struct Count(String);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Digits)
    }
}

struct Digits;

impl Visitor<'_> for Digits {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("decimal text or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Count, E> {
        Ok(Count(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Count, E> {
        Ok(Count(number.to_string()))
    }

    // The shortest digits that name the number, as JavaScript shows it; nothing is computed with the float.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Count, E> {
        Ok(Count(number.to_string()))
    }
}
