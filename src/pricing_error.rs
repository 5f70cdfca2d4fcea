use core::fmt;

use crate::Error;

/// What a price book, a usage or options were refused for.
///
/// [`path`](Self::path) is a JSON Pointer into the argument that was at fault: `/models/2/prices/0/per`, or empty for the
/// argument as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PricingError {
    pub(crate) kind: Kind,
    pub(crate) path: String,
    pub(crate) detail: String,
}

/// Short for inside.
pub(crate) type Fault = PricingError;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    InvalidDecimal,
    InvalidQuantity,
    Overflow,
    InvalidText,
    InvalidOptions,
    UnknownField,
    UnknownModel,
    UnitNotPriced,
    UsageConflict,
    UsageMissing,
    PriceNotValid,
    PriceBookInvalid,
    InvalidState,
}

impl PricingError {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, path: String::new(), detail: detail.into() }
    }

    pub(crate) fn quantity() -> Self {
        Self::new(
            Kind::InvalidQuantity,
            "expected a plain non-negative number of at most 15 integer and 9 fractional digits, such as \"0.024\"",
        )
    }

    /// The same fault, seen from the object that holds the faulty place.
    pub(crate) fn under(mut self, member: &str) -> Self {
        let member = member.replace('~', "~0").replace('/', "~1");
        self.path = format!("/{member}{}", self.path);
        self
    }

    /// The same fault, seen from the list that holds the faulty place.
    pub(crate) fn at(self, index: usize) -> Self {
        self.under(&index.to_string())
    }

    pub(crate) fn in_state(mut self) -> Self {
        self.kind = Kind::InvalidState;
        self
    }

    pub(crate) fn in_book(mut self) -> Self {
        self.kind = Kind::PriceBookInvalid;
        self
    }

    /// Where in the faulty argument, as a JSON Pointer.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.kind {
            Kind::InvalidDecimal => "invalid_decimal",
            Kind::InvalidQuantity => "invalid_quantity",
            Kind::Overflow => "overflow",
            Kind::InvalidText => "invalid_text",
            Kind::InvalidOptions => "invalid_options",
            Kind::UnknownField => "unknown_field",
            Kind::UnknownModel => "unknown_model",
            Kind::UnitNotPriced => "unit_not_priced",
            Kind::UsageConflict => "usage_conflict",
            Kind::UsageMissing => "usage_missing",
            Kind::PriceNotValid => "price_not_valid",
            Kind::PriceBookInvalid => "price_book_invalid",
            Kind::InvalidState => "invalid_state",
        }
    }
}

impl fmt::Display for PricingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        if self.path.is_empty() { Ok(()) } else { write!(f, " (at {})", self.path) }
    }
}

impl From<Error> for PricingError {
    /// A fault of an amount, which has no place yet.
    fn from(error: Error) -> Self {
        match error {
            Error::Overflow => Self::new(Kind::Overflow, error.to_string()),
            Error::InvalidTime => Self::new(Kind::InvalidOptions, error.to_string()),
            Error::InvalidState(_) => Self::new(Kind::InvalidState, error.to_string()),
            other => Self::new(Kind::InvalidDecimal, other.to_string()),
        }
    }
}

impl core::error::Error for PricingError {}
