//! Failures as JavaScript sees them: an `Error` with `code` and `path`.

use std::fmt::Display;

use js_sys::{Error, Reflect};
use scrip::PricingError;
use wasm_bindgen::JsValue;

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Why there is no book or no quote.
#[derive(Debug)]
pub struct Failure {
    code: &'static str,
    path: String,
    message: String,
}

impl Failure {
    pub(crate) fn unavailable(url: &str, why: &dyn Display) -> Self {
        let message = format!("no price book at {url}: {why}");
        Self { code: "price_book_unavailable", path: String::new(), message }
    }
}

impl From<PricingError> for Failure {
    fn from(error: PricingError) -> Self {
        Self { code: error.code(), path: error.path().to_owned(), message: error.message() }
    }
}

impl From<serde_wasm_bindgen::Error> for Failure {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self { code: "invalid_options", path: String::new(), message: error.to_string() }
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        let error = Error::new(&failure.message);
        for (name, text) in [("code", failure.code), ("path", &failure.path)] {
            // Setting a member of a fresh error cannot fail.
            let _ = Reflect::set(&error, &name.into(), &text.into());
        }
        error.into()
    }
}
