//! The embed's public description, read by `js_sys::Reflect` (serde would weigh more than everything else here).

use crate::prelude::*;
use js_sys::Array;
use scrip::Window;
use wasm_bindgen::JsValue;

use crate::js;

/// What `GET /v1/embeds/{emb}` tells.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The form, in order.
    pub(crate) fields: Vec<Field>,
    /// Runs a visitor has; `None`: unlimited, `Some(0)`: closed.
    pub(crate) limit: Option<u32>,
    /// How long a run stays away; `None`: for good.
    pub(crate) window: Option<Window>,
    /// What the owner says when the limit is reached.
    pub(crate) limit_message: String,
    /// Where the owner sends visitors then. Only `https:`.
    pub(crate) limit_url: Option<String>,
    /// The language the owner chose.
    pub(crate) locale: String,
}

/// One field of the form.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name in the submission.
    pub(crate) name: String,
    /// What kind of control it is; unknown kinds are drawn and read as text.
    pub(crate) kind: Kind,
    /// Whether a submission must have it.
    pub(crate) required: bool,
    /// The most characters (Unicode scalar values) it may have.
    pub(crate) max_length: Option<u32>,
}

/// The kinds of controls that are read differently.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// One or many lines, or a choice.
    Text,
    /// A number as it was typed.
    Number,
    /// Yes or no.
    Checkbox,
}

impl Config {
    /// Reads a config. What is missing has its contract's default; nothing here can fail.
    pub(crate) fn read(config: &JsValue) -> Self {
        let fields = js::get(&js::get(config, "pickaxe"), "fields");
        let fields = if Array::is_array(&fields) { Array::from(&fields) } else { Array::new() };
        Self {
            fields: fields.iter().map(|field| Field::read(&field)).collect(),
            limit: js::count(config, "prompt_runs_per_user"),
            window: js::count(config, "window_seconds").and_then(|seconds| Window::from_seconds(seconds.into()).ok()),
            limit_message: js::text(config, "limit_message").unwrap_or_default(),
            limit_url: js::text(config, "limit_url").filter(|url| url.starts_with("https://")),
            locale: js::text(config, "locale").unwrap_or_default(),
        }
    }
}

impl Field {
    fn read(field: &JsValue) -> Self {
        let kind = match js::text(field, "kind").as_deref() {
            Some("number") => Kind::Number,
            Some("checkbox") => Kind::Checkbox,
            _ => Kind::Text,
        };
        Self {
            name: js::text(field, "name").unwrap_or_default(),
            kind,
            required: js::get(field, "required").is_truthy(),
            max_length: js::count(field, "max_length"),
        }
    }
}
