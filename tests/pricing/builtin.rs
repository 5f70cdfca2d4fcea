//! The built-in book holds what it promises.

use std::collections::HashSet;

use scrip::{PriceBook, Timestamp, Unit};

#[test]
fn the_built_in_book_is_read_whole_and_written_back_the_same() {
    let book = PriceBook::from_json(PriceBook::BUILTIN_JSON).unwrap();
    assert_eq!(&book, PriceBook::builtin());
    let tree = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
    assert_eq!(tree(&book.to_json()), tree(PriceBook::BUILTIN_JSON));
}

#[test]
fn it_has_more_than_forty_current_models_of_more_than_eight_suppliers_each_with_its_source() {
    // 2026-11-01
    let now = Timestamp::from_millis(1_793_491_200_000).unwrap();
    let current: Vec<_> = PriceBook::builtin().models(now).collect();
    assert!(current.len() >= 44);
    assert!(current.iter().map(|model| &model.supplier).collect::<HashSet<_>>().len() >= 8);
    assert!(current.iter().all(|model| model.source.is_some()));
}

#[test]
fn the_golden_models_have_always_been_valid() {
    for id in ["azure/translate", "aws/transcribe", "openai/gpt-4", "google/text-to-speech"] {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert!(PriceBook::builtin().model(id, at).is_some(), "{id}");
        }
    }
}

#[test]
fn a_price_that_changed_is_the_one_of_its_day() {
    let price = |day: &str| {
        let at = scrip::Date::parse(day).unwrap().at();
        PriceBook::builtin().model("openai/o3", at).unwrap().price(Unit::InputToken).unwrap().credits.to_string()
    };
    assert_eq!(price("2025-06-09T23:59:59.999Z"), "10");
    assert_eq!(price("2025-06-10"), "2");
}
