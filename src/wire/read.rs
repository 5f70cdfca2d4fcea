//! The small readers that books, usages and options are made of. A fault gains its path on the way out.

use crate::{
    Credits, Quantity,
    price_book::Date,
    pricing_error::{Fault, Kind},
    wire::Value,
};

/// An object whose members are taken one by one; whatever is left over at the end is unknown.
pub(crate) struct Members<'a> {
    members: &'a [(std::borrow::Cow<'static, str>, Value)],
    known: Vec<&'static str>,
}

impl<'a> Members<'a> {
    pub(crate) fn of(value: &'a Value, otherwise: Kind) -> Result<Self, Fault> {
        match value {
            Value::Object(members) => Ok(Self { members, known: Vec::new() }),
            _ => Err(Fault::new(otherwise, "expected an object")),
        }
    }

    /// A member that may be missing, read by `read`.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&'a Value) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        self.known.push(name);
        let member = self.members.iter().find(|(member, _)| member == name);
        member.map(|(_, value)| read(value).map_err(|fault| fault.under(name))).transpose()
    }

    /// A member that must be there.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        otherwise: Kind,
        read: impl FnOnce(&'a Value) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.optional(name, read)?.ok_or_else(|| Fault::new(otherwise, "this member is missing").under(name))
    }

    /// Refuses members that nobody asked for.
    pub(crate) fn end(self) -> Result<(), Fault> {
        match self.members.iter().find(|(name, _)| !self.known.iter().any(|known| known == name)) {
            Some((name, _)) => Err(Fault::new(Kind::UnknownField, "this member is not known here").under(name)),
            None => Ok(()),
        }
    }
}

/// A list, each entry read by `read`.
pub(crate) fn list<'a, T>(
    value: &'a Value,
    otherwise: Kind,
    read: impl Fn(&'a Value) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    match value {
        Value::List(values) => {
            values.iter().enumerate().map(|(index, value)| read(value).map_err(|fault| fault.at(index))).collect()
        }
        _ => Err(Fault::new(otherwise, "expected a list")),
    }
}

/// Text that is not empty.
pub(crate) fn name(value: &Value, otherwise: Kind) -> Result<String, Fault> {
    match value {
        Value::Text(text) if !text.is_empty() => Ok(text.clone()),
        _ => Err(Fault::new(otherwise, "expected text that is not empty")),
    }
}

/// A quantity: decimal text, or a number.
pub(crate) fn quantity(value: &Value) -> Result<Quantity, Fault> {
    match value {
        Value::Number(Some(number)) => Ok(*number),
        _ => decimal_text(value),
    }
}

/// A quantity as decimal text alone.
pub(crate) fn decimal_text(value: &Value) -> Result<Quantity, Fault> {
    match value {
        Value::Text(text) => text.parse(),
        _ => Err(Fault::quantity()),
    }
}

/// A rate as decimal text.
pub(crate) fn rate(value: &Value) -> Result<Quantity, Fault> {
    decimal_text(value).map_err(|fault| Fault { kind: Kind::InvalidDecimal, ..fault })
}

/// An amount of credits as decimal text.
pub(crate) fn credits(value: &Value) -> Result<Credits, Fault> {
    match value {
        Value::Text(text) => text.parse().map_err(Fault::from),
        _ => Err(Fault::from(crate::Error::InvalidDecimal)),
    }
}

/// One of a fixed set of words.
pub(crate) fn word<T: Copy>(value: &Value, words: &[(&str, T)], otherwise: Kind) -> Result<T, Fault> {
    let found = match value {
        Value::Text(text) => words.iter().find(|(word, _)| word == text),
        _ => None,
    };
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Fault::new(otherwise, format!("expected one of: {}", known.join(", ")))
    })
}

/// A date, with the text it was written in.
pub(crate) fn date(value: &Value, otherwise: Kind) -> Result<Date, Fault> {
    let date = match value {
        Value::Text(text) => Date::parse(text),
        _ => None,
    };
    date.ok_or_else(|| Fault::new(otherwise, "expected a date such as 2024-05-13 or 2024-05-13T08:00:00Z"))
}
