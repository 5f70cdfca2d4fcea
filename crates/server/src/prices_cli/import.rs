//! What every source has in common: rows, and what a book cannot say, by name.

use std::{collections::BTreeSet, fmt};

use anyhow::Context;
use scrip::{Credits, Model, Price, PriceBook, Quantity, Tier, TierBy, Unit};
use wildmatch::WildMatch;

use super::decimal::{Exact, scaled};

/// Something of the source that is not in the book.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// The model's id.
    pub model: String,
    /// The source's name of it; `None`: the whole model.
    pub field: Option<String>,
    /// Why.
    pub why: &'static str,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.as_deref().unwrap_or("the whole model");
        write!(f, "{}: {field}: {}", self.model, self.why)
    }
}

/// What came out of a source.
#[derive(Debug, Default)]
pub struct Imported {
    /// The rows, in any order.
    pub rows: Vec<Model>,
    /// What they do not say.
    pub left_out: Vec<LeftOut>,
}

/// A price of the source: for how many units, and above which bounds another one.
pub(super) struct Found {
    pub(super) unit: Unit,
    pub(super) per: u32,
    pub(super) base: Exact,
    /// Bounds on all tokens of the prompt, ascending.
    pub(super) tiers: Vec<(Quantity, Exact)>,
}

impl Found {
    /// The same in a book's words; `None` where these are not exact.
    pub(super) fn price(&self) -> Option<Price> {
        let all: Vec<Exact> = std::iter::once(self.base).chain(self.tiers.iter().map(|(_, price)| *price)).collect();
        let (credits, per) = scaled(&all, self.per)?;
        let (base, above): (&Credits, &[Credits]) = credits.split_first()?;
        let tiers = self.tiers.iter().zip(above);
        let tiers =
            tiers.map(|((bound, _), credits)| Tier { above: *bound, credits: *credits, by: Some(TierBy::InputTotal) });
        Some(Price { unit: self.unit, credits: *base, per, minimum: None, tiers: tiers.collect() })
    }
}

/// What is said of a price that a book cannot hold exactly.
pub(super) const INEXACT: &str = "has more digits than a book can say exactly";

/// What is said of a second price for one unit.
pub(super) const TAKEN: &str = "the book's unit has a price already";

impl Imported {
    /// Notes what is missing.
    pub(super) fn leave_out(&mut self, model: &str, field: Option<&str>, why: &'static str) {
        self.left_out.push(LeftOut { model: model.to_owned(), field: field.map(str::to_owned), why });
    }

    /// Only the models whose id is like one of the patterns (`*` stands for anything); no pattern: all.
    ///
    /// # Errors
    /// When a pattern is like none.
    pub fn only(mut self, patterns: &[String]) -> anyhow::Result<Self> {
        if patterns.is_empty() {
            return Ok(self);
        }
        let wild: Vec<WildMatch> = patterns.iter().map(|pattern| WildMatch::new(pattern)).collect();
        for (pattern, text) in wild.iter().zip(patterns) {
            let found = self.rows.iter().any(|row| pattern.matches(&row.id))
                || self.left_out.iter().any(|left_out| pattern.matches(&left_out.model));
            anyhow::ensure!(found, "no model's id is like {text}");
        }
        let asked = |id: &str| wild.iter().any(|pattern| pattern.matches(id));
        self.rows.retain(|row| asked(&row.id));
        self.left_out.retain(|left_out| asked(&left_out.model));
        Ok(self)
    }

    /// The book, in the order of ids and dates whatever the order of the source.
    ///
    /// # Errors
    /// When the rows contradict each other.
    pub fn book(&self) -> anyhow::Result<PriceBook> {
        let mut rows = self.rows.clone();
        rows.sort_by_cached_key(|row| (row.id.clone(), row.valid_from.as_ref().map(scrip::Date::at)));
        PriceBook::new(rows).context("the source contradicts itself")
    }

    /// How much there is and how much is missing, in a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let suppliers: BTreeSet<&str> = self.rows.iter().map(|row| row.supplier.as_str()).collect();
        let models: BTreeSet<&str> = self.rows.iter().map(|row| row.id.as_str()).collect();
        let whole = self.left_out.iter().filter(|left_out| left_out.field.is_none()).count();
        format!(
            "{} models in {} rows of {} suppliers; left out, each named above: {whole} models and {} prices of others",
            models.len(),
            self.rows.len(),
            suppliers.len(),
            self.left_out.len().saturating_sub(whole),
        )
    }
}
