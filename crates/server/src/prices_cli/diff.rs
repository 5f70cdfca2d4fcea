//! What changed from one book to another.

use std::collections::{BTreeMap, BTreeSet};

use scrip::{Credits, Model, Price, PriceBook, Quantity, Tier};
use serde_json::Value;

use super::decimal::greatest_common_divisor;

type History<'a> = BTreeMap<Option<scrip::Timestamp>, &'a Model>;

/// A line for each model that came or went and for each thing of a model that changed. A price that is written otherwise
/// but is the same number is the same; where it was read (`source`) is not looked at.
#[must_use]
pub fn differences(one: &PriceBook, other: &PriceBook) -> Vec<String> {
    let (one, other) = (histories(one), histories(other));
    let ids: BTreeSet<&str> = one.keys().chain(other.keys()).copied().collect();
    let mut lines = Vec::new();
    for id in ids {
        match (one.get(id), other.get(id)) {
            (None, Some(history)) => lines.push(format!("+ {id}{}", told(history))),
            (Some(history), None) => lines.push(format!("- {id}{}", told(history))),
            (Some(one), Some(other)) => changes(id, one, other, &mut lines),
            (None, None) => {}
        }
    }
    lines
}

fn histories(book: &PriceBook) -> BTreeMap<&str, History<'_>> {
    let mut histories: BTreeMap<&str, History<'_>> = BTreeMap::new();
    for row in book.rows() {
        let from = row.valid_from.as_ref().map(scrip::Date::at);
        histories.entry(&row.id).or_default().insert(from, row);
    }
    histories
}

/// The newest prices.
fn told(history: &History<'_>) -> String {
    history.values().next_back().map_or_else(String::new, |row| format!(": {}", prices(row)))
}

fn prices(row: &Model) -> String {
    let all: Vec<String> = row.prices.iter().map(|price| format!("{} {}", price.unit.name(), shown(price))).collect();
    all.join("; ")
}

fn changes(id: &str, one: &History<'_>, other: &History<'_>, lines: &mut Vec<String>) {
    let starts: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    for start in starts {
        match (one.get(start), other.get(start)) {
            (Some(one), Some(other)) => row_changes(&named(id, one), one, other, lines),
            (Some(row), None) => lines.push(format!("~ {}: no longer: {}", named(id, row), prices(row))),
            (None, Some(row)) => lines.push(format!("~ {}: new: {}", named(id, row), prices(row))),
            (None, None) => {}
        }
    }
}

/// A row of a history is named with its date.
fn named(id: &str, row: &Model) -> String {
    row.valid_from.as_ref().map_or_else(|| id.to_owned(), |from| format!("{id} from {from}"))
}

fn row_changes(name: &str, one: &Model, other: &Model, lines: &mut Vec<String>) {
    for price in &one.prices {
        let unit = price.unit.name();
        match other.price(price.unit) {
            None => lines.push(format!("~ {name}: {unit} {} → no price", shown(price))),
            Some(now) if same(price, now) => {}
            Some(now) => lines.push(format!("~ {name}: {unit} {} → {}", shown(price), shown(now))),
        }
    }
    for price in other.prices.iter().filter(|price| one.price(price.unit).is_none()) {
        lines.push(format!("~ {name}: {} no price → {}", price.unit.name(), shown(price)));
    }
    let (before, after) = (words(one), words(other));
    let members: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for member in members {
        let (before, after) = (before.get(member), after.get(member));
        if before != after {
            let shown = |text: Option<&String>| text.map_or("nothing", String::as_str).to_owned();
            lines.push(format!("~ {name}: {member} {} → {}", shown(before), shown(after)));
        }
    }
}

/// Everything about a row that is no price.
fn words(row: &Model) -> BTreeMap<String, String> {
    let members: BTreeMap<String, Value> = serde_json::from_str(&row.to_json()).unwrap_or_default();
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let looked_at = |name: &str| !["id", "prices", "valid_from", "source"].contains(&name);
    members.into_iter().filter(|(name, _)| looked_at(name)).map(|(name, value)| (name, text(value))).collect()
}

fn shown(price: &Price) -> String {
    let mut text = format!("{} per {}", price.credits, price.per);
    for tier in &price.tiers {
        let by = tier.by.map_or("", |by| by_name(price, by));
        text.push_str(&format!(", above {}{by} {}", tier.above, tier.credits));
    }
    if let Some(minimum) = price.minimum {
        text.push_str(&format!(", at least {minimum}"));
    }
    text
}

fn by_name(price: &Price, by: scrip::TierBy) -> &'static str {
    match by {
        scrip::TierBy::InputTotal => " of the whole prompt",
        scrip::TierBy::Unit(unit) if unit == price.unit => "",
        scrip::TierBy::Unit(_) => " of another unit",
    }
}

fn same(one: &Price, other: &Price) -> bool {
    let tier = |(one_tier, other_tier): (&Tier, &Tier)| {
        (one_tier.above, one_tier.by) == (other_tier.above, other_tier.by)
            && ratio(one_tier.credits, one.per) == ratio(other_tier.credits, other.per)
    };
    ratio(one.credits, one.per) == ratio(other.credits, other.per)
        && one.minimum == other.minimum
        && one.tiers.len() == other.tiers.len()
        && one.tiers.iter().zip(&other.tiers).all(tier)
}

/// The reduced fraction.
fn ratio(credits: Credits, per: Quantity) -> (Option<u128>, Option<u128>) {
    let (above, below) = (u128::from(credits.nanos()), per.nanos());
    let common = greatest_common_divisor(above, below);
    (above.checked_div(common), below.checked_div(common))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(rows: &str) -> PriceBook {
        PriceBook::from_json(&format!(r#"{{"version":1,"models":[{rows}]}}"#)).unwrap()
    }

    fn row(id: &str, rest: &str) -> String {
        format!(r#"{{"id":"{id}","supplier":"s","name":"n","task":"generate",{rest}}}"#)
    }

    #[test]
    fn what_came_went_and_changed_is_said_exactly() {
        let one = [
            row("gone", r#""prices":[{"unit":"run","credits":"1","per":"1"}]"#),
            row(
                "kept",
                r#""source":"a","prices":[{"unit":"input_token","credits":"2.5","per":"1000000"},{"unit":"run","credits":"1","per":"3"}]"#,
            ),
            row("price", r#""valid_to":"2025-01-01","prices":[{"unit":"input_token","credits":"0.1","per":"3"}]"#),
        ];
        let other = [
            row(
                "kept",
                r#""source":"b","prices":[{"unit":"input_token","credits":"0.0000025","per":"1"},{"unit":"run","credits":"2","per":"6"}]"#,
            ),
            row("new", r#""prices":[{"unit":"second","credits":"1","per":"60","minimum":"10"}]"#),
            row(
                "price",
                r#""max_output_tokens":5,"valid_to":"2025-01-01","prices":[{"unit":"input_token","credits":"0.100000001","per":"3","tiers":[{"above":"5","credits":"1","by":"input_total"}]}]"#,
            ),
            row("price", r#""valid_from":"2025-01-01","prices":[{"unit":"input_token","credits":"1","per":"3"}]"#),
        ];
        let (one, other) = (book(&one.join(",")), book(&other.join(",")));
        assert_eq!(
            differences(&one, &other),
            [
                "- gone: run 1 per 1",
                "+ new: second 1 per 60, at least 10",
                "~ price: input_token 0.1 per 3 → 0.100000001 per 3, above 5 of the whole prompt 1",
                "~ price: max_output_tokens nothing → 5",
                "~ price from 2025-01-01: new: input_token 1 per 3",
            ]
        );
        assert_eq!(differences(&one, &one), Vec::<String>::new());
    }
}
