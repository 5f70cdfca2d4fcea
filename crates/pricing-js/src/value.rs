//! Values on their way across the boundary.

use js_sys::{Array, JsString, Object};
use scrip::{Quantity, Timestamp, wire::Value};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, prelude::*};

use crate::error;

const DEEPEST: u8 = 16;
/// UTF-16 units: 16 Mi.
const LONGEST_TEXT: u32 = 1 << 24;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = JsString)]
    type Words;
    // Browsers have it since 2023; in an older one a lone surrogate counts as U+FFFD.
    #[wasm_bindgen(method, catch, js_name = isWellFormed)]
    fn is_well_formed(this: &Words) -> Result<bool, JsValue>;
}

/// What a caller gave, as JSON could hold it: members that are undefined are left out, what JSON does not have becomes null, which
/// whoever reads the tree refuses where it stands. `code` is what text that is no Unicode is refused with.
///
/// By hand, because the general reader of serde-wasm-bindgen brings the printing of floats with it: 6 KB after compression.
pub(crate) fn read(value: &JsValue, code: &str) -> Result<Value, JsValue> {
    nested(value, code, DEEPEST, &mut String::new())
}

fn nested(value: &JsValue, code: &str, depth: u8, path: &mut String) -> Result<Value, JsValue> {
    if value.is_string() {
        return text(value.unchecked_ref())
            .map(Value::Text)
            .map_err(|why| error::object(code, &format!("{why} (at {path})"), Some(path)));
    }
    if let Some(number) = value.as_f64() {
        return Ok(Value::Number(Quantity::from_number(number)));
    }
    if let Some(truth) = value.as_bool() {
        return Ok(Value::Bool(truth));
    }
    let Some(depth) = depth.checked_sub(1).filter(|_| value.is_object()) else { return Ok(Value::Null) };
    let mut inside = |name: &str, value: &JsValue| {
        let outer = path.len();
        path.push('/');
        path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        let value = nested(value, code, depth, path)?;
        path.truncate(outer);
        Ok(value)
    };
    if let Some(list) = value.dyn_ref::<Array>() {
        let members = list.iter().enumerate().map(|(index, value)| inside(&index.to_string(), &value));
        return members.collect::<Result<_, _>>().map(Value::List);
    }
    let mut members = Vec::new();
    for member in Object::entries(value.unchecked_ref()).iter() {
        let member: &Array = member.unchecked_ref();
        let value = member.get(1);
        if !value.is_undefined() {
            let name = String::from(member.get(0).unchecked_ref::<JsString>());
            let value = inside(&name, &value)?;
            members.push((name.into(), value));
        }
    }
    Ok(Value::Object(members))
}

fn text(words: &JsString) -> Result<String, &'static str> {
    if words.length() > LONGEST_TEXT {
        return Err("text is longer than 16777216 UTF-16 units");
    }
    if !words.unchecked_ref::<Words>().is_well_formed().unwrap_or(true) {
        return Err("text holds a lone surrogate");
    }
    Ok(String::from(words))
}

/// A tree as plain objects, lists and texts.
pub(crate) fn write(value: &Value) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// A moment in milliseconds, as `Date` counts them. `path` is where the caller wrote it.
pub(crate) fn moment(millis: f64, path: Option<&str>) -> Result<Timestamp, JsValue> {
    #[expect(clippy::cast_possible_truncation, reason = "what does not survive the cast is refused")]
    let whole = millis as i64;
    #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "every moment of a Date is below 2⁵³")]
    let survives = whole as f64 == millis;
    match Timestamp::from_millis(whole) {
        Ok(at) if survives => Ok(at),
        _ => Err(error::object("invalid_options", "expected a valid Date or whole milliseconds since 1970", path)),
    }
}

/// A moment for a `Date`.
#[expect(clippy::cast_precision_loss, reason = "every moment of a Date is below 2⁵³")]
pub(crate) fn millis(at: Timestamp) -> f64 {
    at.as_millis() as f64
}
