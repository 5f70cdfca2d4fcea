//! Usages, options and requests as JSON writes them.

use alloc::{string::String, vec::Vec};

use crate::{
    BenchmarkRequest, Conversions, EstimateOptions, OutputTokens, PipelineStep, PricingError, Quantity, TextLength,
    Timestamp, Usage,
    pricing_error::{Fault, Kind},
    wire::{
        Value,
        read::{Member, decimal_text, list, object, quantity, rate},
    },
};

const BAD: Kind = Kind::InvalidOptions;

impl Usage {
    /// Reads a usage whose counts may be numbers or decimal text.
    ///
    /// # Errors
    /// `invalid_quantity`, `invalid_text` or `unknown_field` with its path.
    pub fn from_value(value: &Value<'_>) -> Result<Self, PricingError> {
        read(value, quantity)
    }

    /// Reads a usage whose counts are decimal text alone, as HTTP has it.
    ///
    /// # Errors
    /// `invalid_quantity`, `invalid_text` or `unknown_field` with its path.
    pub fn from_text_value(value: &Value<'_>) -> Result<Self, PricingError> {
        read(value, decimal_text)
    }
}

fn read(value: &Value, quantity: fn(&Value<'_>) -> Result<Quantity, Fault>) -> Result<Usage, Fault> {
    const NAMES: [&str; 11] = [
        "text",
        "input_tokens",
        "cached_input_tokens",
        "cache_write_tokens",
        "output_tokens",
        "characters",
        "seconds",
        "minutes",
        "images",
        "pages",
        "requests",
    ];
    let [text, counts @ ..] = object(value, NAMES, BAD)?;
    let mut quantities = [None; 10];
    for (slot, count) in quantities.iter_mut().zip(counts) {
        *slot = count.optional(quantity)?;
    }
    let [
        input_tokens,
        cached_input_tokens,
        cache_write_tokens,
        output_tokens,
        characters,
        seconds,
        minutes,
        images,
        pages,
        requests,
    ] = quantities;
    let text = text.optional(|text| match text {
        Value::Text(text) => TextLength::of(text),
        Value::Torn => Err(Fault::new(Kind::InvalidText, "the text holds half a surrogate pair")),
        _ => Err(Fault::new(Kind::InvalidText, "expected text")),
    })?;
    Ok(Usage {
        text,
        input_tokens,
        cached_input_tokens,
        cache_write_tokens,
        output_tokens,
        characters,
        seconds,
        minutes,
        images,
        pages,
        requests,
    })
}

impl EstimateOptions {
    /// Reads options, all but the moment, which every platform has its own type for.
    ///
    /// # Errors
    /// `invalid_options`, `invalid_decimal`, `invalid_quantity` or `unknown_field` with its path.
    pub fn from_value(value: &Value<'_>, at: Timestamp) -> Result<Self, PricingError> {
        let [margin, output_tokens, conversions] = object(value, ["margin", "output_tokens", "conversions"], BAD)?;
        Ok(Self {
            at,
            margin: margin.optional(rate)?.unwrap_or(Quantity::ZERO),
            output_tokens: answer(output_tokens)?,
            conversions: conversions.optional(Conversions::read)?.unwrap_or_default(),
        })
    }
}

fn answer(output_tokens: Member<'_>) -> Result<Option<OutputTokens>, Fault> {
    output_tokens.optional(|value| {
        let [expected, max] = object(value, ["expected", "max"], BAD)?;
        Ok(OutputTokens { expected: expected.required(BAD, quantity)?, max: max.quantity()? })
    })
}

impl Conversions {
    /// Reads what `afford` takes: nothing but conversions.
    ///
    /// # Errors
    /// `invalid_options`, `invalid_quantity` or `unknown_field` with its path.
    pub fn from_options(value: &Value<'_>) -> Result<Self, PricingError> {
        let [conversions] = object(value, ["conversions"], BAD)?;
        Ok(conversions.optional(Self::read)?.unwrap_or_default())
    }

    fn read(value: &Value<'_>) -> Result<Self, Fault> {
        let names = ["characters_per_page", "characters_per_token", "characters_per_minute", "translation_expansion"];
        let [page, token, minute, expansion] = object(value, names, BAD)?;
        let usual = Self::default();
        Ok(Self {
            characters_per_page: page.quantity()?.unwrap_or(usual.characters_per_page),
            characters_per_token: token.quantity()?.unwrap_or(usual.characters_per_token),
            characters_per_minute: minute.quantity()?.unwrap_or(usual.characters_per_minute),
            translation_expansion: expansion.quantity()?.unwrap_or(usual.translation_expansion),
        })
    }
}

impl PipelineStep {
    /// Reads the steps of a pipeline.
    ///
    /// # Errors
    /// `invalid_options`, `invalid_quantity`, `invalid_text`, `unknown_model` or `unknown_field` with its path.
    pub fn list_from_value(value: &Value<'_>) -> Result<Vec<Self>, PricingError> {
        list(value, BAD, |step| {
            let [model, usage, output_tokens] = object(step, ["model", "usage", "output_tokens"], BAD)?;
            Ok(Self {
                model: model.required(Kind::UnknownModel, id)?,
                usage: usage.optional(Usage::from_value)?,
                output_tokens: answer(output_tokens)?,
            })
        })
    }
}

impl BenchmarkRequest {
    /// Reads a benchmark.
    ///
    /// # Errors
    /// `invalid_options`, `invalid_quantity`, `invalid_text`, `unknown_model` or `unknown_field` with its path.
    pub fn from_value(value: &Value<'_>) -> Result<Self, PricingError> {
        let [models, rows, per_row] = object(value, ["models", "rows", "per_row"], BAD)?;
        Ok(Self {
            models: models.required(BAD, ids)?,
            rows: rows.required(Kind::InvalidQuantity, quantity)?,
            per_row: per_row.required(Kind::UsageMissing, Usage::from_value)?,
        })
    }
}

/// A list of models' ids.
pub(crate) fn ids(value: &Value<'_>) -> Result<Vec<String>, Fault> {
    list(value, BAD, id)
}

fn id(value: &Value<'_>) -> Result<String, Fault> {
    match value {
        Value::Text(text) => Ok(String::from(text.as_ref())),
        _ => Err(Fault::new(Kind::UnknownModel, "expected the id of a model")),
    }
}
