//! Every model of a release of genai-prices.

use scrip::{Date, PriceBook, Timestamp, Unit};
use scrip_server::prices_cli::{self, Source, import::Imported};
use serde_json::Value;

use super::oracle::{Number, Random, Said, Tally, compare, document};

const UNITS: [(&str, Unit, u64); 8] = [
    ("input_mtok", Unit::InputToken, 1_000_000),
    ("cache_read_mtok", Unit::CachedInputToken, 1_000_000),
    ("cache_write_mtok", Unit::CacheWriteToken, 1_000_000),
    ("output_mtok", Unit::OutputToken, 1_000_000),
    ("input_mchars", Unit::Character, 1_000_000),
    ("audio_hours", Unit::Second, 3600),
    ("input_document_kpages", Unit::Page, 1000),
    ("requests_kcount", Unit::Request, 1000),
];

/// The data that `cargo xtask test server` takes out of the pinned npm package.
pub fn release() -> Option<String> {
    match std::env::var("SCRIP_GENAI_PRICES") {
        Ok(path) => Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))),
        Err(_) if std::env::var_os("CI").is_some() => panic!("SCRIP_GENAI_PRICES is not set"),
        Err(_) => {
            println!("left out: SCRIP_GENAI_PRICES names no data; `cargo xtask test server` sets it");
            None
        }
    }
}

fn said(prices: &Value) -> Vec<Said> {
    let mut found = Vec::new();
    for (key, unit, per) in UNITS {
        // Of sound in and sound at all the source prices the narrower.
        let price =
            if unit == Unit::Second { prices.get("input_audio_hours").or(prices.get(key)) } else { prices.get(key) };
        let Some(price) = price else { continue };
        let tiers = price.get("tiers").and_then(Value::as_array).cloned().unwrap_or_default();
        let tiers = tiers
            .iter()
            .map(|tier| (tier["start"].as_str().unwrap().parse().unwrap(), Number::of(&tier["price"])))
            .collect();
        found.push(Said { unit, per, base: Number::of(price.get("base").unwrap_or(price)), tiers });
    }
    found
}

fn start(period: &Value) -> Option<Timestamp> {
    period["constraint"]["start_date"].as_str().map(|date| Date::parse(date).unwrap().at())
}

/// As the project computes it: the last entry of the list that has begun.
fn valid(periods: &[Value], at: Timestamp) -> Option<&Value> {
    periods.iter().rev().find(|period| start(period).is_none_or(|start| start <= at)).map(|period| &period["prices"])
}

/// Each change and the moment before it.
fn moments(periods: &[Value]) -> Vec<Timestamp> {
    let now = Date::parse("2026-11-01").unwrap().at();
    let changes = periods.iter().filter_map(start);
    let before = |at: Timestamp| Timestamp::from_millis(at.as_millis() - 1).unwrap();
    std::iter::once(now).chain(changes.flat_map(|at| [before(at), at])).collect()
}

fn compare_model(
    book: &PriceBook,
    imported: &Imported,
    id: &str,
    model: &Value,
    random: &mut Random,
    tally: &mut Tally,
) {
    let named = || imported.left_out.iter().any(|left_out| left_out.model == id);
    let prices = &model["prices"];
    let periods = match prices {
        Value::Array(periods) => periods.clone(),
        _ => vec![serde_json::json!({"prices": prices})],
    };
    for at in moments(&periods) {
        let said = valid(&periods, at).map(said).unwrap_or_default();
        match book.model(id, at) {
            Some(_) => compare(book, id, at, &said, random, tally),
            None if said.is_empty() || named() => {}
            None => tally.mismatches.push(format!("{id} is neither in the book nor named")),
        }
    }
}

#[test]
fn every_model_of_a_release_costs_what_wide_integers_say() {
    let Some(text) = release() else { return };
    let imported = prices_cli::read(Source::GenaiPrices, &text, None).unwrap();
    let book = imported.book().unwrap();
    let seed = 0x5c21_2026;
    let (mut random, mut tally) = (Random::new(seed), Tally::default());
    let data = document(&text);
    let mut models = 0;
    for provider in data.as_array().unwrap() {
        for model in provider["models"].as_array().unwrap() {
            let id = format!("{}/{}", provider["id"].as_str().unwrap(), model["id"].as_str().unwrap());
            compare_model(&book, &imported, &id, model, &mut random, &mut tally);
            models += 1;
        }
    }
    println!(
        "genai-prices: {models} models, {} usages, {} lines, {} overflows, seed {seed:#x}: {} mismatches",
        tally.usages,
        tally.lines,
        tally.overflows,
        tally.mismatches.len()
    );
    assert_eq!(tally.mismatches, Vec::<String>::new());
    assert!(models > 1000 && tally.lines > 50_000 && tally.overflows > 300, "{tally:?}");
    // Whatever has a price in a unit of the book is in it: what was left out whole has none, or one by the hour.
    for left_out in imported.left_out.iter().filter(|left_out| left_out.field.is_none()) {
        assert!(left_out.why.contains("time of day") || left_out.why.contains("no price in a unit"), "{left_out}");
    }
}

/// The ids that the built-in book shortens.
fn in_the_release(id: &str) -> String {
    match id.split_once('/').unwrap() {
        ("xai", model) => format!("x-ai/{model}"),
        ("moonshot", model) => format!("moonshotai/{model}"),
        ("voyage", model) => format!("voyageai/{model}"),
        ("aws", model) => format!("aws/amazon.{model}-v1:0"),
        ("groq", "gpt-oss-120b") => "groq/openai/gpt-oss-120b".to_owned(),
        _ => id.to_owned(),
    }
}

#[test]
fn the_built_in_rows_of_that_release_are_what_the_importer_makes_of_it() {
    let Some(text) = release() else { return };
    let imported = prices_cli::read(Source::GenaiPrices, &text, None).unwrap();
    let of_the_release = |source: &String| source.contains("genai-prices 0.1.8");
    let rows = PriceBook::builtin().rows().iter().filter(|row| row.source.as_ref().is_some_and(of_the_release));
    let mut compared = 0;
    for row in rows {
        let id = in_the_release(&row.id);
        let found = imported.rows.iter().find(|found| found.id == id && found.valid_from == row.valid_from);
        let found = found.unwrap_or_else(|| panic!("{id} is not in the release"));
        assert_eq!(found.prices, row.prices, "{id}");
        assert_eq!(found.valid_to, row.valid_to, "{id}");
        compared += 1;
    }
    assert!(compared >= 40, "{compared}");
}
