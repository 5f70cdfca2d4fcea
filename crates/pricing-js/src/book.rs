use alloc::{rc::Rc, string::String};

use scrip::{
    Affordance, BenchmarkRequest, Comparison, Conversions, Encoding, Error, EstimateOptions, PipelineStep, PriceBook,
    PricingError, Timestamp, Usage,
    wire::{Value, model_ids},
};
use wasm_bindgen::prelude::*;

use crate::answer::{moment, placed};

/// A price book.
#[wasm_bindgen]
#[derive(Default)]
pub struct Book(pub(crate) Rc<PriceBook>);

#[wasm_bindgen]
impl Book {
    /// A book without models; `load` makes it what it is to be.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Becomes the book in this text; the built-in one without.
    pub fn load(&mut self, json: Option<String>) -> String {
        let json = json.as_deref().unwrap_or(PriceBook::BUILTIN_JSON);
        placed(PriceBook::from_json(json).map(|book| {
            self.0 = Rc::new(book);
            String::new()
        }))
    }

    /// Answers one call of `PriceBook`: its arguments as members of an object, all but the time. With the usages comes what a
    /// tokenizer counted: `{"encoding", "counts": [number or null for each usage in turn]}`.
    #[must_use]
    pub fn ask(&self, call: &str, args: &str, at: f64) -> String {
        placed(Value::parse(args).and_then(|args| answer(&self.0, call, &args, moment(at))))
    }
}

fn answer(
    book: &PriceBook,
    call: &str,
    args: &Value<'_>,
    at: Result<Timestamp, Error>,
) -> Result<String, PricingError> {
    if call == "toJSON" {
        return Ok(book.to_json());
    }
    let at = at.map_err(|error| {
        let fault = PricingError::from(error);
        if matches!(call, "models" | "model") { fault } else { fault.under("at") }
    })?;
    let options = args.member("options");
    let model = args.member("model").text();
    match call {
        "models" => return Ok(book.models_to_json(at)),
        "model" => return Ok(book.model(model, at).map(scrip::Model::to_json).unwrap_or_default()),
        "afford" => {
            let credits = args.member("credits").text().parse()?;
            let conversions = Conversions::from_options(options)?;
            return Ok(Affordance::list_to_json(&book.afford(credits, model, at, &conversions)?));
        }
        _ => {}
    }
    let counts = Counts::of(args.member("tokens"));
    let usage = || Usage::from_value(args.member("usage")).map(|usage| counts.given(0, usage));
    let estimate_options = || EstimateOptions::from_value(options, at);
    match call {
        "pipeline" => {
            let mut steps = PipelineStep::list_from_value(args.member("steps"))?;
            for (index, step) in steps.iter_mut().enumerate() {
                step.usage = step.usage.map(|usage| counts.given(index, usage));
            }
            Ok(book.pipeline(&steps, &estimate_options()?)?.to_json())
        }
        "benchmark" => {
            let mut request = BenchmarkRequest::from_value(args.member("request"))?;
            request.per_row = counts.given(0, request.per_row);
            Ok(book.benchmark(&request, &estimate_options()?)?.to_json())
        }
        "compare" => {
            let models = model_ids(args.member("models"))?;
            Ok(Comparison::list_to_json(&book.compare(&models, &usage()?, &estimate_options()?)?))
        }
        _ => Ok(book.estimate(model, &usage()?, &estimate_options()?)?.to_json()),
    }
}

/// What a tokenizer counted beforehand: the tokens of each text.
struct Counts<'a>(Option<Encoding>, &'a Value<'a>);

impl<'a> Counts<'a> {
    fn of(tokens: &'a Value<'a>) -> Self {
        Self(Encoding::named(tokens.member("encoding").text()), tokens.member("counts"))
    }

    fn given(&self, index: usize, mut usage: Usage) -> Usage {
        let Value::List(counts) = self.1 else { return usage };
        if let (Some(encoding), Some(text), Some(Value::Number(Some(count)))) =
            (self.0, &mut usage.text, counts.get(index))
        {
            text.tokens = count.count().map(|count| (encoding, count));
        }
        usage
    }
}
