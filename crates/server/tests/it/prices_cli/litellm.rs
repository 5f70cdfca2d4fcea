//! Every model of LiteLLM's file, or of a real excerpt of it.

use scrip::{PriceBook, Timestamp, Unit};
use scrip_server::prices_cli::{self, Source};
use serde_json::Value;

use super::oracle::{Number, Random, Said, Tally, compare, document};

const EXCERPT: &str = include_str!("../../fixtures/litellm/excerpt.json");

/// The fields of each unit; of several the first that costs something.
const UNITS: [(Unit, &[&str]); 9] = [
    (Unit::InputToken, &["input_cost_per_token"]),
    (Unit::CachedInputToken, &["cache_read_input_token_cost", "input_cost_per_token_cache_hit"]),
    (Unit::CacheWriteToken, &["cache_creation_input_token_cost"]),
    (Unit::OutputToken, &["output_cost_per_token"]),
    (Unit::Character, &["input_cost_per_character", "output_cost_per_character"]),
    (Unit::Second, &["input_cost_per_second", "output_cost_per_second"]),
    (Unit::Image, &["output_cost_per_image", "input_cost_per_image"]),
    (Unit::Page, &["ocr_cost_per_page"]),
    (Unit::Request, &["input_cost_per_query", "input_cost_per_request"]),
];

fn said(model: &Value) -> Vec<Said> {
    let mut found = Vec::new();
    for (unit, fields) in UNITS {
        let there: Vec<&&str> = fields.iter().filter(|field| !model[**field].is_null()).collect();
        let costs = there.iter().find(|field| !Number::of(&model[***field]).is_zero());
        let Some(field) = costs.or(there.first()) else { continue };
        let price = &model[**field];
        if unit == Unit::OutputToken && model["mode"] == "embedding" && Number::of(price).is_zero() {
            continue;
        }
        let mut tiers: Vec<(u64, Number)> = Vec::new();
        for thousands in 1..2000_u64 {
            let tier = &model[format!("{field}_above_{thousands}k_tokens")];
            if field.contains("token") && !tier.is_null() {
                tiers.push((thousands * 1000, Number::of(tier)));
            }
        }
        found.push(Said { unit, per: 1, base: Number::of(price), tiers });
    }
    found
}

fn compared(text: &str) -> (PriceBook, usize, Tally) {
    let imported = prices_cli::read(Source::Litellm, text, None).unwrap();
    let book = imported.book().unwrap();
    let seed = 0x1173;
    let (mut random, mut tally) = (Random::new(seed), Tally::default());
    let data = document(text);
    let (at, mut models) = (Timestamp::from_millis(0).unwrap(), 0);
    for (id, model) in data.as_object().unwrap() {
        if id == "sample_spec" {
            continue;
        }
        models += 1;
        let whole = imported.left_out.iter().any(|left_out| left_out.model == *id && left_out.field.is_none());
        match book.model(id, at) {
            Some(_) => compare(&book, id, at, &said(model), &mut random, &mut tally),
            None if whole => {}
            None => tally.mismatches.push(format!("{id} is neither in the book nor named")),
        }
    }
    println!(
        "LiteLLM: {models} models, {} usages, {} lines, {} overflows, seed {seed:#x}: {} mismatches",
        tally.usages,
        tally.lines,
        tally.overflows,
        tally.mismatches.len()
    );
    (book, models, tally)
}

#[test]
fn every_model_of_an_excerpt_costs_what_wide_integers_say() {
    let (book, models, tally) = compared(EXCERPT);
    assert_eq!(tally.mismatches, Vec::<String>::new());
    assert!(models > 30 && tally.lines > 1000, "{tally:?}");
    let units = |id: &str| {
        let row = book.model(id, Timestamp::from_millis(0).unwrap()).unwrap();
        row.prices.iter().map(|price| price.unit.name()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(units("gpt-4o"), "input_token cached_input_token output_token");
    assert_eq!(units("whisper-1"), "second");
}

/// SCRIP_LITELLM_PRICES names the file of a release; the wheel that carries it is too large to be fetched for a test.
#[test]
fn every_model_of_a_whole_file_costs_what_wide_integers_say_where_there_is_one() {
    let Ok(path) = std::env::var("SCRIP_LITELLM_PRICES") else { return };
    let (_, _, tally) = compared(&std::fs::read_to_string(path).unwrap());
    assert_eq!(tally.mismatches, Vec::<String>::new());
}
