//! JSON as it arrives and leaves.
//!
//! What arrives becomes one tree, from which books, usages and options are read by hand: each member must be refused with a code
//! and a JSON Pointer, and one tree costs the browser a fraction of what a derived reader for each type does. What leaves is
//! written as text at once.

mod allowance;
pub(crate) mod json;
mod parse;
pub(crate) mod read;

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{PricingError, Quantity};

/// A JSON value whose numbers are exact: taken by their decimal digits, never as a float.
///
/// Members keep their order.
///
/// ```
/// use scrip::{Quantity, wire::Value};
/// assert_eq!(Value::parse("1e-1")?, Value::Number("0.1".parse::<Quantity>().ok()));
/// assert_eq!(Value::parse(r#"{"a": [null, "b"]"#).unwrap_err().code(), "invalid_options");
/// # Ok::<(), scrip::PricingError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`, and what JavaScript leaves undefined.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; `None` when it is no [`Quantity`].
    Number(Option<Quantity>),
    /// Text.
    Text(Cow<'a, str>),
    /// Text with half a surrogate pair, which JavaScript can hold and Unicode cannot.
    Torn,
    /// A list.
    List(Vec<Value<'a>>),
    /// An object, in the order of its members.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Reads JSON text.
    ///
    /// # Errors
    /// `invalid_options` when it is not JSON, or nested deeper than 32 levels.
    pub fn parse(json: &'a str) -> Result<Self, PricingError> {
        parse::parse(json)
    }

    /// A member of an object; `Null` where there is none.
    #[must_use]
    pub fn member(&self, name: &str) -> &Self {
        let members = if let Self::Object(members) = self { members.as_slice() } else { &[] };
        members.iter().find(|(other, _)| other == name).map_or(&Value::Null, |(_, value)| value)
    }

    /// The text, where it is text; else the empty one.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}

/// Reads a list of models' ids.
///
/// # Errors
/// `invalid_options`, or `unknown_model` for an entry that is no text, with its path.
pub fn model_ids(value: &Value<'_>) -> Result<Vec<String>, PricingError> {
    crate::estimate::ids(value)
}
