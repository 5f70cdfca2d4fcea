use crate::{
    Model, Price, Quantity, Tier,
    price_book::{ENCODINGS, TASKS},
    wire::{
        Value,
        write::{Object, shown},
    },
};

pub(super) fn book(models: &[Model]) -> Value {
    let version = Value::Number(Some(Quantity::from_whole(1)));
    Object::default().put("version", version).list("models", models, Model::to_value).end()
}

impl Model {
    /// The row as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let row = Object::default()
            .text("id", &self.id)
            .text("supplier", &self.supplier)
            .text("name", &self.name)
            .text("task", &named(&TASKS, self.task))
            .list("prices", &self.prices, price)
            .maybe("tokenizer", shown(&self.tokenizer.map(|encoding| named(&ENCODINGS, encoding))));
        let row = match self.max_output_tokens {
            Some(tokens) => row.put("max_output_tokens", Value::Number(Some(tokens))),
            None => row,
        };
        row.maybe("valid_from", shown(&self.valid_from))
            .maybe("valid_to", shown(&self.valid_to))
            .maybe("source", shown(&self.source))
            .end()
    }
}

fn price(price: &Price) -> Value {
    let row = Object::default()
        .text("unit", &price.unit.name())
        .text("credits", &price.credits)
        .text("per", &price.per)
        .maybe("minimum", shown(&price.minimum));
    if price.tiers.is_empty() { row.end() } else { row.list("tiers", &price.tiers, tier).end() }
}

fn tier(tier: &Tier) -> Value {
    Object::default()
        .text("above", &tier.above)
        .text("credits", &tier.credits)
        .maybe("by", shown(&tier.by.map(|by| by.name())))
        .end()
}

fn named<T: PartialEq>(words: &[(&'static str, T)], meaning: T) -> &'static str {
    words.iter().find(|(_, other)| *other == meaning).map_or("", |(word, _)| word)
}
