//! A page's own Rust on top of the core, for those who write their front end in Rust. Build it, serve the repository's root by any
//! static server, open the page:
//!
//! ```sh
//! wasm-pack build --target web examples/rust-page
//! python3 -m http.server          # then http://localhost:8000/examples/rust-page/
//! ```
//!
//! `gloo-net` fetches, `serde-wasm-bindgen` reads a form and makes the answer, `rust_decimal` rounds what is shown. The npm package
//! does without them because there a kilobyte counts more than comfort.
#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, clippy::indexing_slicing))]

mod answer;
mod error;
mod form;

use gloo_net::http::Request;
use js_sys::Date;
use scrip::{EstimateOptions, PriceBook, Timestamp};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::answer::Answer;
use crate::error::{Failure, Result};
use crate::form::Form;

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Quotes from one price book.
#[wasm_bindgen]
pub struct Quote(PriceBook);

#[wasm_bindgen]
impl Quote {
    /// Fetches the price book at `url`: `/v1/price-book` of a server, or a file such as the package's `price-book.json`.
    ///
    /// # Errors
    /// `price_book_unavailable` when there is none to be had, `price_book_invalid` with the path of the first fault in it.
    pub async fn load(url: String) -> Result<Quote> {
        let response = Request::get(&url).send().await.map_err(|error| Failure::unavailable(&url, &error))?;
        if !response.ok() {
            return Err(Failure::unavailable(&url, &format_args!("status {}", response.status())));
        }
        let json = response.text().await.map_err(|error| Failure::unavailable(&url, &error))?;
        Ok(Self(PriceBook::from_json(&json)?))
    }

    /// What `{model, characters? | minutes? | text?, margin?}` costs by today's prices:
    /// `{total, low, high, exact, lines, dollars}`, every amount as decimal text.
    ///
    /// # Errors
    /// The core's, with the path of the member at fault; `invalid_options` when the form is none.
    pub fn quote(&self, form: JsValue) -> Result<JsValue> {
        let form: Form = serde_wasm_bindgen::from_value(form)?;
        // A Date's milliseconds are whole, and below 2⁵³.
        let now = Timestamp::from_millis(Date::now() as i64).map_err(scrip::PricingError::from)?;
        let options = EstimateOptions { margin: form.margin()?, ..EstimateOptions::at(now) };
        let estimate = self.0.estimate(&form.model, &form.usage()?, &options)?;
        // JSON's shapes: null and not undefined where nothing bounds the cost.
        Ok(Answer::from(&estimate).serialize(&Serializer::json_compatible())?)
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
