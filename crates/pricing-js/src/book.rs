use scrip::{
    Affordance, BenchmarkRequest, Comparison, Conversions, EstimateOptions, Model, PipelineStep, PriceBook, Usage,
    wire::{Value, model_ids},
};
use wasm_bindgen::prelude::*;

use crate::{
    error,
    value::{moment, read, write},
};

/// A price book.
#[wasm_bindgen]
pub struct Book(PriceBook);

#[wasm_bindgen]
impl Book {
    /// The built-in book. The browser parses its JSON: a parser of our own would weigh more than all prices.
    pub fn builtin() -> Result<Self, JsValue> {
        Self::parse(&js_sys::JSON::parse(PriceBook::BUILTIN_JSON)?)
    }

    /// A book from plain objects.
    pub fn parse(book: &JsValue) -> Result<Self, JsValue> {
        PriceBook::from_value(&read(book, "price_book_invalid")?).map(Self).map_err(error::placed)
    }

    /// The rows valid then.
    pub fn models(&self, at: f64) -> Result<JsValue, JsValue> {
        let models = self.0.models(moment(at, Some(""))?);
        write(&Value::List(models.map(Model::to_value).collect()))
    }

    /// One row valid then.
    pub fn model(&self, id: &str, at: f64) -> Result<JsValue, JsValue> {
        self.0.model(id, moment(at, Some(""))?).map_or(Ok(JsValue::UNDEFINED), |model| write(&model.to_value()))
    }

    /// What one call costs.
    pub fn estimate(&self, model: &str, usage: &JsValue, options: &JsValue, at: f64) -> Result<String, JsValue> {
        let usage = Usage::from_value(&read(usage, "invalid_text")?).map_err(error::placed)?;
        let estimate = self.0.estimate(model, &usage, &estimate_options(options, at)?).map_err(error::placed)?;
        Ok(estimate.to_json())
    }

    /// What a pipeline costs.
    pub fn pipeline(&self, steps: &JsValue, options: &JsValue, at: f64) -> Result<String, JsValue> {
        let steps = PipelineStep::list_from_value(&read(steps, "invalid_text")?).map_err(error::placed)?;
        let estimate = self.0.pipeline(&steps, &estimate_options(options, at)?).map_err(error::placed)?;
        Ok(estimate.to_json())
    }

    /// What a benchmark costs.
    pub fn benchmark(&self, request: &JsValue, options: &JsValue, at: f64) -> Result<String, JsValue> {
        let request = BenchmarkRequest::from_value(&read(request, "invalid_text")?).map_err(error::placed)?;
        let estimate = self.0.benchmark(&request, &estimate_options(options, at)?).map_err(error::placed)?;
        Ok(estimate.to_json())
    }

    /// What the same call costs with each of several models.
    pub fn compare(&self, models: &JsValue, usage: &JsValue, options: &JsValue, at: f64) -> Result<String, JsValue> {
        let models = model_ids(&read(models, "invalid_options")?).map_err(error::placed)?;
        let usage = Usage::from_value(&read(usage, "invalid_text")?).map_err(error::placed)?;
        let rows = self.0.compare(&models, &usage, &estimate_options(options, at)?).map_err(error::placed)?;
        Ok(Comparison::list_to_json(&rows))
    }

    /// What an amount buys of each unit alone.
    pub fn afford(&self, credits: &str, model: &str, options: &JsValue, at: f64) -> Result<String, JsValue> {
        let credits = credits.parse().map_err(|fault: scrip::Error| error::placed(fault.into()))?;
        let conversions = Conversions::from_options(&read(options, "invalid_options")?).map_err(error::placed)?;
        let at = moment(at, Some("/at"))?;
        let bought = self.0.afford(credits, model, at, &conversions).map_err(error::placed)?;
        Ok(Affordance::list_to_json(&bought))
    }

    /// The book as plain objects.
    #[wasm_bindgen(js_name = toJSON)]
    pub fn to_json(&self) -> Result<JsValue, JsValue> {
        write(&self.0.to_value())
    }
}

fn estimate_options(options: &JsValue, at: f64) -> Result<EstimateOptions, JsValue> {
    EstimateOptions::from_value(&read(options, "invalid_options")?, moment(at, Some("/at"))?).map_err(error::placed)
}
