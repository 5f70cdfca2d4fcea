//! `{{name}}` in a prompt stands for the value of a field. Values are put in once and never read as a template themselves.

use std::collections::BTreeMap;

enum Part<'a> {
    Text(&'a str),
    Name(&'a str),
}

fn parts(mut rest: &str) -> impl Iterator<Item = Part<'_>> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some((text, after)) = rest.split_once("{{") else {
            return Some(Part::Text(std::mem::take(&mut rest)));
        };
        if !text.is_empty() {
            rest = rest.get(text.len()..).unwrap_or_default();
            return Some(Part::Text(text));
        }
        match after.split_once("}}") {
            Some((name, after)) => {
                rest = after;
                Some(Part::Name(name.trim()))
            }
            // Never closed: it is text.
            None => Some(Part::Text(std::mem::take(&mut rest))),
        }
    })
}

/// The names a template uses, or what is wrong with one.
pub fn names(template: &str) -> impl Iterator<Item = Result<&str, String>> {
    parts(template).filter_map(|part| match part {
        Part::Text(text) if text.starts_with("{{") => Some(Err("{{ without }}".to_owned())),
        Part::Text(_) => None,
        Part::Name("") => Some(Err("{{}} names no field".to_owned())),
        Part::Name(name) => Some(Ok(name)),
    })
}

/// The template with every name replaced by its value; a field without a value is empty.
#[must_use]
pub fn fill(template: &str, values: &BTreeMap<&str, String>) -> String {
    parts(template).fold(String::with_capacity(template.len()), |mut filled, part| {
        filled.push_str(match part {
            Part::Text(text) => text,
            Part::Name(name) => values.get(name).map_or("", String::as_str),
        });
        filled
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let values = BTreeMap::from([("a", "{{b}}".to_owned()), ("b", "secret".to_owned())]);
        assert_eq!(fill("x {{a}} {{ b }} y", &values), "x {{b}} secret y");
    }

    #[test]
    fn names_are_found_and_faults_said() {
        let found: Vec<_> = names("{{a}} and {{ b }} {{}} {{c").collect();
        assert_eq!(found[0], Ok("a"));
        assert_eq!(found[1], Ok("b"));
        assert!(found[2].is_err() && found[3].is_err());
    }
}
