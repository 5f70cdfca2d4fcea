//! What a browser can do: `js/browser.js`, typed. One import there costs a fraction of the same calls made one by one here.

use crate::prelude::*;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

use crate::request::{AbortSignal, Response};

#[wasm_bindgen(module = "/js/browser.js")]
extern "C" {
    pub(crate) fn load(key: &str) -> Option<String>;
    pub(crate) fn save(key: &str, text: &str);
    pub(crate) fn forget(key: &str);
    pub(crate) fn keys(start: &str) -> String;
    pub(crate) fn lock(name: &str, if_available: bool) -> Promise;
    #[wasm_bindgen(js_name = releaseAll)]
    pub(crate) fn release_all();
    pub(crate) fn send(
        url: &str,
        token: Option<&str>,
        key: Option<&str>,
        last_event: Option<&str>,
        body: Option<&str>,
        signal: &AbortSignal,
    ) -> Promise;
    pub(crate) fn texts(response: &Response) -> JsValue;
    #[wasm_bindgen(js_name = claimedCap)]
    pub(crate) fn claimed_cap(token: &str) -> Option<f64>;
    pub(crate) fn write(root: &ShadowRoot, id: &str, text: &str);
    pub(crate) fn show(root: &ShadowRoot, id: &str, shown: bool);
    pub(crate) fn mark(root: &ShadowRoot, id: &str, name: &str, value: Option<&str>);
    pub(crate) fn date(root: &ShadowRoot, id: &str, before: &str, millis: f64, language: &str);
    pub(crate) fn focus(root: &ShadowRoot, id: &str);
    pub(crate) fn value(root: &ShadowRoot, id: &str) -> String;
    #[wasm_bindgen(js_name = isBadNumber)]
    pub(crate) fn is_bad_number(root: &ShadowRoot, id: &str) -> bool;
    pub(crate) fn copy(root: &ShadowRoot, id: &str) -> Promise;
    pub(crate) fn emit(host: &HtmlElement, name: &str, detail: &JsValue) -> bool;
    pub(crate) fn language(host: &HtmlElement) -> Option<String>;
    #[wasm_bindgen(js_name = isOnline)]
    pub(crate) fn is_online() -> bool;
    #[wasm_bindgen(js_name = isHidden)]
    pub(crate) fn is_hidden() -> bool;
}
