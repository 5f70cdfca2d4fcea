use crate::{
    Model, Price, Quantity, Tier,
    price_book::{ENCODINGS, TASKS},
    wire::Value,
};

pub(super) fn book(models: &[Model]) -> Value {
    Value::object([
        ("version", Some(Value::Number(Some(Quantity::from_whole(1))))),
        ("models", Some(Value::list(models.iter().map(Model::to_value)))),
    ])
}

impl Model {
    /// The row as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::object([
            ("id", Some(Value::text(&self.id))),
            ("supplier", Some(Value::text(&self.supplier))),
            ("name", Some(Value::text(&self.name))),
            ("task", Some(named(&TASKS, self.task))),
            ("prices", Some(Value::list(self.prices.iter().map(price)))),
            ("tokenizer", self.tokenizer.map(|encoding| named(&ENCODINGS, encoding))),
            ("max_output_tokens", self.max_output_tokens.map(|tokens| Value::Number(Some(tokens)))),
            ("valid_from", self.valid_from.as_ref().map(Value::text)),
            ("valid_to", self.valid_to.as_ref().map(Value::text)),
            ("source", self.source.as_ref().map(Value::text)),
        ])
    }
}

fn price(price: &Price) -> Value {
    Value::object([
        ("unit", Some(Value::text(price.unit.name()))),
        ("credits", Some(Value::text(price.credits))),
        ("per", Some(Value::text(price.per))),
        ("minimum", price.minimum.map(Value::text)),
        ("tiers", (!price.tiers.is_empty()).then(|| Value::list(price.tiers.iter().map(tier)))),
    ])
}

fn tier(tier: &Tier) -> Value {
    Value::object([
        ("above", Some(Value::text(tier.above))),
        ("credits", Some(Value::text(tier.credits))),
        ("by", tier.by.map(|by| Value::text(by.name()))),
    ])
}

fn named<T: PartialEq>(words: &[(&str, T)], meaning: T) -> Value {
    Value::text(words.iter().find(|(_, other)| *other == meaning).map_or("", |(word, _)| word))
}
