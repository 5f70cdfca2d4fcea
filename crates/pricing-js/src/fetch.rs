use gloo_net::http::Request;
use js_sys::JSON;
use wasm_bindgen::prelude::*;

use crate::{book::Book, error};

/// Loads the book that a server charges by (`GET /v1/price-book`).
///
/// # Errors
/// `price_book_invalid` when it cannot be had or is none.
#[wasm_bindgen(js_name = fetchBook)]
pub async fn fetch_book(url: String) -> Result<Book, JsValue> {
    let unavailable = |why: String| {
        error::object("price_book_invalid", &format!("the price book at {url} cannot be loaded: {why}"), Some(""))
    };
    let answer = Request::get(&url).send().await.map_err(|fault| unavailable(fault.to_string()))?;
    if !answer.ok() {
        return Err(unavailable(format!("HTTP {}", answer.status())));
    }
    let text = answer.text().await.map_err(|fault| unavailable(fault.to_string()))?;
    Book::parse(&JSON::parse(&text).map_err(|_| unavailable("it is not JSON".to_owned()))?)
}
