//! The JavaScript API of the core. Every export parses its arguments, makes one call to the core and converts the answer;
//! `index.js` of the package gives it names, types and `ScripError`.
#![deny(unsafe_code)]

mod allowance;
mod book;
mod error;
mod fetch;
// The allocator of the widget, which says why: the standard one weighs 2.4 KB more after compression.
#[cfg(target_arch = "wasm32")]
#[path = "../../widget/src/heap.rs"]
mod heap;
mod value;

pub use allowance::Rolling;
pub use book::Book;
pub use fetch::fetch_book;
use scrip::Credits;
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: heap::Heap = heap::Heap::new();

/// An amount of credits in its canonical form.
///
/// # Errors
/// `invalid_decimal` or `overflow`.
#[wasm_bindgen]
pub fn amount(text: &str) -> Result<String, JsValue> {
    text.parse::<Credits>().map(|amount| amount.to_string()).map_err(error::plain)
}
