//! Amounts and times as they cross the wire: decimal strings and RFC 3339 text.

use std::{fmt, marker::PhantomData};

use scrip::{Credits, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// An amount of credits: a canonical decimal string.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToSchema)]
#[schema(value_type = String, example = "0.024", pattern = r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,9})?$")]
pub struct Amount(pub Credits);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal string such as \"0.024\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
                text.parse().map(Amount).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// An amount with a sign, as listings show it: what went out is negative.
#[derive(Clone, Copy, Debug)]
pub struct SignedAmount {
    /// How much.
    pub amount: Credits,
    /// Whether it went out.
    pub out: bool,
}

impl Serialize for SignedAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.out && !self.amount.is_zero() {
            serializer.collect_str(&format_args!("-{}", self.amount))
        } else {
            serializer.collect_str(&self.amount)
        }
    }
}

/// A moment: RFC 3339, UTC, milliseconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T12:00:00.000Z")]
pub struct Time(pub Timestamp);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Beyond the year 9999 RFC 3339 has no text; such a moment reads as the last one it has.
        let moment = jiff::Timestamp::from_millisecond(self.0.as_millis()).unwrap_or(jiff::Timestamp::MAX);
        write!(f, "{moment:.3}")
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let moment: jiff::Timestamp = text.parse().map_err(|_| de::Error::custom("expected an RFC 3339 time"))?;
        Timestamp::from_millis(moment.as_millisecond()).map(Time).map_err(de::Error::custom)
    }
}

/// An amount that comes back, and when.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Return {
    /// When.
    pub at: Time,
    /// How much.
    pub amount: Amount,
}

impl From<(Timestamp, Credits)> for Return {
    fn from((at, amount): (Timestamp, Credits)) -> Self {
        Self { at: Time(at), amount: Amount(amount) }
    }
}

/// A list of objects; serde alone would also read lists as the members of a struct in their order.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let objects = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(objects.into_iter().map(|object| object.0).collect())
}

struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Members<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(members))
            }
        }
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_milliseconds_and_ends_in_z() {
        let time = Time(Timestamp::from_millis(1_700_000_000_000).unwrap());
        assert_eq!(time.to_string(), "2023-11-14T22:13:20.000Z");
        let back: Time = serde_json::from_str("\"2023-11-14T23:13:20+01:00\"").unwrap();
        assert_eq!(back, time);
    }

    #[test]
    fn an_amount_is_a_string_and_never_a_number() {
        assert!(serde_json::from_str::<Amount>("1").is_err());
        assert!(serde_json::from_str::<Amount>("\"1e3\"").is_err());
        let amount: Amount = serde_json::from_str("\"1.50\"").unwrap();
        assert_eq!(serde_json::to_string(&amount).unwrap(), "\"1.5\"");
        assert_eq!(serde_json::to_string(&SignedAmount { amount: Credits::ZERO, out: true }).unwrap(), "\"0\"");
    }
}
