//! A vocabulary and what it counts.

use std::cell::RefCell;
use std::sync::Arc;

use scrip_tokenizer::{Counter, Tokenizer, Vocabulary};
use wasm_bindgen::prelude::*;

use crate::error;
use crate::text::EditedText;

/// Token counts in one encoding.
#[wasm_bindgen]
pub struct Counts {
    vocabulary: Arc<Vocabulary>,
    tokenizer: RefCell<Tokenizer>,
}

#[wasm_bindgen]
impl Counts {
    /// Reads a vocabulary file.
    ///
    /// # Errors
    /// `vocabulary_invalid`.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Counts, JsValue> {
        let vocabulary = Vocabulary::read(file).map_err(|fault| error::object(fault.code(), &fault))?;
        Ok(Self { vocabulary: Arc::new(vocabulary), tokenizer: RefCell::default() })
    }

    /// The name of the encoding.
    #[must_use]
    pub fn encoding(&self) -> String {
        self.vocabulary.encoding().to_string()
    }

    /// The number of tokens of a text; lone surrogates have become U+FFFD on the way here.
    #[must_use]
    pub fn count(&self, text: &str) -> f64 {
        let count = match self.tokenizer.try_borrow_mut() {
            Ok(mut tokenizer) => tokenizer.count(&self.vocabulary, text),
            Err(_) => self.vocabulary.count(text),
        };
        count as f64
    }

    /// An empty text whose tokens are counted.
    #[must_use]
    pub fn text(&self) -> EditedText {
        EditedText::of(Counter::new(&self.vocabulary))
    }
}
