//! From what a caller says to quantities of units.

use crate::{
    Conversions, Model, Quantity, Unit, Usage,
    estimate::range::Range,
    pricing_error::{Fault, Kind},
};

/// Quantities of units, each with the member it came from, and what had to be assumed for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    pub(super) units: Vec<(&'static str, Unit, Range)>,
    pub(super) assumptions: Vec<String>,
}

impl Measured {
    pub(super) fn get(&self, unit: Unit) -> Option<Range> {
        self.units.iter().find(|(_, other, _)| *other == unit).map(|(_, _, range)| *range)
    }

    pub(super) fn is_known(&self) -> bool {
        self.units.iter().all(|(_, _, range)| range.is_known())
    }

    pub(super) fn take(&mut self, unit: Unit) -> Option<(&'static str, Range)> {
        let place = self.units.iter().position(|(_, other, _)| *other == unit)?;
        let (name, _, range) = self.units.remove(place);
        Some((name, range))
    }
}

pub(super) fn usage(model: &Model, usage: &Usage, conversions: &Conversions) -> Result<Measured, Fault> {
    let mut measured = Measured::default();
    for (name, unit, quantity) in usage.direct() {
        let Some(quantity) = quantity else { continue };
        if unit.is_whole() && !quantity.is_whole() {
            return Err(Fault::new(Kind::InvalidQuantity, "this is counted in whole numbers").under(name));
        }
        measured.units.push((name, unit, Range::known(quantity)));
    }
    if let Some(minutes) = usage.minutes {
        if usage.seconds.is_some() {
            return Err(conflict("seconds and minutes say the same thing").under("minutes"));
        }
        let seconds = minutes.times(Quantity::from_whole(60)).map_err(|fault| fault.under("minutes"))?;
        measured.units.push(("minutes", Unit::Second, Range::known(seconds)));
    }
    if let Some(words) = &usage.text {
        text(model, words, conversions, &mut measured).map_err(|fault| fault.under("text"))?;
    }
    Ok(measured)
}

fn conflict(detail: &str) -> Fault {
    Fault::new(Kind::UsageConflict, detail)
}

fn text(model: &Model, text: &str, conversions: &Conversions, measured: &mut Measured) -> Result<(), Fault> {
    let characters = whole(text.chars().count())?;
    if model.price(Unit::Character).is_some() {
        if measured.get(Unit::Character).is_some() || measured.get(Unit::Page).is_some() {
            return Err(conflict("a text and its length say the same thing"));
        }
        measured.units.push(("text", Unit::Character, Range::known(characters)));
        return Ok(());
    }
    if measured.get(Unit::InputToken).is_some() {
        return Err(conflict("a text and its input tokens say the same thing"));
    }
    // An empty text is no token, whatever the tokenizer.
    if text.is_empty() {
        measured.units.push(("text", Unit::InputToken, Range::known(Quantity::ZERO)));
        return Ok(());
    }
    // No public vocabulary holds a token of more than 128 bytes, and none a token of less than one.
    let most = whole(text.len())?;
    let least = most.over(Quantity::from_whole(128))?.rounded_up();
    let guess = characters.over(conversions.characters_per_token)?.rounded_up().clamp(least, most);
    measured.units.push(("text", Unit::InputToken, Range { low: least, expected: guess, high: Some(most) }));
    measured.assumptions.push(format!(
        "The text is taken as {guess} tokens, at {} characters a token; it is between {least} and {most}.",
        conversions.characters_per_token
    ));
    Ok(())
}

fn whole(number: usize) -> Result<Quantity, Fault> {
    Quantity::from_count(number).ok_or_else(|| Fault::new(Kind::Overflow, "the text is too long"))
}
