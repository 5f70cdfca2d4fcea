//! JSON as it arrives and leaves: one tree that every serde format reads and writes.
//!
//! Books, usages and options are read from this tree by hand, because they must be refused with a code and a JSON Pointer
//! for each member, and because one tree costs the browser a fraction of what a derived reader for each type does.

mod allowance;
pub(crate) mod json;
pub(crate) mod read;
pub(crate) mod write;

use core::fmt;
use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};

use crate::{PricingError, Quantity};

/// A JSON value whose numbers are exact: taken by their shortest decimal, never as a float.
///
/// Members keep their order and may not stand twice; nesting is limited to 32.
///
/// ```
/// use scrip::wire::Value;
/// let value: Value = serde_json::from_str(r#"{"per": 0.1}"#)?;
/// assert_eq!(serde_json::to_string(&value)?, r#"{"per":"0.1"}"#);
/// assert!(serde_json::from_str::<Value>(r#"{"a": 1, "a": 2}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, and what JavaScript leaves undefined.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; `None` when it is no [`Quantity`]. A whole one is written as a number, any other as text.
    Number(Option<Quantity>),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in the order of its members.
    Object(Vec<(Cow<'static, str>, Value)>),
}

/// Reads a list of models' ids.
///
/// # Errors
/// `invalid_options`, or `unknown_model` for an entry that is no text, with its path.
pub fn model_ids(value: &Value) -> Result<Vec<String>, PricingError> {
    crate::estimate::ids(value)
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::Number(None) => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(Some(number)) => match number.whole() {
                Some(whole) => serializer.serialize_u64(whole),
                None => serializer.collect_str(number),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(values) => serializer.collect_seq(values),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested(32).deserialize(deserializer)
    }
}

/// How much deeper the tree may still go: an object that holds itself must not end the process.
#[derive(Clone, Copy)]
struct Nested(u8);

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Nested {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(Quantity::from_nanos(u128::from(number).saturating_mul(1_000_000_000))))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Ok(Value::Number(None)),
        }
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(Quantity::from_number(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(inside)? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut members: Vec<(Cow<'static, str>, Value)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.iter().any(|(other, _)| *other == name) {
                return Err(A::Error::custom(format_args!("the member {name:?} stands twice")));
            }
            members.push((Cow::Owned(name), map.next_value_seed(inside)?));
        }
        Ok(Value::Object(members))
    }
}
