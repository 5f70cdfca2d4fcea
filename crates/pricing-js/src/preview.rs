use alloc::{rc::Rc, string::String};

use scrip::{
    EditedText, Encoding, EstimateOptions, Model, PriceBook, PricingError, TextLength, Timestamp, Unit, Usage,
    wire::Value,
};
use wasm_bindgen::prelude::*;

use crate::{
    answer::{moment, placed},
    book::Book,
};

/// What a text costs while it is edited.
#[wasm_bindgen]
pub struct Live {
    book: Rc<PriceBook>,
    model: String,
    options: EstimateOptions,
    /// Counts the tokens, in a module of its own that holds the text as well; [`Live::measured`] tells what came out.
    encoding: Option<Encoding>,
    text: EditedText,
    length: TextLength,
}

#[wasm_bindgen]
impl Live {
    /// Without a model; `open` names it.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(book: &Book) -> Self {
        Self {
            book: Rc::clone(&book.0),
            model: String::new(),
            options: EstimateOptions::at(Timestamp::MIN),
            encoding: None,
            text: EditedText::default(),
            length: TextLength::EMPTY,
        }
    }

    /// Takes `{"model", "options", "encoding"}`.
    pub fn open(&mut self, args: &str, at: f64) -> String {
        placed(self.opened(args, at))
    }

    fn opened(&mut self, args: &str, at: f64) -> Result<String, PricingError> {
        let args = Value::parse(args)?;
        self.options = EstimateOptions::from_value(args.member("options"), Timestamp::MIN)?;
        self.model = String::from(args.member("model").text());
        self.encoding = Encoding::named(args.member("encoding").text());
        // What cannot be priced is said at once, not at the first word.
        self.length = TextLength { characters: 1, bytes: 1, ..self.counted(TextLength::EMPTY, 1) };
        self.priced(at)?;
        self.length = self.counted(TextLength::EMPTY, 0);
        Ok(String::new())
    }

    /// Replaces the text and answers its estimate.
    pub fn set(&mut self, text: &[u16], at: f64) -> String {
        let changed = self.text.set(text);
        placed(changed.and_then(|()| self.follow(at)))
    }

    /// Replaces code units and answers the estimate.
    pub fn edit(&mut self, start: f64, end: f64, inserted: &[u16], at: f64) -> String {
        let (Some(start), Some(end)) = (position(start), position(end)) else {
            return String::from("!invalid_edit\n\nexpected whole code units from 0");
        };
        let changed = self.text.edit(start, end, inserted);
        placed(changed.and_then(|()| self.follow(at)))
    }

    fn follow(&mut self, at: f64) -> Result<String, PricingError> {
        self.length = self.text.length();
        self.priced(at)
    }

    /// Takes over what the tokenizer's module counted and answers the estimate.
    pub fn measured(&mut self, characters: f64, bytes: f64, torn: bool, tokens: f64, at: f64) -> String {
        let length =
            TextLength { characters: characters as u64, bytes: bytes as u64, torn: u64::from(torn), tokens: None };
        self.length = self.counted(length, tokens as u64);
        placed(self.priced(at))
    }

    fn counted(&self, length: TextLength, tokens: u64) -> TextLength {
        TextLength { tokens: self.encoding.map(|encoding| (encoding, tokens)), ..length }
    }

    /// The estimate of the text as it is.
    #[must_use]
    pub fn estimate(&self, at: f64) -> String {
        placed(self.priced(at))
    }

    fn priced(&self, at: f64) -> Result<String, PricingError> {
        let at = moment(at).map_err(|error| PricingError::from(error).under("at"))?;
        let usage = Usage { text: Some(self.length), ..Usage::default() };
        let estimate = self.book.estimate(&self.model, &usage, &EstimateOptions { at, ..self.options.clone() })?;
        Ok(estimate.to_json())
    }

    /// Characters where the model prices these, else tokens; these are likely ones unless a tokenizer of the model counts.
    #[must_use]
    pub fn count(&self, at: f64) -> f64 {
        let model = moment(at).ok().and_then(|at| self.book.model(&self.model, at));
        let count = match (model, self.length.tokens) {
            (Some(model), _) if model.price(Unit::Character).is_some() => self.length.characters,
            (Some(Model { tokenizer: Some(_), .. }), Some((_, tokens))) => tokens,
            _ => self.likely_tokens(),
        };
        count as f64
    }

    fn likely_tokens(&self) -> u64 {
        let likely = self.length.likely_tokens(&self.options.conversions);
        likely.ok().and_then(|[_, likely, _]| likely.count()).unwrap_or(0)
    }
}

/// A whole position.
fn position(number: f64) -> Option<usize> {
    let whole = number as usize;
    (whole as f64 == number).then_some(whole)
}
