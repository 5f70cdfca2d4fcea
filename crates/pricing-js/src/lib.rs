//! The JavaScript API of the core. Every export parses its arguments, makes one call to the core and converts the answer;
//! `index.js` of the package gives it names, types and `ScripError`.
#![deny(unsafe_code)]

mod allowance;
mod book;
mod error;
mod fetch;
mod value;

pub use allowance::Rolling;
pub use book::Book;
pub use fetch::fetch_book;
use scrip::Credits;
use wasm_bindgen::prelude::*;

/// An amount of credits in its canonical form.
///
/// # Errors
/// `invalid_decimal` or `overflow`.
#[wasm_bindgen]
pub fn amount(text: &str) -> Result<String, JsValue> {
    text.parse::<Credits>().map(|amount| amount.to_string()).map_err(error::plain)
}
