//! What a submission is: the form's values, checked by the embed's rules.

use crate::prelude::*;
use wasm_bindgen::JsValue;

use crate::config::{Config, Field, Kind};
use crate::js;

/// Why a field cannot be sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// Required, and empty or blank.
    Missing,
    /// Longer than allowed, by so many characters.
    TooLong(u32),
    /// Not a number.
    NotANumber,
}

impl Fault {
    /// Plain words for the visitor.
    pub(crate) fn explain(self, kind: Kind) -> String {
        match (self, kind) {
            (Self::Missing, Kind::Checkbox) => "Please tick this box.".into(),
            (Self::Missing, _) => "Please fill this in.".into(),
            (Self::NotANumber, _) => "Please enter a number.".into(),
            (Self::TooLong(by), _) => {
                js::concat(&["Too long by ", &by.to_string(), if by == 1 { " character." } else { " characters." }])
            }
        }
    }
}

/// The values of a form that may be sent.
#[derive(Clone, Debug)]
pub(crate) struct Submission {
    /// By name, for the page and for the request.
    pub(crate) fields: JsValue,
}

/// Checks what was typed. Empty optional fields are left out.
///
/// # Errors
/// The faults, each with the place of its field.
pub(crate) fn check(
    config: &Config,
    typed: &JsValue,
    is_bad_number: impl Fn(usize) -> bool,
) -> Result<Submission, Vec<(usize, Fault)>> {
    let fields = js::object(&[]);
    let mut faults = Vec::new();
    for (place, field) in config.fields.iter().enumerate() {
        let value = js::get(typed, &field.name);
        let text = match field.kind {
            Kind::Checkbox if value.is_truthy() => "true".into(),
            Kind::Checkbox => String::new(),
            Kind::Number | Kind::Text => value.as_string().unwrap_or_default(),
        };
        let bad = field.kind == Kind::Number && is_bad_number(place);
        if let Some(fault) = fault(field, &text, bad) {
            faults.push((place, fault));
        } else if field.kind == Kind::Checkbox || !text.is_empty() {
            js::set(&fields, &field.name, &value);
        }
    }
    if faults.is_empty() { Ok(Submission { fields }) } else { Err(faults) }
}

/// How many characters are left, once fewer than a fifth are; negative beyond the limit.
pub(crate) fn nearly_full(field: &Field, text: &str) -> Option<i64> {
    let limit = i64::from(field.max_length?);
    let left = limit - i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    (left <= limit / 5).then_some(left)
}

fn fault(field: &Field, text: &str, bad_number: bool) -> Option<Fault> {
    if bad_number {
        return Some(Fault::NotANumber);
    }
    if field.required && text.trim().is_empty() {
        return Some(Fault::Missing);
    }
    let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    field.max_length.and_then(|limit| characters.checked_sub(limit)).filter(|over| *over > 0).map(Fault::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(required: bool, max_length: Option<u32>) -> Field {
        Field { name: "topic".into(), kind: Kind::Text, required, max_length }
    }

    #[test]
    fn a_required_field_of_blanks_is_missing() {
        assert_eq!(fault(&field(true, None), " \n\t", false), Some(Fault::Missing));
        assert_eq!(fault(&field(true, None), "x", false), None);
        assert_eq!(fault(&field(false, None), "", false), None);
    }

    #[test]
    fn characters_are_unicode_scalar_values() {
        assert_eq!(fault(&field(false, Some(2)), "🦀🦀", false), None);
        assert_eq!(fault(&field(false, Some(2)), "🦀🦀🦀", false), Some(Fault::TooLong(1)));
    }

    #[test]
    fn a_text_exactly_at_its_limit_is_accepted() {
        assert_eq!(fault(&field(true, Some(3)), "abc", false), None);
        assert_eq!(fault(&field(true, Some(3)), "abcd", false), Some(Fault::TooLong(1)));
    }

    #[test]
    fn what_the_browser_could_not_read_as_a_number_is_no_number() {
        let number = Field { kind: Kind::Number, ..field(false, None) };
        assert_eq!(fault(&number, "", true), Some(Fault::NotANumber));
    }

    #[test]
    fn the_counter_shows_itself_in_the_last_fifth() {
        let ten = field(false, Some(10));
        assert_eq!(nearly_full(&ten, "1234567"), None);
        assert_eq!(nearly_full(&ten, "12345678"), Some(2));
        assert_eq!(nearly_full(&ten, "12345678901"), Some(-1));
        assert_eq!(nearly_full(&field(false, None), "1234567890"), None);
    }
}
