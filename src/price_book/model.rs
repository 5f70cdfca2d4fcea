use alloc::{string::String, vec::Vec};

use crate::{
    Credits, Quantity, Timestamp,
    price_book::{Date, Unit},
};

/// One row of a price book: a supplier's model with its prices, as long as they are valid.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Model {
    /// How callers name it, such as `openai/gpt-4`. Rows with the same id are its price history.
    pub id: String,
    /// Whose model it is.
    pub supplier: String,
    /// Its name for people.
    pub name: String,
    /// What it does.
    pub task: Task,
    /// What it costs, each unit once.
    pub prices: Vec<Price>,
    /// How its tokens are counted, where that is public.
    pub tokenizer: Option<Encoding>,
    /// The longest answer it can give.
    pub max_output_tokens: Option<Quantity>,
    /// From when the row is valid, inclusive; `None`: always was.
    pub valid_from: Option<Date>,
    /// Until when the row is valid, exclusive; `None`: until further notice.
    pub valid_to: Option<Date>,
    /// Where the prices were read.
    pub source: Option<String>,
}

impl Model {
    /// Whether the row's prices are valid at `at`.
    #[must_use]
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.valid_from.as_ref().is_none_or(|from| from.at() <= at)
            && self.valid_to.as_ref().is_none_or(|to| at < to.at())
    }

    /// The price of a unit.
    #[must_use]
    pub fn price(&self, unit: Unit) -> Option<&Price> {
        self.prices.iter().find(|price| price.unit == unit)
    }
}

/// What a model does.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Task {
    Generate,
    Translate,
    Transcribe,
    Speak,
    Image,
    Embed,
    Other,
}

pub(crate) const TASKS: [(&str, Task); 7] = [
    ("generate", Task::Generate),
    ("translate", Task::Translate),
    ("transcribe", Task::Transcribe),
    ("speak", Task::Speak),
    ("image", Task::Image),
    ("embed", Task::Embed),
    ("other", Task::Other),
];

/// A public way of cutting text into tokens.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the encodings")]
pub enum Encoding {
    O200kBase,
    Cl100kBase,
}

pub(crate) const ENCODINGS: [(&str, Encoding); 2] =
    [("o200k_base", Encoding::O200kBase), ("cl100k_base", Encoding::Cl100kBase)];

impl Encoding {
    /// The encoding of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ENCODINGS.iter().find(|(other, _)| *other == name).map(|(_, encoding)| *encoding)
    }
}

/// `credits` for every `per` units: 0.024 credits for 60 seconds stay exact.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Price {
    /// What is counted.
    pub unit: Unit,
    /// What `per` units cost below the first tier.
    pub credits: Credits,
    /// For how many units; never zero.
    pub per: Quantity,
    /// The smallest quantity that is billed.
    pub minimum: Option<Quantity>,
    /// Other prices for larger quantities. The *whole* quantity is priced at the last tier it is strictly above.
    pub tiers: Vec<Tier>,
}

/// Another price for a whole quantity above a bound.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tier {
    /// The bound, exclusive.
    pub above: Quantity,
    /// What `per` units cost then.
    pub credits: Credits,
    /// Which quantity is compared with the bound; `None`: that of the price's own unit.
    pub by: Option<TierBy>,
}

/// Which quantity chooses a tier.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TierBy {
    /// That of one unit.
    Unit(Unit),
    /// Input, cached input and cache-write tokens together.
    InputTotal,
}

impl TierBy {
    /// Whether a quantity of `unit` is part of what is compared.
    #[must_use]
    pub fn counts(self, unit: Unit) -> bool {
        match self {
            Self::Unit(own) => own == unit,
            Self::InputTotal => unit.is_input(),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unit(unit) => unit.name(),
            Self::InputTotal => "input_total",
        }
    }
}
