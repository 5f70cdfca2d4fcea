//! The form of a pickaxe: its fields, and the values a visitor sends.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::problem::Fault;

const MAX_FIELDS: usize = 50;
const MAX_OPTIONS: usize = 200;
const MAX_TEXT: usize = 500;
const MAX_LENGTH: u32 = 100_000;
/// What a field without a length of its own takes.
const DEFAULT_LENGTH: u32 = 10_000;

/// How a field is filled in.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One line.
    #[default]
    Text,
    /// Several lines.
    Textarea,
    /// One of the options.
    Select,
    /// A decimal number.
    Number,
    /// Yes or no.
    Checkbox,
}

/// A field of the form.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What the prompt calls it: letters, digits, `_` and `-`.
    pub name: String,
    /// What the visitor reads; the name when it is empty.
    #[serde(default)]
    pub label: String,
    /// How it is filled in.
    #[serde(default)]
    pub kind: Kind,
    /// Whether it must be filled in (a checkbox: ticked).
    #[serde(default)]
    pub required: bool,
    /// A hint inside the empty field.
    #[serde(default)]
    pub placeholder: Option<String>,
    /// The most characters it takes.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100000)]
    pub max_length: Option<u32>,
    /// The choices of a `select`.
    #[serde(default)]
    pub options: Option<Vec<String>>,
}

impl Field {
    fn limit(&self) -> u32 {
        self.max_length.unwrap_or(DEFAULT_LENGTH)
    }

    /// The label, which is never empty.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }
}

/// Checks the fields of a pickaxe.
pub(super) fn check(fields: &[Field], faults: &mut Vec<Fault>) {
    if fields.len() > MAX_FIELDS {
        faults.push(Fault::at("/fields", format!("at most {MAX_FIELDS} fields")));
    }
    let mut seen = HashSet::new();
    for (place, field) in fields.iter().enumerate() {
        let mut fault =
            |member: &str, detail: &str| faults.push(Fault::at(format!("/fields/{place}/{member}"), detail));
        if !is_name(&field.name) {
            fault("name", "1 to 64 letters, digits, _ or -, a letter or _ first");
        }
        if !seen.insert(&field.name) {
            fault("name", "another field has this name");
        }
        if field.label.chars().count() > MAX_TEXT {
            fault("label", "at most 500 characters");
        }
        if field.placeholder.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
            fault("placeholder", "at most 500 characters");
        }
        if field.max_length.is_some_and(|length| !(1..=MAX_LENGTH).contains(&length)) {
            fault("max_length", "from 1 to 100000");
        }
        let options = field.options.as_deref().unwrap_or_default();
        match field.kind {
            Kind::Select if options.is_empty() => fault("options", "a select needs options"),
            Kind::Select if options.len() > MAX_OPTIONS => fault("options", "at most 200 options"),
            Kind::Select if options.iter().any(|option| option.is_empty() || option.chars().count() > MAX_TEXT) => {
                fault("options", "an option has 1 to 500 characters");
            }
            Kind::Select if options.iter().collect::<HashSet<_>>().len() < options.len() => {
                fault("options", "an option stands twice");
            }
            Kind::Select => {}
            _ if !options.is_empty() => fault("options", "only a select has options"),
            _ => {}
        }
    }
}

fn is_name(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    let rest = name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
    first && rest && name.len() <= 64
}

/// Checks the values a visitor sends and turns them into text for the prompt.
pub(super) fn read<'a>(
    fields: &'a [Field],
    values: &Map<String, Value>,
) -> Result<BTreeMap<&'a str, String>, Vec<Fault>> {
    let pointer = |name: &str| format!("/fields/{}", name.replace('~', "~0").replace('/', "~1"));
    let mut faults: Vec<Fault> = values
        .keys()
        .filter(|name| !fields.iter().any(|field| field.name == **name))
        .map(|name| Fault::at(pointer(name), "the form has no such field"))
        .collect();
    let mut texts = BTreeMap::new();
    for field in fields {
        let value = values.get(&field.name).unwrap_or(&Value::Null);
        match text(field, value) {
            Ok(text) => {
                texts.insert(field.name.as_str(), text);
            }
            Err(detail) => faults.push(Fault::at(pointer(&field.name), detail)),
        }
    }
    if faults.is_empty() { Ok(texts) } else { Err(faults) }
}

fn text(field: &Field, value: &Value) -> Result<String, String> {
    const REQUIRED: &str = "must be filled in";
    let text = match (field.kind, value) {
        (Kind::Checkbox, value) => return ticked(field, value),
        (_, Value::Null) => String::new(),
        (Kind::Number, Value::Number(number)) => number.to_string(),
        (_, Value::String(text)) => text.clone(),
        (Kind::Number, _) => return Err("expected a number".to_owned()),
        _ => return Err("expected text".to_owned()),
    };
    if text.trim().is_empty() {
        return if field.required { Err(REQUIRED.to_owned()) } else { Ok(String::new()) };
    }
    let length = text.chars().count();
    if length > usize::try_from(field.limit()).unwrap_or(usize::MAX) {
        return Err(format!("at most {} characters, these are {length}", field.limit()));
    }
    match field.kind {
        Kind::Select if !field.options.iter().flatten().any(|option| *option == text) => {
            Err("not one of the options".to_owned())
        }
        Kind::Number if !is_number(text.trim()) => Err("expected a number".to_owned()),
        Kind::Text if text.contains(['\n', '\r']) => Err("expected one line".to_owned()),
        _ => Ok(text),
    }
}

fn ticked(field: &Field, value: &Value) -> Result<String, String> {
    let ticked = match value {
        Value::Bool(ticked) => *ticked,
        Value::Null => false,
        Value::String(text) if matches!(text.as_str(), "true" | "on" | "yes") => true,
        Value::String(text) if matches!(text.as_str(), "false" | "off" | "no" | "") => false,
        _ => return Err("expected true or false".to_owned()),
    };
    if field.required && !ticked {
        return Err("must be ticked".to_owned());
    }
    Ok(if ticked { "yes" } else { "no" }.to_owned())
}

/// What `<input type=number>` gives: digits, one point, a sign, an exponent.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(json: Value) -> Field {
        serde_json::from_value(json).unwrap()
    }

    fn one(form: Value, value: Value) -> Result<String, String> {
        text(&field(form), &value)
    }

    #[test]
    fn each_kind_takes_its_own_form() {
        assert_eq!(one(json!({"name": "n", "kind": "number"}), json!(3.5)), Ok("3.5".to_owned()));
        assert_eq!(one(json!({"name": "n", "kind": "number"}), json!("-4")), Ok("-4".to_owned()));
        assert!(one(json!({"name": "n", "kind": "number"}), json!("four")).is_err());
        assert!(one(json!({"name": "n", "kind": "number"}), json!("inf")).is_err());
        assert_eq!(one(json!({"name": "c", "kind": "checkbox"}), json!(true)), Ok("yes".to_owned()));
        assert!(one(json!({"name": "c", "kind": "checkbox", "required": true}), Value::Null).is_err());
        assert!(one(json!({"name": "s", "kind": "select", "options": ["a"]}), json!("b")).is_err());
        assert!(one(json!({"name": "t"}), json!(1)).is_err());
        assert!(one(json!({"name": "t", "required": true}), json!("  ")).is_err());
    }

    #[test]
    fn length_counts_characters_and_exactly_the_limit_fits() {
        let form = json!({"name": "t", "max_length": 3});
        assert!(one(form.clone(), json!("äöü")).is_ok());
        assert!(one(form, json!("äöüx")).is_err());
    }

    #[test]
    fn a_value_for_no_field_is_pointed_at() {
        let values = json!({"a/b": "x"});
        let faults = read(&[], values.as_object().unwrap()).unwrap_err();
        assert_eq!(faults[0].pointer, "/fields/a~1b");
    }
}
