//! From measured quantities to one for each unit that the model prices.

use crate::{
    Conversions, Model, OutputTokens, Quantity, Unit,
    estimate::{measure::Measured, range::Range},
    pricing_error::{Fault, Kind},
};

pub(super) fn every_unit(
    model: &Model,
    mut measured: Measured,
    output: Option<&OutputTokens>,
    conversions: &Conversions,
) -> Result<Measured, Fault> {
    let priced = |unit| model.price(unit).is_some();
    let said_something = !measured.units.is_empty();
    if priced(Unit::Character) && !priced(Unit::Page) {
        pages(&mut measured, conversions)?;
    }
    if priced(Unit::InputToken) {
        for unit in [Unit::CachedInputToken, Unit::CacheWriteToken] {
            if !priced(unit) {
                as_input(unit, &mut measured)?;
            }
        }
    }
    if priced(Unit::OutputToken) && measured.get(Unit::OutputToken).is_none() && (said_something || output.is_some()) {
        unknown_output(model, output, &mut measured);
    }
    if let Some((name, unit, _)) = measured.units.iter().find(|(_, unit, _)| !priced(*unit)) {
        let detail = format!("\"{}\" has no price for the unit {}", model.id, unit.name());
        return Err(Fault::new(Kind::UnitNotPriced, detail).under(name));
    }
    // One usage is one call and one run: that is what the words mean, not a guess.
    for unit in [Unit::Request, Unit::Run] {
        if priced(unit) && measured.get(unit).is_none() {
            measured.units.push((unit.name(), unit, Range::known(Quantity::from_whole(1))));
        }
    }
    if measured.units.is_empty() {
        return Err(Fault::new(Kind::UsageMissing, format!("nothing is said of what \"{}\" is to do", model.id)));
    }
    Ok(measured)
}

fn pages(measured: &mut Measured, conversions: &Conversions) -> Result<(), Fault> {
    let Some((name, pages)) = measured.take(Unit::Page) else { return Ok(()) };
    if measured.get(Unit::Character).is_some() {
        let fault = Fault::new(Kind::UsageConflict, "pages and characters say the same thing of this model");
        return Err(fault.under(name));
    }
    let per_page = conversions.characters_per_page;
    let characters =
        pages.convert(|pages| Ok(pages.times(per_page)?.rounded_up())).map_err(|fault| fault.under(name))?;
    measured.assumptions.push(format!("A page is taken as {per_page} characters."));
    measured.units.push((name, Unit::Character, characters));
    Ok(())
}

/// Tokens of a cache that has no price of its own are charged as any input.
fn as_input(unit: Unit, measured: &mut Measured) -> Result<(), Fault> {
    let Some((name, tokens)) = measured.take(unit) else { return Ok(()) };
    match measured.units.iter_mut().find(|(_, other, _)| *other == Unit::InputToken) {
        Some((_, _, input)) => *input = input.plus(&tokens).map_err(|fault| fault.under(name))?,
        None => measured.units.push((name, Unit::InputToken, tokens)),
    }
    measured.assumptions.push(format!("The price has no {}; these are charged as input tokens.", unit.name()));
    Ok(())
}

fn unknown_output(model: &Model, output: Option<&OutputTokens>, measured: &mut Measured) {
    let expected = output.map_or(Quantity::ZERO, |output| output.expected);
    let most = output.and_then(|output| output.max).or(model.max_output_tokens.map(|most| most.max(expected)));
    let bound = match most {
        Some(most) => format!("at most {most} tokens"),
        None => "with no known limit".to_owned(),
    };
    measured.assumptions.push(match output {
        Some(_) => format!("The answer is taken as {expected} tokens, {bound}."),
        None => format!("The answer's length is not known ({bound}); the total counts none of it."),
    });
    measured.units.push(("output_tokens", Unit::OutputToken, Range { low: Quantity::ZERO, expected, high: most }));
}
