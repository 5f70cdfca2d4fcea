use alloc::{borrow::ToOwned, boxed::Box, string::String};
use core::fmt;

use crate::{
    Error,
    said::{Say, said},
};

/// What a price book, a usage or options were refused for.
///
/// [`path`](Self::path) is a JSON Pointer into the argument that was at fault: `/models/2/prices/0/per`, or empty for the
/// argument as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PricingError(Box<Inside>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Inside {
    kind: Kind,
    path: String,
    detail: String,
    /// Whether the path is whole: the place is in another argument than the one that was being read.
    settled: bool,
}

/// Short for inside.
pub(crate) type Fault = PricingError;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    InvalidDecimal,
    InvalidQuantity,
    Overflow,
    InvalidText,
    InvalidEdit,
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
    pub(crate) fn new(kind: Kind, detail: &'static str) -> Self {
        Self::told(kind, detail.to_owned())
    }

    pub(crate) fn told(kind: Kind, detail: String) -> Self {
        Self(Box::new(Inside { kind, path: String::new(), detail, settled: false }))
    }

    pub(crate) fn quantity() -> Self {
        Self::new(
            Kind::InvalidQuantity,
            "expected a plain non-negative number of at most 15 integer and 9 fractional digits, such as \"0.024\"",
        )
    }

    /// The same fault under another code.
    pub(crate) fn coded(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same fault, seen from the object that holds the faulty place.
    #[must_use]
    pub fn under(mut self, member: &str) -> Self {
        if self.0.settled {
            return self;
        }
        let mut path = String::from("/");
        for char in member.chars() {
            match char {
                '~' => path.push_str("~0"),
                '/' => path.push_str("~1"),
                char => path.push(char),
            }
        }
        path.push_str(&self.0.path);
        self.0.path = path;
        self
    }

    /// The same fault as one of a member of the options, whatever was being read when it came up.
    pub(crate) fn settled(self, member: &str) -> Self {
        let mut fault = self.under(member);
        fault.0.settled = true;
        fault
    }

    /// The same fault, seen from the list that holds the faulty place.
    pub(crate) fn at(self, index: usize) -> Self {
        self.under(&said(&[&(index as u64)]))
    }

    /// What is wrong and where, in words. `Display` says the same; this does without the formatting of the standard library.
    #[must_use]
    pub fn message(&self) -> String {
        said(&[self])
    }

    /// Where in the faulty argument, as a JSON Pointer.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The stable code, the same in Rust, JavaScript and HTTP.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.0.kind {
            Kind::InvalidDecimal => "invalid_decimal",
            Kind::InvalidQuantity => "invalid_quantity",
            Kind::Overflow => "overflow",
            Kind::InvalidText => "invalid_text",
            Kind::InvalidEdit => "invalid_edit",
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
        f.write_str(&said(&[self]))
    }
}

impl core::error::Error for PricingError {}

impl Say for PricingError {
    fn say(&self, text: &mut String) {
        text.push_str(&self.0.detail);
        if !self.0.path.is_empty() {
            [" (at ", &self.0.path, ")"].into_iter().for_each(|part| text.push_str(part));
        }
    }
}

impl From<Error> for PricingError {
    /// A fault of an amount, a time or a state, which has no place yet.
    fn from(error: Error) -> Self {
        let kind = match error {
            Error::Overflow => Kind::Overflow,
            Error::InvalidTime => Kind::InvalidOptions,
            Error::InvalidState(_) => Kind::InvalidState,
            _ => Kind::InvalidDecimal,
        };
        Self::told(kind, said(&[&error]))
    }
}
