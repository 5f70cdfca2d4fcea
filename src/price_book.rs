mod check;
mod date;
mod model;
mod read;
mod unit;
mod write;

use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::sync::LazyLock;

pub use date::Date;
pub(crate) use date::{moment, rfc3339};
pub(crate) use model::{ENCODINGS, TASKS};
pub use model::{Encoding, Model, Price, Task, Tier, TierBy};
pub(crate) use unit::UNITS;
pub use unit::Unit;

use crate::{
    PricingError, Timestamp,
    pricing_error::{Fault, Kind},
    said::said,
    wire::Value,
};

/// The catalogue of models and their suppliers' prices.
///
/// Every book that exists is whole: the prices of a model count each unit once and are *per* a positive quantity, tiers
/// ascend, and rows with the same id follow each other in time without gap or overlap.
///
/// ```
/// use scrip::{EstimateOptions, PriceBook, Timestamp, Usage};
/// let book = PriceBook::builtin();
/// let now = Timestamp::from_millis(1_700_000_000_000)?;
/// let usage = Usage { characters: Some("2500".parse()?), ..Usage::default() };
/// let estimate = book.estimate("azure/translate", &usage, &EstimateOptions::at(now))?;
/// assert_eq!(estimate.total.to_string(), "0.025");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PriceBook {
    models: Vec<Model>,
    /// Places in `models`, by id and then by validity.
    order: Vec<usize>,
}

impl PriceBook {
    /// The built-in book as JSON, for programs that bring their own JSON reader.
    pub const BUILTIN_JSON: &'static str = include_str!("price_book/builtin.json");

    /// The book that comes with this crate.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<PriceBook> = LazyLock::new(|| {
            // A test reads the file; a program never sees it fail.
            PriceBook::from_json(PriceBook::BUILTIN_JSON).unwrap_or_default()
        });
        &BUILTIN
    }

    /// A book of these rows.
    ///
    /// # Errors
    /// `price_book_invalid` with the path of the first fault.
    pub fn new(models: Vec<Model>) -> Result<Self, PricingError> {
        Self::checked(models).map_err(|fault| fault.under("models").coded(Kind::PriceBookInvalid))
    }

    /// Reads a book from JSON. Members that stand twice are refused, like everything else that is not as documented.
    ///
    /// # Errors
    /// `price_book_invalid` with the path of the first fault.
    pub fn from_json(json: &str) -> Result<Self, PricingError> {
        Self::from_value(&Value::parse(json).map_err(|fault| fault.coded(Kind::PriceBookInvalid))?)
    }

    /// Reads a book from a tree.
    ///
    /// # Errors
    /// `price_book_invalid` with the path of the first fault.
    pub fn from_value(value: &Value<'_>) -> Result<Self, PricingError> {
        Self::new(read::models(value).map_err(|fault| fault.coded(Kind::PriceBookInvalid))?)
    }

    /// Every row, in the order of the book.
    #[must_use]
    pub fn rows(&self) -> &[Model] {
        &self.models
    }

    /// The rows that are valid at `at`, in the order of the book.
    pub fn models(&self, at: Timestamp) -> impl Iterator<Item = &Model> {
        self.models.iter().filter(move |model| model.is_valid_at(at))
    }

    /// The row of a model that is valid at `at`.
    #[must_use]
    pub fn model(&self, id: &str, at: Timestamp) -> Option<&Model> {
        self.row(id, at).ok()
    }

    /// The same, saying why there is none.
    pub(crate) fn row(&self, id: &str, at: Timestamp) -> Result<&Model, Fault> {
        let mut history = self.history(id).peekable();
        if history.peek().is_none() {
            return Err(Fault::told(Kind::UnknownModel, said(&[&"the price book has no model \"", &id, &"\""])));
        }
        history.find(|model| model.is_valid_at(at)).ok_or_else(|| {
            let detail = said(&[&"the price book has no price of \"", &id, &"\" at ", &rfc3339(at)]);
            Fault::told(Kind::PriceNotValid, detail).settled("at")
        })
    }

    /// The rows of one id, oldest first.
    fn history(&self, id: &str) -> impl Iterator<Item = &Model> {
        let place = |index: &usize| self.models.get(*index);
        let start = self.order.partition_point(|index| place(index).is_some_and(|model| model.id.as_str() < id));
        self.order.get(start..).unwrap_or_default().iter().filter_map(place).take_while(move |model| model.id == id)
    }
}
