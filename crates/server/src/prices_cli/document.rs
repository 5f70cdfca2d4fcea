//! Somebody else's JSON, read strictly: every fault names its place, and numbers stay the text they are.

use std::fmt;

use anyhow::{Context, anyhow};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::decimal::Exact;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    raw: &'a RawValue,
    pointer: String,
}

/// An object's members, in their order.
#[derive(Debug)]
pub struct Members<'a> {
    at: Place<'a>,
    members: Vec<(String, Place<'a>)>,
}

impl<'a> Place<'a> {
    /// The whole document.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn root(text: &'a str) -> anyhow::Result<Self> {
        let raw = serde_json::from_str(text).context("it is not JSON")?;
        Ok(Self { raw, pointer: String::new() })
    }

    fn under(&self, name: &str, raw: &'a RawValue) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self { raw, pointer: format!("{}/{name}", self.pointer) }
    }

    /// A fault at this place.
    #[must_use]
    pub fn wrong(&self, what: impl fmt::Display) -> anyhow::Error {
        let pointer = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        anyhow!("{pointer}: {what}")
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.raw.get().starts_with('[')
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.raw.get().starts_with('{')
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.raw.get() == "null"
    }

    /// An object, none of whose members stands twice.
    ///
    /// # Errors
    /// When it is something else.
    pub fn members(&self) -> anyhow::Result<Members<'a>> {
        let Pairs(pairs) = serde_json::from_str(self.raw.get()).map_err(|error| {
            let text = error.to_string();
            self.wrong(text.split(" at line ").next().unwrap_or_default())
        })?;
        let members = pairs.into_iter().map(|(name, raw)| (name.clone(), self.under(&name, raw))).collect();
        Ok(Members { at: self.clone(), members })
    }

    /// A list.
    ///
    /// # Errors
    /// When it is something else.
    pub fn entries(&self) -> anyhow::Result<Vec<Self>> {
        let raws: Vec<&'a RawValue> =
            serde_json::from_str(self.raw.get()).map_err(|_| self.wrong("expected a list"))?;
        Ok(raws.into_iter().enumerate().map(|(index, raw)| self.under(&index.to_string(), raw)).collect())
    }

    /// Text that is not empty.
    ///
    /// # Errors
    /// When it is something else.
    pub fn text(&self) -> anyhow::Result<String> {
        let text: Option<String> = serde_json::from_str(self.raw.get()).ok();
        text.filter(|text| !text.is_empty()).ok_or_else(|| self.wrong("expected text that is not empty"))
    }

    /// A number that is not negative.
    ///
    /// # Errors
    /// When it is something else.
    pub fn number(&self) -> anyhow::Result<Exact> {
        Exact::read(self.raw.get()).ok_or_else(|| self.wrong("expected a number of at most 28 digits, not negative"))
    }
}

impl<'a> Members<'a> {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Place<'a>)> {
        self.members.iter().map(|(name, place)| (name.as_str(), place))
    }

    /// A member, unless it is missing or `null`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Place<'a>> {
        self.iter().find_map(|(other, place)| (other == name && !place.is_null()).then_some(place))
    }

    /// A member that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn required(&self, name: &str) -> anyhow::Result<&Place<'a>> {
        self.get(name).ok_or_else(|| self.at.wrong(format_args!("the member \"{name}\" is missing")))
    }
}

struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor).map(Pairs)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some((name, raw)) = map.next_entry::<String, &RawValue>()? {
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("the member {name:?} stands twice")));
            }
            pairs.push((name, raw));
        }
        Ok(pairs)
    }
}
