use serde::{Serialize, Serializer};

use crate::{
    Affordance, BenchmarkEstimate, Comparison, Credits, Estimate, Human, Line, PipelineEstimate,
    price_book::rfc3339,
    wire::{
        Value,
        write::{Object, shown},
    },
};

impl Line {
    /// The line as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Object::default()
            .text("model", &self.model)
            .text("supplier", &self.supplier)
            .text("unit", &self.unit.name())
            .text("quantity", &self.quantity)
            .text("credits", &self.credits)
            .text("per", &self.per)
            .text("amount", &self.amount)
            .maybe("valid_from", shown(&self.valid_from))
            .maybe("source", shown(&self.source))
            .end()
    }
}

impl Estimate {
    /// The estimate as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.members().end()
    }

    fn members(&self) -> Object {
        Object::default()
            .text("total", &self.total)
            .text("low", &self.low)
            .put("high", self.high.map_or(Value::Null, |high| Value::Text(high.to_string())))
            .list("lines", &self.lines, Line::to_value)
            .text("margin", &self.margin)
            .list("assumptions", &self.assumptions, |words| Value::Text(words.clone()))
            .put("exact", Value::Bool(self.exact))
            .text("at", &rfc3339(self.at))
    }
}

impl PipelineEstimate {
    /// The estimate as a tree: the whole, and `steps`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.estimate.members().list("steps", &self.steps, Estimate::to_value).end()
    }
}

impl BenchmarkEstimate {
    /// The estimate as a tree: the whole, and `by_model`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let part =
            |(model, total): &(String, Credits)| Object::default().text("model", model).text("total", total).end();
        self.estimate.members().list("by_model", &self.by_model, part).end()
    }
}

impl Affordance {
    /// The affordance as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let human = self.human.map_or(Value::Null, |(unit, quantity)| {
            Object::default().text("unit", &unit.name()).text("quantity", &quantity).end()
        });
        Object::default()
            .text("model", &self.model)
            .text("unit", &self.unit.name())
            .text("quantity", &self.quantity)
            .put("human", human)
            .end()
    }
}

impl Human {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Minute => "minute",
            Self::Token => "token",
            Self::Image => "image",
        }
    }
}

impl Comparison {
    /// The comparison as a tree: `estimate` or `error`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let row = Object::default().text("model", &self.model);
        match &self.outcome {
            Ok(estimate) => row.put("estimate", estimate.to_value()).end(),
            Err(fault) => {
                let error = Object::default().text("code", &fault.code()).text("message", fault);
                row.put("error", error.end()).end()
            }
        }
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
