//! The core's errors as JavaScript sees them: `{code, message, path}`, which `index.js` makes a `ScripError` of.

use js_sys::{Object, Reflect};
use scrip::{Error, PricingError};
use wasm_bindgen::prelude::*;

/// A fault with a place.
pub(crate) fn placed(fault: PricingError) -> JsValue {
    object(fault.code(), &fault.to_string(), Some(fault.path()))
}

/// A fault without one.
pub(crate) fn plain(error: Error) -> JsValue {
    object(error.code(), &error.to_string(), None)
}

pub(crate) fn object(code: &str, message: &str, path: Option<&str>) -> JsValue {
    let object = Object::new();
    for (name, text) in [("code", Some(code)), ("message", Some(message)), ("path", path)] {
        if let Some(text) = text {
            // Setting a member of a fresh plain object cannot fail.
            let _ = Reflect::set(&object, &name.into(), &text.into());
        }
    }
    object.into()
}
