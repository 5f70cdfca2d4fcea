//! Faults as JavaScript sees them: `{code, message}`, which `tokenizer.js` makes a `ScripError` of.

use std::fmt::Display;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

pub(crate) fn object(code: &str, message: &impl Display) -> JsValue {
    let object = Object::new();
    for (name, text) in [("code", code), ("message", &message.to_string())] {
        // Setting a member of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &text.into());
    }
    object.into()
}
