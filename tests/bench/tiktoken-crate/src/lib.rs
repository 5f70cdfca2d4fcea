//! Counts tokens with the crate `tiktoken`.

use wasm_bindgen::prelude::*;

/// The number of tokens of a text.
#[wasm_bindgen]
pub fn count(encoding: &str, text: &str) -> usize {
    tiktoken::get_encoding(encoding).map_or(0, |one| one.count(text))
}
