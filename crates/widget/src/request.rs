//! Requests to the server.

use crate::prelude::*;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::error::Problem;
use crate::{browser, js};

#[wasm_bindgen]
extern "C" {
    /// `AbortController`.
    #[derive(Clone)]
    pub(crate) type AbortController;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> AbortController;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> AbortSignal;
    #[wasm_bindgen(method)]
    pub(crate) fn abort(this: &AbortController);

    /// `AbortSignal`.
    pub(crate) type AbortSignal;

    /// `Response`.
    #[derive(Clone)]
    pub(crate) type Response;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Response) -> u16;
    #[wasm_bindgen(method)]
    fn text(this: &Response) -> Promise;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Response) -> Headers;

    type Headers;
    #[wasm_bindgen(method)]
    fn get(this: &Headers, name: &str) -> Option<String>;
}

/// No reply came, or it broke off: whether the server acted is unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost;

/// What is sent.
#[derive(Debug, Default)]
pub(crate) struct Call<'a> {
    /// The address.
    pub(crate) url: &'a str,
    /// The visitor's token.
    pub(crate) token: Option<&'a str>,
    /// The idempotency key.
    pub(crate) key: Option<&'a str>,
    /// The last event seen of the stream that is asked for.
    pub(crate) last_event: Option<&'a str>,
    /// A JSON body, which makes it a POST.
    pub(crate) body: Option<&'a str>,
}

/// Sends a request.
pub(crate) async fn send(call: Call<'_>, abort: &AbortController) -> Result<Response, Lost> {
    let reply = browser::send(call.url, call.token, call.key, call.last_event, call.body, &abort.signal());
    Ok(reply.await.map_err(|_| Lost)?.unchecked_into())
}

/// The JSON of a reply.
pub(crate) async fn json(response: &Response) -> Result<JsValue, Lost> {
    let text = response.text().await.map_err(|_| Lost)?;
    text.as_string().and_then(|text| js::parse(&text)).ok_or(Lost)
}

/// The problem of a reply that is none of success. A body that is no problem object leaves the code empty.
pub(crate) async fn problem(response: &Response) -> Problem {
    let retry_after = response.headers().get("retry-after").and_then(|seconds| js::number(&seconds)?.try_into().ok());
    Problem::read(json(response).await.unwrap_or(JsValue::UNDEFINED), retry_after)
}
