use serde::{Serialize, Serializer};

use crate::{Estimate, Line, price_book::rfc3339, wire::Value};

impl Line {
    /// The line as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::object([
            ("model", Some(Value::text(&self.model))),
            ("supplier", Some(Value::text(&self.supplier))),
            ("unit", Some(Value::text(self.unit.name()))),
            ("quantity", Some(Value::text(self.quantity))),
            ("credits", Some(Value::text(self.credits))),
            ("per", Some(Value::text(self.per))),
            ("amount", Some(Value::text(self.amount))),
            ("valid_from", self.valid_from.as_ref().map(Value::text)),
            ("source", self.source.as_ref().map(Value::text)),
        ])
    }
}

impl Estimate {
    /// The estimate as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::object([
            ("total", Some(Value::text(self.total))),
            ("low", Some(Value::text(self.low))),
            ("high", Some(self.high.map_or(Value::Null, Value::text))),
            ("lines", Some(Value::list(self.lines.iter().map(Line::to_value)))),
            ("margin", Some(Value::text(self.margin))),
            ("assumptions", Some(Value::list(self.assumptions.iter().map(Value::text)))),
            ("exact", Some(Value::Bool(self.exact))),
            ("at", Some(Value::Text(rfc3339(self.at)))),
        ])
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl Serialize for Estimate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}
