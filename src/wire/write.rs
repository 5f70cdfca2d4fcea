use core::fmt::Display;
use std::borrow::Cow;

use crate::wire::Value;

/// An object as it is written, member by member.
#[derive(Default)]
pub(crate) struct Object(Vec<(Cow<'static, str>, Value)>);

impl Object {
    pub(crate) fn put(mut self, name: &'static str, value: Value) -> Self {
        self.0.push((Cow::Borrowed(name), value));
        self
    }

    pub(crate) fn text(self, name: &'static str, text: &dyn Display) -> Self {
        self.put(name, Value::Text(text.to_string()))
    }

    /// Nothing where there is nothing.
    pub(crate) fn maybe(self, name: &'static str, text: Option<&dyn Display>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    pub(crate) fn list<T>(self, name: &'static str, entries: &[T], write: impl Fn(&T) -> Value) -> Self {
        self.put(name, Value::List(entries.iter().map(write).collect()))
    }

    pub(crate) fn end(self) -> Value {
        Value::Object(self.0)
    }
}

/// An optional value as something that can be written.
pub(crate) fn shown<T: Display>(value: &Option<T>) -> Option<&dyn Display> {
    value.as_ref().map(|value| value as &dyn Display)
}
