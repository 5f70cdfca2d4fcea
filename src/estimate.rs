mod afford;
mod benchmark;
mod charge;
mod complete;
mod convert;
mod feed;
mod measure;
mod options;
mod pass;
mod pipeline;
mod read;
mod text;
mod usage;
mod write;

pub use afford::{Affordance, Human};
pub use benchmark::{BenchmarkEstimate, BenchmarkRequest};
pub use options::{Conversions, EstimateOptions, OutputTokens};
pub use pipeline::{PipelineEstimate, PipelineStep};
pub(crate) use read::ids;
pub use text::{EditedText, TextLength};
pub use usage::Usage;

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::{
    Credits, Date, PriceBook, PricingError, Quantity, Timestamp, Unit, estimate::pass::Call, pricing_error::Fault,
};

/// An itemised cost, computed from a price book before or after the work.
///
/// Amounts are rounded up to the nano-credit, once per [`Line`] and once for the margin, never for the sum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Estimate {
    /// The lines' amounts and the margin.
    pub total: Credits,
    /// The least it can cost, margin included.
    pub low: Credits,
    /// The most it can cost, margin included; `None` when nothing bounds it.
    pub high: Option<Credits>,
    /// One line for each model and unit.
    pub lines: Vec<Line>,
    /// The margin as an amount; zero unless a rate was asked for.
    pub margin: Credits,
    /// Every conversion, guess and approximation, in words.
    pub assumptions: Vec<String>,
    /// Whether no number was converted, guessed or approximated. Then low, total and high are the same.
    pub exact: bool,
    /// The moment whose prices were used.
    pub at: Timestamp,
}

/// What one unit of one model costs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// The model's id.
    pub model: String,
    /// Whose model it is.
    pub supplier: String,
    /// What is counted.
    pub unit: Unit,
    /// How much of it is billed.
    pub quantity: Quantity,
    /// What `per` units cost, of the tier that applies.
    pub credits: Credits,
    /// For how many units.
    pub per: Quantity,
    /// `quantity × credits / per`, rounded up to the nano-credit.
    pub amount: Credits,
    /// From when the price row that was used is valid.
    pub valid_from: Option<Date>,
    /// Where that row's prices were read.
    pub source: Option<String>,
}

/// One model of a comparison.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Comparison {
    /// The model's id.
    pub model: String,
    /// What it costs, or why it cannot be said.
    pub outcome: Result<Estimate, PricingError>,
}

impl PriceBook {
    /// What one call to a model costs.
    ///
    /// # Errors
    /// `unknown_model`, `price_not_valid`, `unit_not_priced`, `usage_conflict`, `usage_missing`, `invalid_quantity`,
    /// `invalid_options` or `overflow`, with the path of the fault in the usage or in the options.
    pub fn estimate(&self, model: &str, usage: &Usage, options: &EstimateOptions) -> Result<Estimate, PricingError> {
        options.check()?;
        self.one(model, usage, options)
    }

    /// What the same call costs with each of several models. A model that cannot do it says why in its place.
    ///
    /// # Errors
    /// `invalid_options` when the options are at fault.
    pub fn compare(
        &self,
        models: &[impl AsRef<str>],
        usage: &Usage,
        options: &EstimateOptions,
    ) -> Result<Vec<Comparison>, PricingError> {
        options.check()?;
        let compare = |model: &str| Comparison { model: model.to_owned(), outcome: self.one(model, usage, options) };
        Ok(models.iter().map(|model| compare(model.as_ref())).collect())
    }

    fn one(&self, id: &str, usage: &Usage, options: &EstimateOptions) -> Result<Estimate, Fault> {
        let call = Call {
            model: self.row(id, options.at)?,
            usage: Some(usage),
            output: options.output_tokens.as_ref(),
            conversions: &options.conversions,
            rows: Quantity::from_whole(1),
        };
        call.charge()?.into_estimate(options, options.margin)
    }
}
