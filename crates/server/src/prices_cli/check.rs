//! Every fault of a price book, where reading it ends at the first.
//!
//! The rules stay the core's: a fault is noted, its place is mended or taken out, and the rest is read again.

use std::fmt;

use scrip::{PriceBook, PricingError};
use serde_json::{Map, Value, json};

/// What is wrong, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The stable code.
    pub code: &'static str,
    /// A JSON Pointer into the file.
    pub path: String,
    /// What was expected.
    pub detail: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(the whole book)" } else { &self.path };
        write!(f, "{}: {path}: {}", self.code, self.detail)
    }
}

/// All of them, in the order of the file: first of each row by itself, then of rows against each other.
#[must_use]
pub fn faults(text: &str) -> Vec<Fault> {
    let whole = PriceBook::from_json(text).err().map(|error| fault(&error, error.path().to_owned()));
    // What is no JSON has no parts to look at.
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return whole.into_iter().collect() };
    let rows = match document.get_mut("models") {
        Some(Value::Array(rows)) => std::mem::take(rows),
        _ => Vec::new(),
    };
    let mut found = of_frame(document);
    let mut sound = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        let faults = of_row(index, row.clone());
        if faults.is_empty() {
            sound.push((index, row));
        }
        found.extend(faults);
    }
    found.extend(between(sound));
    // Members that stand twice are seen in the text alone: a document keeps one of them.
    if found.is_empty() { whole.into_iter().collect() } else { found }
}

fn read(book: &Value) -> Result<(), PricingError> {
    PriceBook::from_json(&book.to_string()).map(|_| ())
}

fn fault(error: &PricingError, path: String) -> Fault {
    let detail = error.to_string();
    let place = format!(" (at {})", error.path());
    Fault { code: error.code(), path, detail: detail.strip_suffix(&place).unwrap_or(&detail).to_owned() }
}

/// The book without its rows.
fn of_frame(mut document: Value) -> Vec<Fault> {
    let mut found = Vec::new();
    while let Err(error) = read(&document) {
        found.push(fault(&error, error.path().to_owned()));
        let place = segments(error.path());
        let (Some(members), [name]) = (document.as_object_mut(), place.as_slice()) else { break };
        match name.as_str() {
            "version" => drop(members.insert(name.clone(), json!(1))),
            "models" => drop(members.insert(name.clone(), json!([]))),
            _ => drop(members.remove(name)),
        }
    }
    found
}

/// A row by itself.
fn of_row(index: usize, row: Value) -> Vec<Fault> {
    let mut found: Vec<Fault> = Vec::new();
    let mut row = Row::new(row);
    while let Err(error) = read(&json!({"version": 1, "models": [row.value]})) {
        let inside = segments(error.path().strip_prefix("/models/0").unwrap_or_default());
        let path = format!("/models/{index}{}", row.original(&inside));
        if found.iter().any(|before| before.path == path && before.code == error.code()) {
            break;
        }
        found.push(fault(&error, path));
        if !row.mend(&inside) {
            break;
        }
    }
    found
}

/// Rows that are sound by themselves, against each other.
fn between(mut rows: Vec<(usize, Value)>) -> Vec<Fault> {
    let mut found = Vec::new();
    loop {
        let models: Vec<&Value> = rows.iter().map(|(_, row)| row).collect();
        let Err(error) = read(&json!({"version": 1, "models": models})) else { break };
        let inside = segments(error.path());
        let place = inside.get(1).and_then(|index| index.parse::<usize>().ok()).filter(|index| *index < rows.len());
        let Some(place) = place else { break };
        let (index, _) = rows.remove(place);
        let rest = inside.iter().skip(2).map(|name| format!("/{name}")).collect::<String>();
        found.push(fault(&error, format!("/models/{index}{rest}")));
    }
    found.sort_by_key(|fault| segments(&fault.path).get(1).and_then(|index| index.parse::<usize>().ok()));
    found
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~")).collect()
}

/// A row being mended, and where its prices and tiers stood at first.
struct Row {
    value: Value,
    prices: Vec<(usize, Vec<usize>)>,
}

impl Row {
    fn new(value: Value) -> Self {
        let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let prices = list(value.get("prices"));
        let tiers = |price: &Value| (0..list(price.get("tiers")).len()).collect();
        let prices = prices.iter().enumerate().map(|(index, price)| (index, tiers(price))).collect();
        Self { value, prices }
    }

    /// The pointer of a place before anything was taken out.
    fn original(&self, inside: &[String]) -> String {
        let mut inside = inside.to_vec();
        let index = |name: Option<&String>| name.and_then(|name| name.parse::<usize>().ok());
        if inside.first().is_some_and(|name| name == "prices")
            && let Some((first, tiers)) = index(inside.get(1)).and_then(|price| self.prices.get(price))
        {
            let tier = index(inside.get(3)).and_then(|tier| tiers.get(tier));
            for (place, number) in [(1, Some(first)), (3, tier)] {
                if let (Some(name), Some(number)) = (inside.get_mut(place), number) {
                    *name = number.to_string();
                }
            }
        }
        inside.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect()
    }

    /// Takes the fault out, so that the next one can be seen; `false`: nothing is left to look at.
    fn mend(&mut self, inside: &[String]) -> bool {
        let Some(row) = self.value.as_object_mut() else { return false };
        let names: Vec<&str> = inside.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["prices", price, rest @ ..] => {
                let Ok(price) = price.parse() else { return false };
                mend_price(row, price, rest, &mut self.prices)
            }
            ["prices"] => put(row, "prices", any_price()),
            [name @ ("id" | "supplier" | "name")] => put(row, name, json!("-")),
            ["task"] => put(row, "task", json!("other")),
            [name] => row.remove(*name).is_some(),
            _ => false,
        }
    }
}

fn any_price() -> Value {
    json!([{"unit": "run", "credits": "1", "per": "1"}])
}

fn put(row: &mut Map<String, Value>, name: &str, value: Value) -> bool {
    row.insert(name.to_owned(), value);
    true
}

fn mend_price(
    row: &mut Map<String, Value>,
    index: usize,
    rest: &[&str],
    places: &mut Vec<(usize, Vec<usize>)>,
) -> bool {
    let Some(prices) = row.get_mut("prices").and_then(Value::as_array_mut) else { return false };
    let Some(price) = prices.get_mut(index) else { return false };
    match (price.as_object_mut(), rest) {
        (Some(price), ["tiers", tier, ..]) => {
            let tiers = price.get_mut("tiers").and_then(Value::as_array_mut);
            let (Some(tiers), Ok(tier)) = (tiers, tier.parse::<usize>()) else { return false };
            let known = places.get_mut(index).filter(|(_, tiers)| tier < tiers.len());
            let Some((_, known)) = known.filter(|_| tier < tiers.len()) else { return false };
            known.remove(tier);
            tiers.remove(tier);
        }
        (Some(price), [name @ ("credits" | "per")]) => return put(price, name, json!("1")),
        (Some(price), [name]) if *name != "unit" => return price.remove(*name).is_some(),
        _ => {
            prices.remove(index);
            if index < places.len() {
                places.remove(index);
            }
            if prices.is_empty() {
                return put(row, "prices", any_price());
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(book: &Value) -> Vec<(String, &'static str)> {
        faults(&book.to_string()).into_iter().map(|fault| (fault.path, fault.code)).collect()
    }

    fn row(changes: Value) -> Value {
        let mut row = json!({"id": "a", "supplier": "s", "name": "n", "task": "other", "prices": any_price()});
        for (name, value) in changes.as_object().unwrap() {
            row[name] = value.clone();
        }
        row
    }

    #[test]
    fn a_sound_book_has_no_fault_and_what_is_no_json_has_one() {
        assert_eq!(faults(PriceBook::BUILTIN_JSON), []);
        for text in ["", "{", r#"{"version":1,"version":1,"models":[]}"#] {
            assert_eq!(faults(text).len(), 1, "{text}");
        }
        assert_eq!(said(&json!([])), [(String::new(), "price_book_invalid")]);
    }

    #[test]
    fn every_fault_is_said_at_the_place_where_it_stands() {
        let invalid = "price_book_invalid";
        let prices = json!([
            {"unit": "word", "credits": "1", "per": "1"},
            {"unit": "run", "credits": "-1", "per": "0", "minimum": "0.5", "colour": "red", "tiers": [
                {"above": "2", "credits": "NaN"}, {"above": "1", "credits": "1"}, {"above": "1", "credits": "1"}]},
            {"unit": "run", "credits": "1", "per": "1"},
            5,
        ]);
        let book = json!({"version": 2, "extra": 1, "models": [
            row(json!({"id": "", "task": "sing", "prices": prices, "max_output_tokens": 0, "valid_from": "2023-02-29"})),
            row(json!({"prices": []})),
            7,
            row(json!({"id": "b", "valid_to": "2025-01-01"})),
            row(json!({"id": "b", "valid_from": "2025-01-02", "valid_to": "2025-01-03"})),
            row(json!({"id": "b", "valid_from": "2024-12-31"})),
            row(json!({"id": "c"})),
            row(json!({"id": "c"})),
        ]});
        let mut found: Vec<String> = said(&book)
            .into_iter()
            .map(|(path, code)| {
                assert_eq!(code, invalid, "{path}");
                path
            })
            .collect();
        found.sort();
        let mut expected = vec![
            "/extra",
            "/version",
            "/models/0/id",
            "/models/0/task",
            "/models/0/valid_from",
            "/models/0/max_output_tokens",
            "/models/0/prices/0/unit",
            "/models/0/prices/1/credits",
            "/models/0/prices/1/per",
            "/models/0/prices/1/minimum",
            "/models/0/prices/1/colour",
            "/models/0/prices/1/tiers/0/credits",
            "/models/0/prices/1/tiers/2/above",
            "/models/0/prices/2/unit",
            "/models/0/prices/3",
            "/models/1/prices",
            "/models/2",
            "/models/4/valid_from",
            "/models/5/valid_from",
            "/models/7/id",
        ];
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
}
