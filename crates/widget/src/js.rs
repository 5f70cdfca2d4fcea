//! Reading and making plain JavaScript objects.

use crate::prelude::*;
use js_sys::{JSON, Object, Reflect};
use scrip::Timestamp;
use wasm_bindgen::prelude::*;

use crate::clock;

#[wasm_bindgen]
extern "C" {
    /// `JSON.stringify`, whose answer for `undefined` is not a string.
    #[wasm_bindgen(js_namespace = JSON, js_name = stringify, catch)]
    fn json_stringify(value: &JsValue) -> Result<Option<String>, JsValue>;
}

/// A member of an object; `undefined` when there is none.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is a string.
pub(crate) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// A member that is a whole number of `u32`.
pub(crate) fn count(object: &JsValue, name: &str) -> Option<u32> {
    // The cast saturates; a count that large is as good as the largest.
    get(object, name).as_f64().map(|number| number as u32)
}

/// A member that is an RFC 3339 time.
pub(crate) fn time(object: &JsValue, name: &str) -> Option<Timestamp> {
    text(object, name).and_then(|text| clock::timestamp(js_sys::Date::parse(&text)))
}

/// Sets a member of a plain object.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Only a frozen object or a proxy refuses, and every object set here was made here or parsed from JSON.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A plain object of the given members.
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = JsValue::from(Object::new());
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

/// Text as JSON; `None` when it is none.
pub(crate) fn parse(text: &str) -> Option<JsValue> {
    JSON::parse(text).ok()
}

/// A value as JSON text; empty for what has none.
pub(crate) fn stringify(value: &JsValue) -> String {
    json_stringify(value).ok().flatten().unwrap_or_default()
}

/// Texts put together, without the weight of `format!`.
pub(crate) fn concat(parts: &[&str]) -> String {
    parts.concat()
}

/// A whole number as it is written here: digits, maybe a minus in front. The standard library's own reader is compiled anew for each type.
pub(crate) fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number = 0_i64;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(if digits.len() < text.len() { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_and_everything_else_is_none() {
        for number_read in [0, 7, -7, 8_640_000_000_000_000, -8_640_000_000_000_000, 999_999_999_999_999_999] {
            assert_eq!(number(&number_read.to_string()), Some(number_read));
        }
        for text in ["", "-", "+1", " 1", "1.5", "1e3", "--1", "1000000000000000000", "\u{661}"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
