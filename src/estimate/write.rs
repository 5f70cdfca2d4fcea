//! Answers as JSON text.

use alloc::string::String;

use crate::{
    Affordance, BenchmarkEstimate, Comparison, Estimate, Human, Line, PipelineEstimate, price_book::rfc3339,
    said::said, wire::json::Json,
};

impl Estimate {
    /// The estimate as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        text(&|json| json.object(None, &|json| self.write(json)))
    }

    fn write(&self, json: &mut Json) {
        json.plain("total", &self.total);
        json.plain("low", &self.low);
        match &self.high {
            Some(high) => json.plain("high", high),
            None => json.word("high", "null"),
        }
        json.list(Some("lines"), &|json| {
            for line in &self.lines {
                json.object(None, &|json| line.write(json));
            }
        });
        json.plain("margin", &self.margin);
        json.list(Some("assumptions"), &|json| {
            for words in &self.assumptions {
                json.entry(words);
            }
        });
        json.word("exact", if self.exact { "true" } else { "false" });
        json.plain("at", &rfc3339(self.at));
    }
}

impl Line {
    fn write(&self, json: &mut Json) {
        json.text("model", &self.model);
        json.text("supplier", &self.supplier);
        json.text("unit", self.unit.name());
        json.plain("quantity", &self.quantity);
        json.plain("credits", &self.credits);
        json.plain("per", &self.per);
        json.plain("amount", &self.amount);
        if let Some(from) = &self.valid_from {
            json.text("valid_from", from.as_str());
        }
        if let Some(source) = &self.source {
            json.text("source", source);
        }
    }
}

impl PipelineEstimate {
    /// The estimate as JSON: the whole, and `steps`.
    #[must_use]
    pub fn to_json(&self) -> String {
        text(&|json| {
            json.object(None, &|json| {
                self.estimate.write(json);
                json.list(Some("steps"), &|json| {
                    for step in &self.steps {
                        json.object(None, &|json| step.write(json));
                    }
                });
            });
        })
    }
}

impl BenchmarkEstimate {
    /// The estimate as JSON: the whole, and `by_model`.
    #[must_use]
    pub fn to_json(&self) -> String {
        text(&|json| {
            json.object(None, &|json| {
                self.estimate.write(json);
                json.list(Some("by_model"), &|json| {
                    for (model, total) in &self.by_model {
                        json.object(None, &|json| {
                            json.text("model", model);
                            json.plain("total", total);
                        });
                    }
                });
            });
        })
    }
}

impl Comparison {
    /// What [`compare`](crate::PriceBook::compare) found as JSON: each with its `estimate` or its `error`.
    #[must_use]
    pub fn list_to_json(rows: &[Self]) -> String {
        text(&|json| {
            json.list(None, &|json| {
                for row in rows {
                    json.object(None, &|json| row.write(json));
                }
            });
        })
    }

    fn write(&self, json: &mut Json) {
        json.text("model", &self.model);
        match &self.outcome {
            Ok(estimate) => json.object(Some("estimate"), &|json| estimate.write(json)),
            Err(fault) => json.object(Some("error"), &|json| {
                json.text("code", fault.code());
                json.text("message", &said(&[fault]));
            }),
        }
    }
}

impl Affordance {
    /// What [`afford`](crate::PriceBook::afford) found as JSON.
    #[must_use]
    pub fn list_to_json(bought: &[Self]) -> String {
        text(&|json| {
            json.list(None, &|json| {
                for one in bought {
                    json.object(None, &|json| one.write(json));
                }
            });
        })
    }

    fn write(&self, json: &mut Json) {
        json.text("model", &self.model);
        json.text("unit", self.unit.name());
        json.plain("quantity", &self.quantity);
        match &self.human {
            Some((unit, quantity)) => json.object(Some("human"), &|json| {
                json.text("unit", unit.name());
                json.plain("quantity", quantity);
            }),
            None => json.word("human", "null"),
        }
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

fn text(write: &dyn Fn(&mut Json)) -> String {
    let mut json = Json::default();
    write(&mut json);
    json.end()
}
