//! A book as JSON text.

use alloc::string::String;

use crate::{
    Model, Price, PriceBook, Tier, Timestamp,
    price_book::{ENCODINGS, TASKS},
    wire::json::Json,
};

impl PriceBook {
    /// The book as JSON: [`from_json`](Self::from_json) reads the same book back.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::default();
        json.object(None, &|json| {
            json.number("version", &1);
            json.list(Some("models"), &|json| self.models.iter().for_each(|model| model.write(json)));
        });
        json.end()
    }

    /// The rows that are valid at `at` as a JSON list.
    #[must_use]
    pub fn models_to_json(&self, at: Timestamp) -> String {
        let mut json = Json::default();
        json.list(None, &|json| self.models(at).for_each(|model| model.write(json)));
        json.end()
    }
}

impl Model {
    /// The row as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::default();
        self.write(&mut json);
        json.end()
    }

    fn write(&self, json: &mut Json) {
        json.object(None, &|json| {
            json.text("id", &self.id);
            json.text("supplier", &self.supplier);
            json.text("name", &self.name);
            json.text("task", named(&TASKS, self.task));
            json.list(Some("prices"), &|json| self.prices.iter().for_each(|price| price.write(json)));
            if let Some(encoding) = self.tokenizer {
                json.text("tokenizer", named(&ENCODINGS, encoding));
            }
            if let Some(tokens) = &self.max_output_tokens {
                json.number("max_output_tokens", tokens);
            }
            let dates = [("valid_from", &self.valid_from), ("valid_to", &self.valid_to)];
            for (name, date) in dates {
                if let Some(date) = date {
                    json.text(name, date.as_str());
                }
            }
            if let Some(source) = &self.source {
                json.text("source", source);
            }
        });
    }
}

impl Price {
    fn write(&self, json: &mut Json) {
        json.object(None, &|json| {
            json.text("unit", self.unit.name());
            json.plain("credits", &self.credits);
            json.plain("per", &self.per);
            if let Some(minimum) = &self.minimum {
                json.plain("minimum", minimum);
            }
            if !self.tiers.is_empty() {
                json.list(Some("tiers"), &|json| self.tiers.iter().for_each(|tier| tier.write(json)));
            }
        });
    }
}

impl Tier {
    fn write(&self, json: &mut Json) {
        json.object(None, &|json| {
            json.plain("above", &self.above);
            json.plain("credits", &self.credits);
            if let Some(by) = self.by {
                json.text("by", by.name());
            }
        });
    }
}

fn named<T: PartialEq>(words: &[(&'static str, T)], meaning: T) -> &'static str {
    words.iter().find(|(_, other)| *other == meaning).map_or("", |(word, _)| word)
}
