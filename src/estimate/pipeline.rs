use alloc::{string::String, vec::Vec};

use crate::{
    Estimate, EstimateOptions, OutputTokens, PriceBook, PricingError, Quantity, Usage,
    estimate::pass::{Call, Charged, Feed},
    pricing_error::Fault,
    said::said,
};

/// One model of a pipeline.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PipelineStep {
    /// Its id.
    pub model: String,
    /// What it works on; `None`: what the step before gives.
    pub usage: Option<Usage>,
    /// How long its answer will be, where neither the usage nor a fact says so.
    pub output_tokens: Option<OutputTokens>,
}

/// What a pipeline costs: the sum of its steps, and a margin on the sum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PipelineEstimate {
    /// The whole.
    pub estimate: Estimate,
    /// Each step by itself, without margin.
    pub steps: Vec<Estimate>,
}

impl PriceBook {
    /// What a pipeline costs whose steps feed each other through the conversions of the options.
    ///
    /// # Errors
    /// As [`estimate`](Self::estimate), with the path of the fault in the steps; `usage_missing` for a step that has neither
    /// a usage nor a step before it whose output is known.
    pub fn pipeline(
        &self,
        steps: &[PipelineStep],
        options: &EstimateOptions,
    ) -> Result<PipelineEstimate, PricingError> {
        options.check()?;
        let mut whole = Charged::nothing();
        let mut estimates = Vec::new();
        let mut fed = Feed::default();
        for (index, step) in steps.iter().enumerate() {
            let charged;
            (charged, fed) = self.step(step, &fed, options).map_err(|fault| fault.at(index))?;
            whole.add(&charged)?;
            let number = index.saturating_add(1) as u64;
            let assumptions = charged.assumptions.iter().map(|words| said(&[&"Step ", &number, &": ", words]));
            whole.assumptions.extend(assumptions);
            estimates.push(charged.into_estimate(options, Quantity::ZERO)?);
        }
        Ok(PipelineEstimate { estimate: whole.into_estimate(options, options.margin)?, steps: estimates })
    }

    fn step(&self, step: &PipelineStep, before: &Feed, options: &EstimateOptions) -> Result<(Charged, Feed), Fault> {
        if let Some(output) = &step.output_tokens {
            output.check().map_err(|fault| fault.under("output_tokens"))?;
        }
        let call = Call {
            model: self.row(&step.model, options.at).map_err(|fault| fault.under("model"))?,
            usage: step.usage.as_ref(),
            output: step.output_tokens.as_ref().or(options.output_tokens.as_ref()),
            conversions: &options.conversions,
            rows: Quantity::from_whole(1),
        };
        call.step(before, true).map_err(|fault| if step.usage.is_some() { fault.under("usage") } else { fault })
    }
}
