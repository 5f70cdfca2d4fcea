use crate::{
    Model, Price, Quantity, Tier, TierBy, Unit,
    price_book::{ENCODINGS, TASKS, UNITS},
    pricing_error::{Fault, Kind},
    wire::{
        Value,
        read::{Members, credits, date, decimal_text, list, name, word},
    },
};

const BAD: Kind = Kind::PriceBookInvalid;

pub(super) fn models(value: &Value) -> Result<Vec<Model>, Fault> {
    let mut book = Members::of(value, BAD)?;
    book.required("version", BAD, |version| match version {
        Value::Number(Some(number)) if *number == Quantity::from_whole(1) => Ok(()),
        _ => Err(Fault::new(BAD, "this program reads version 1 alone")),
    })?;
    let models = book.required("models", BAD, |models| list(models, BAD, model))?;
    book.end()?;
    Ok(models)
}

fn model(value: &Value) -> Result<Model, Fault> {
    let mut row = Members::of(value, BAD)?;
    let model = Model {
        id: row.required("id", BAD, |text| name(text, BAD))?,
        supplier: row.required("supplier", BAD, |text| name(text, BAD))?,
        name: row.required("name", BAD, |text| name(text, BAD))?,
        task: row.required("task", BAD, |text| word(text, &TASKS, BAD))?,
        prices: row.required("prices", BAD, |prices| list(prices, BAD, price))?,
        tokenizer: row.optional("tokenizer", |text| word(text, &ENCODINGS, BAD))?,
        max_output_tokens: row.optional("max_output_tokens", number)?,
        valid_from: row.optional("valid_from", |text| date(text, BAD))?,
        valid_to: row.optional("valid_to", |text| date(text, BAD))?,
        source: row.optional("source", |text| name(text, BAD))?,
    };
    row.end()?;
    Ok(model)
}

fn price(value: &Value) -> Result<Price, Fault> {
    let mut members = Members::of(value, BAD)?;
    let price = Price {
        unit: members.required("unit", BAD, |text| word(text, &UNITS, BAD))?,
        credits: members.required("credits", BAD, credits)?,
        per: members.required("per", BAD, decimal_text)?,
        minimum: members.optional("minimum", decimal_text)?,
        tiers: members.optional("tiers", |tiers| list(tiers, BAD, tier))?.unwrap_or_default(),
    };
    members.end()?;
    Ok(price)
}

fn tier(value: &Value) -> Result<Tier, Fault> {
    let mut members = Members::of(value, BAD)?;
    let tier = Tier {
        above: members.required("above", BAD, decimal_text)?,
        credits: members.required("credits", BAD, credits)?,
        by: members.optional("by", tier_by)?,
    };
    members.end()?;
    Ok(tier)
}

fn tier_by(value: &Value) -> Result<TierBy, Fault> {
    match value {
        Value::Text(text) if text == TierBy::InputTotal.name() => Ok(TierBy::InputTotal),
        _ => word::<Unit>(value, &UNITS, BAD).map(TierBy::Unit),
    }
}

fn number(value: &Value) -> Result<Quantity, Fault> {
    match value {
        Value::Number(Some(number)) => Ok(*number),
        _ => Err(Fault::new(BAD, "expected a number")),
    }
}
