//! The small readers that books, usages and options are made of. A fault gains its path on the way out.

use alloc::{string::String, vec::Vec};

use crate::{
    Credits, Quantity,
    price_book::Date,
    pricing_error::{Fault, Kind},
    wire::Value,
};

/// A member of an object, which may be missing.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    name: &'static str,
    value: Option<&'a Value<'a>>,
}

/// The members of an object by name; one that is not named here is refused, and one that stands twice.
pub(crate) fn object<'a, const N: usize>(
    value: &'a Value<'a>,
    names: [&'static str; N],
    otherwise: Kind,
) -> Result<[Member<'a>; N], Fault> {
    let mut members = names.map(|name| Member { name, value: None });
    sort(value, &mut members, otherwise)?;
    Ok(members)
}

fn sort<'a>(value: &'a Value<'a>, known: &mut [Member<'a>], otherwise: Kind) -> Result<(), Fault> {
    let Value::Object(members) = value else { return Err(Fault::new(otherwise, "expected an object")) };
    for (name, value) in members {
        let Some(member) = known.iter_mut().find(|member| member.name == name) else {
            return Err(Fault::new(Kind::UnknownField, "this member is not known here").under(name));
        };
        if member.value.replace(value).is_some() {
            return Err(Fault::new(otherwise, "this member stands twice").under(name));
        }
    }
    Ok(())
}

impl<'a> Member<'a> {
    /// What `read` makes of it, or nothing where it is missing.
    pub(crate) fn optional<T>(self, read: impl FnOnce(&'a Value<'a>) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
        self.value.map(read).transpose().map_err(|fault| fault.under(self.name))
    }

    /// What `read` makes of it; it must be there.
    pub(crate) fn required<T>(
        self,
        otherwise: Kind,
        read: impl FnOnce(&'a Value<'a>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let value = self.value.ok_or_else(|| Fault::new(otherwise, "this member is missing"));
        value.and_then(read).map_err(|fault| fault.under(self.name))
    }

    /// A quantity that may be missing.
    pub(crate) fn quantity(self) -> Result<Option<Quantity>, Fault> {
        self.optional(quantity)
    }

    /// Text that is not empty; it must be there.
    pub(crate) fn name(self, otherwise: Kind) -> Result<String, Fault> {
        self.required(otherwise, |value| name(value, otherwise))
    }

    /// An amount of credits; it must be there.
    pub(crate) fn credits(self, otherwise: Kind) -> Result<Credits, Fault> {
        self.required(otherwise, credits)
    }
}

/// A list, each entry read by `read`.
pub(crate) fn list<'a, T>(
    value: &'a Value<'a>,
    otherwise: Kind,
    read: impl Fn(&'a Value<'a>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let Value::List(values) = value else { return Err(Fault::new(otherwise, "expected a list")) };
    let mut read_values = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        read_values.push(read(value).map_err(|fault| fault.at(index))?);
    }
    Ok(read_values)
}

/// Text that is not empty.
pub(crate) fn name(value: &Value<'_>, otherwise: Kind) -> Result<String, Fault> {
    match value {
        Value::Text(text) if !text.is_empty() => Ok(String::from(text.as_ref())),
        _ => Err(Fault::new(otherwise, "expected text that is not empty")),
    }
}

/// A quantity: decimal text, or a number.
pub(crate) fn quantity(value: &Value<'_>) -> Result<Quantity, Fault> {
    match value {
        Value::Number(Some(number)) => Ok(*number),
        _ => decimal_text(value),
    }
}

/// A quantity as decimal text alone.
pub(crate) fn decimal_text(value: &Value<'_>) -> Result<Quantity, Fault> {
    match value {
        Value::Text(text) => text.parse(),
        _ => Err(Fault::quantity()),
    }
}

/// A rate as decimal text.
pub(crate) fn rate(value: &Value<'_>) -> Result<Quantity, Fault> {
    decimal_text(value).map_err(|fault| fault.coded(Kind::InvalidDecimal))
}

/// An amount of credits as decimal text.
pub(crate) fn credits(value: &Value<'_>) -> Result<Credits, Fault> {
    match value {
        Value::Text(text) => text.parse().map_err(Fault::from),
        _ => Err(Fault::from(crate::Error::InvalidDecimal)),
    }
}

/// One of a fixed set of words.
pub(crate) fn word<T: Copy>(value: &Value<'_>, words: &[(&str, T)], otherwise: Kind) -> Result<T, Fault> {
    let found = match value {
        Value::Text(text) => words.iter().find(|(word, _)| text == word),
        _ => None,
    };
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let mut known = String::from("expected one of:");
        for (word, _) in words {
            known.push(' ');
            known.push_str(word);
        }
        Fault::told(otherwise, known)
    })
}

/// A date, with the text it was written in.
pub(crate) fn date(value: &Value<'_>, otherwise: Kind) -> Result<Date, Fault> {
    let date = match value {
        Value::Text(text) => Date::parse(text),
        _ => None,
    };
    date.ok_or_else(|| Fault::new(otherwise, "expected a date such as 2024-05-13 or 2024-05-13T08:00:00Z"))
}
