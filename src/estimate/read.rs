//! Usages and options as JSON writes them.

use crate::{
    Conversions, EstimateOptions, OutputTokens, PricingError, Quantity, Timestamp, Usage,
    pricing_error::{Fault, Kind},
    wire::{
        Value,
        read::{Members, decimal_text, quantity, rate},
    },
};

impl Usage {
    /// Reads a usage whose counts may be numbers or decimal text.
    ///
    /// # Errors
    /// `invalid_quantity`, `invalid_text` or `unknown_field` with its path.
    pub fn from_value(value: &Value) -> Result<Self, PricingError> {
        Self::read(value, quantity)
    }

    /// Reads a usage whose counts are decimal text alone, as HTTP has it.
    ///
    /// # Errors
    /// `invalid_quantity`, `invalid_text` or `unknown_field` with its path.
    pub fn from_text_value(value: &Value) -> Result<Self, PricingError> {
        Self::read(value, decimal_text)
    }

    pub(super) fn read(
        value: &Value,
        quantity: impl Fn(&Value) -> Result<Quantity, Fault> + Copy,
    ) -> Result<Self, Fault> {
        let mut usage = Members::of(value, Kind::InvalidOptions)?;
        let read = Self {
            text: usage.optional("text", |text| match text {
                Value::Text(text) => Ok(text.clone()),
                _ => Err(Fault::new(Kind::InvalidText, "expected text")),
            })?,
            input_tokens: usage.optional("input_tokens", quantity)?,
            cached_input_tokens: usage.optional("cached_input_tokens", quantity)?,
            cache_write_tokens: usage.optional("cache_write_tokens", quantity)?,
            output_tokens: usage.optional("output_tokens", quantity)?,
            characters: usage.optional("characters", quantity)?,
            seconds: usage.optional("seconds", quantity)?,
            minutes: usage.optional("minutes", quantity)?,
            images: usage.optional("images", quantity)?,
            pages: usage.optional("pages", quantity)?,
            requests: usage.optional("requests", quantity)?,
        };
        usage.end()?;
        Ok(read)
    }
}

impl EstimateOptions {
    /// Reads options, all but the moment, which every platform has its own type for.
    ///
    /// # Errors
    /// `invalid_options`, `invalid_decimal`, `invalid_quantity` or `unknown_field` with its path.
    pub fn from_value(value: &Value, at: Timestamp) -> Result<Self, PricingError> {
        let mut options = Members::of(value, Kind::InvalidOptions)?;
        let mut read = Self::at(at);
        if let Some(margin) = options.optional("margin", rate)? {
            read.margin = margin;
        }
        read.output_tokens = options.optional("output_tokens", output_tokens)?;
        if let Some(conversions) = options.optional("conversions", conversions)? {
            read.conversions = conversions;
        }
        options.end()?;
        Ok(read)
    }
}

pub(super) fn output_tokens(value: &Value) -> Result<OutputTokens, Fault> {
    let mut output = Members::of(value, Kind::InvalidOptions)?;
    let read = OutputTokens {
        expected: output.required("expected", Kind::InvalidOptions, quantity)?,
        max: output.optional("max", quantity)?,
    };
    output.end()?;
    Ok(read)
}

pub(super) fn conversions(value: &Value) -> Result<Conversions, Fault> {
    let mut rates = Members::of(value, Kind::InvalidOptions)?;
    let usual = Conversions::default();
    let read = Conversions {
        characters_per_page: rates.optional("characters_per_page", quantity)?.unwrap_or(usual.characters_per_page),
        characters_per_token: rates.optional("characters_per_token", quantity)?.unwrap_or(usual.characters_per_token),
        characters_per_minute: rates
            .optional("characters_per_minute", quantity)?
            .unwrap_or(usual.characters_per_minute),
        translation_expansion: rates
            .optional("translation_expansion", quantity)?
            .unwrap_or(usual.translation_expansion),
    };
    rates.end()?;
    Ok(read)
}
