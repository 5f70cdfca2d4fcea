use alloc::vec::Vec;

use crate::{
    Model, Price, Quantity, Tier, TierBy, Unit,
    price_book::{ENCODINGS, TASKS, UNITS},
    pricing_error::{Fault, Kind},
    wire::{
        Value,
        read::{date, decimal_text, list, name, object, word},
    },
};

const BAD: Kind = Kind::PriceBookInvalid;

pub(super) fn models(value: &Value<'_>) -> Result<Vec<Model>, Fault> {
    let [version, models] = object(value, ["version", "models"], BAD)?;
    version.required(BAD, |version| match version {
        Value::Number(Some(number)) if *number == Quantity::from_whole(1) => Ok(()),
        _ => Err(Fault::new(BAD, "this program reads version 1 alone")),
    })?;
    models.required(BAD, |models| list(models, BAD, model))
}

fn model(value: &Value<'_>) -> Result<Model, Fault> {
    const NAMES: [&str; 10] = [
        "id",
        "supplier",
        "name",
        "task",
        "prices",
        "tokenizer",
        "max_output_tokens",
        "valid_from",
        "valid_to",
        "source",
    ];
    let [id, supplier, name_, task, prices, tokenizer, max_output_tokens, valid_from, valid_to, source] =
        object(value, NAMES, BAD)?;
    Ok(Model {
        id: id.name(BAD)?,
        supplier: supplier.name(BAD)?,
        name: name_.name(BAD)?,
        task: task.required(BAD, |text| word(text, &TASKS, BAD))?,
        prices: prices.required(BAD, |prices| list(prices, BAD, price))?,
        tokenizer: tokenizer.optional(|text| word(text, &ENCODINGS, BAD))?,
        max_output_tokens: max_output_tokens.optional(number)?,
        valid_from: valid_from.optional(|text| date(text, BAD))?,
        valid_to: valid_to.optional(|text| date(text, BAD))?,
        source: source.optional(|text| name(text, BAD))?,
    })
}

fn price(value: &Value<'_>) -> Result<Price, Fault> {
    let [unit, credits, per, minimum, tiers] = object(value, ["unit", "credits", "per", "minimum", "tiers"], BAD)?;
    Ok(Price {
        unit: unit.required(BAD, |text| word(text, &UNITS, BAD))?,
        credits: credits.credits(BAD)?,
        per: per.required(BAD, decimal_text)?,
        minimum: minimum.optional(decimal_text)?,
        tiers: tiers.optional(|tiers| list(tiers, BAD, tier))?.unwrap_or_default(),
    })
}

fn tier(value: &Value<'_>) -> Result<Tier, Fault> {
    let [above, credits, by] = object(value, ["above", "credits", "by"], BAD)?;
    Ok(Tier { above: above.required(BAD, decimal_text)?, credits: credits.credits(BAD)?, by: by.optional(tier_by)? })
}

fn tier_by(value: &Value<'_>) -> Result<TierBy, Fault> {
    match value {
        Value::Text(text) if text == TierBy::InputTotal.name() => Ok(TierBy::InputTotal),
        _ => word::<Unit>(value, &UNITS, BAD).map(TierBy::Unit),
    }
}

fn number(value: &Value<'_>) -> Result<Quantity, Fault> {
    match value {
        Value::Number(Some(number)) => Ok(*number),
        _ => Err(Fault::new(BAD, "expected a number")),
    }
}
