use crate::{
    Quantity, Timestamp,
    pricing_error::{Fault, Kind},
};

/// How to estimate: when, with which margin, and with which guesses where something is not known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EstimateOptions {
    /// The moment whose prices are used.
    pub at: Timestamp,
    /// The margin as a rate: 0.2 is 20 % on top.
    pub margin: Quantity,
    /// How long the answer will be, where the usage does not say.
    pub output_tokens: Option<OutputTokens>,
    /// What is used to convert one unit into another.
    pub conversions: Conversions,
}

/// How long an answer will be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct OutputTokens {
    /// Probably.
    pub expected: Quantity,
    /// At most; `None`: what the model can give.
    pub max: Option<Quantity>,
}

/// Rates between units. Every one that is used is stated in [`Estimate::assumptions`](crate::Estimate::assumptions).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Conversions {
    /// A page of text; 2000.
    pub characters_per_page: Quantity,
    /// A token of text; 4.
    pub characters_per_token: Quantity,
    /// A minute of speech, heard or spoken; 900.
    pub characters_per_minute: Quantity,
    /// How much longer a translation is than its original; 1.
    pub translation_expansion: Quantity,
}

impl Default for Conversions {
    fn default() -> Self {
        Self {
            characters_per_page: Quantity::from_whole(2000),
            characters_per_token: Quantity::from_whole(4),
            characters_per_minute: Quantity::from_whole(900),
            translation_expansion: Quantity::from_whole(1),
        }
    }
}

impl EstimateOptions {
    /// The prices of that moment, no margin, the usual conversions.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self { at, margin: Quantity::ZERO, output_tokens: None, conversions: Conversions::default() }
    }

    pub(crate) fn check(&self) -> Result<(), Fault> {
        if let Some(output) = &self.output_tokens {
            output.check().map_err(|fault| fault.under("output_tokens"))?;
        }
        self.conversions.check().map_err(|fault| fault.under("conversions"))
    }
}

impl OutputTokens {
    pub(crate) fn check(&self) -> Result<(), Fault> {
        for (name, tokens) in [("expected", Some(self.expected)), ("max", self.max)] {
            if tokens.is_some_and(|tokens| !tokens.is_whole()) {
                return Err(Fault::new(Kind::InvalidQuantity, "tokens are counted in whole numbers").under(name));
            }
        }
        if self.max.is_some_and(|max| max < self.expected) {
            return Err(Fault::new(Kind::InvalidOptions, "the most is below what is expected").under("max"));
        }
        Ok(())
    }
}

impl Conversions {
    pub(crate) fn check(&self) -> Result<(), Fault> {
        for (name, rate) in [
            ("characters_per_page", self.characters_per_page),
            ("characters_per_token", self.characters_per_token),
            ("characters_per_minute", self.characters_per_minute),
            ("translation_expansion", self.translation_expansion),
        ] {
            if rate.is_zero() {
                return Err(Fault::new(Kind::InvalidOptions, "a conversion is above 0").under(name));
            }
        }
        Ok(())
    }
}
