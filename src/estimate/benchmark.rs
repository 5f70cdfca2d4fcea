use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::{
    Credits, Estimate, EstimateOptions, PriceBook, PricingError, Quantity, Usage,
    estimate::pass::{Call, Charged},
    pricing_error::{Fault, Kind},
};

/// Several models, each over every row of a data set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BenchmarkRequest {
    /// The models' ids.
    pub models: Vec<String>,
    /// How many rows there are.
    pub rows: Quantity,
    /// What each row uses.
    pub per_row: Usage,
}

/// What a benchmark costs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BenchmarkEstimate {
    /// The whole, one line for each model and unit.
    pub estimate: Estimate,
    /// Each model's part of it, before the margin.
    pub by_model: Vec<(String, Credits)>,
}

impl PriceBook {
    /// What it costs to run every model over every row: `rows × per_row`, rounded up once per line.
    ///
    /// # Errors
    /// As [`estimate`](Self::estimate), with the path of the fault in the request.
    pub fn benchmark(
        &self,
        request: &BenchmarkRequest,
        options: &EstimateOptions,
    ) -> Result<BenchmarkEstimate, PricingError> {
        options.check()?;
        if !request.rows.is_whole() {
            return Err(Fault::new(Kind::InvalidQuantity, "rows are counted in whole numbers").under("rows"));
        }
        let mut whole = Charged::nothing();
        let mut by_model = Vec::new();
        for (index, id) in request.models.iter().enumerate() {
            let model = self.row(id, options.at).map_err(|fault| fault.at(index).under("models"))?;
            let call = Call {
                model,
                usage: Some(&request.per_row),
                output: options.output_tokens.as_ref(),
                conversions: &options.conversions,
                rows: request.rows,
            };
            let charged = call.charge().map_err(|fault| fault.under("per_row"))?;
            whole.add(&charged)?;
            for words in charged.assumptions {
                if !whole.assumptions.contains(&words) {
                    whole.assumptions.push(words);
                }
            }
            by_model.push((id.clone(), charged.sum));
        }
        whole
            .assumptions
            .push("Real runs round each row up to the nano-credit; here each line is rounded once.".to_owned());
        Ok(BenchmarkEstimate { estimate: whole.into_estimate(options, options.margin)?, by_model })
    }
}
