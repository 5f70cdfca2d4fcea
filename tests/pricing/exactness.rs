//! Amounts are what arbitrary-precision arithmetic says, for every operand a book and a usage can hold.

use num_bigint::BigUint;
use proptest::prelude::*;
use rust_decimal::Decimal;
use scrip::{Credits, EstimateOptions, Model, Price, PriceBook, Quantity, Task, Timestamp, Unit, Usage};

const NANO: u64 = 1_000_000_000;

/// Whole quantities, which take a shorter way, of every length.
fn whole() -> impl Strategy<Value = Quantity> {
    (1..10_u64.pow(15), 0_u32..50).prop_map(|(count, shift)| Quantity::from_count((count >> shift).max(1)).unwrap())
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let most = 10_u128.pow(24) - 1;
    (0..=most, 0_u32..80).prop_map(|(nanos, shift)| Quantity::from_nanos(nanos >> shift).unwrap())
}

fn credits() -> impl Strategy<Value = Credits> {
    (0..=Credits::MAX.nanos(), 0_u32..62).prop_map(|(nanos, shift)| Credits::from_nanos(nanos >> shift).unwrap())
}

fn book(credits: Credits, per: Quantity) -> PriceBook {
    let price = Price { unit: Unit::Second, credits, per, minimum: None, tiers: Vec::new() };
    let text = || "m".to_owned();
    PriceBook::new(vec![Model {
        id: text(),
        supplier: text(),
        name: text(),
        task: Task::Other,
        prices: vec![price],
        tokenizer: None,
        max_output_tokens: None,
        valid_from: None,
        valid_to: None,
        source: None,
    }])
    .unwrap()
}

/// `left × right / divisor`, up, as an amount.
fn naive(left: BigUint, right: BigUint, divisor: BigUint) -> Option<Credits> {
    let nanos = (left * right + &divisor - 1_u32) / divisor;
    u64::try_from(nanos).ok().and_then(|nanos| Credits::from_nanos(nanos).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]
    #[test]
    fn an_estimate_is_rounded_up_once_and_never_off_by_one(
        seconds in quantity(),
        credits in credits(),
        per in quantity().prop_filter("a price is for something", |per| !per.is_zero()),
        margin in quantity(),
    ) {
        let usage = Usage { seconds: Some(seconds), ..Usage::default() };
        let mut options = EstimateOptions::at(Timestamp::from_millis(0).unwrap());
        options.margin = margin;
        let sum = naive(seconds.nanos().into(), credits.nanos().into(), per.nanos().into());
        let added = sum.and_then(|sum| naive(sum.nanos().into(), margin.nanos().into(), NANO.into()));
        let total = sum.zip(added).and_then(|(sum, added)| sum.plus(added).ok());
        match (book(credits, per).estimate("m", &usage, &options), total) {
            (Ok(estimate), Some(total)) => {
                prop_assert_eq!(estimate.total, total);
                prop_assert_eq!(Some(estimate.margin), added);
                prop_assert_eq!((estimate.low, estimate.high, estimate.exact), (total, Some(total), true));
            }
            (Err(error), None) => prop_assert_eq!(error.code(), "overflow"),
            (found, expected) => prop_assert!(false, "{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn whole_quantities_cost_the_same_on_their_shorter_way(
        seconds in whole(),
        per in whole(),
        nanos in 0..=Credits::MAX.nanos(),
        near in -2_i64..=2,
    ) {
        // Half the time the product is as near to 64 bits as can be.
        let edge = (u64::MAX / u64::try_from(seconds.nanos() / u128::from(NANO)).unwrap()).saturating_add_signed(near);
        let credits = Credits::from_nanos(if near % 2 == 0 { edge.min(Credits::MAX.nanos()) } else { nanos }).unwrap();
        let usage = Usage { seconds: Some(seconds), ..Usage::default() };
        let options = EstimateOptions::at(Timestamp::from_millis(0).unwrap());
        let found = book(credits, per).estimate("m", &usage, &options).ok().map(|estimate| estimate.total);
        prop_assert_eq!(found, naive(seconds.nanos().into(), credits.nanos().into(), per.nanos().into()));
    }

    #[test]
    fn quantities_are_read_and_written_without_loss(quantity in quantity()) {
        let text = quantity.to_string();
        prop_assert_eq!(text.parse::<Quantity>().unwrap(), quantity);
        let decimal = Decimal::from(quantity);
        prop_assert_eq!(decimal.to_string(), text);
        prop_assert_eq!(Quantity::try_from(decimal).unwrap(), quantity);
    }
}

#[test]
fn a_grid_of_token_pairs_costs_what_integers_say() {
    let json = r#"{"version":1,"models":[{"id":"openai/gpt-4o","supplier":"OpenAI","name":"GPT-4o","task":"generate","prices":[
        {"unit":"input_token","credits":"2.5","per":"1000000"},{"unit":"output_token","credits":"10","per":"1000000"}]}]}"#;
    let book = PriceBook::from_json(json).unwrap();
    let options = EstimateOptions::at(Timestamp::from_millis(0).unwrap());
    let seed = 0x5c21_2026_u64;
    println!("10,000 pairs of 1…10,000 × 1…10,000, seed {seed:#x}");
    let mut state = seed;
    let mut draw = || {
        // SplitMix64, as in tests/js/exactness.test.mjs.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % 10_000 + 1
    };
    let mut mismatches = Vec::new();
    for _ in 0..10_000 {
        let (input, output) = (draw(), draw());
        let count = |tokens: u64| Some(Quantity::from_whole(u32::try_from(tokens).unwrap()));
        let usage = Usage { input_tokens: count(input), output_tokens: count(output), ..Usage::default() };
        let estimate = book.estimate("openai/gpt-4o", &usage, &options).unwrap();
        let million = BigUint::from(1_000_000_u32);
        let line = |tokens: u64, nanos: u64| (BigUint::from(tokens) * nanos + &million - 1_u32) / &million;
        let expected = line(input, 2_500_000_000) + line(output, 10_000_000_000);
        if BigUint::from(estimate.total.nanos()) != expected {
            mismatches.push((input, output, estimate.total));
        }
    }
    assert_eq!(mismatches, []);
}

#[test]
fn a_decimal_that_is_no_quantity_is_refused() {
    for text in ["-1", "0.0000000001", "1000000000000000", "79228162514264337593543950335"] {
        assert_eq!(Quantity::try_from(text.parse::<Decimal>().unwrap()).unwrap_err().code(), "invalid_quantity");
    }
    assert_eq!(Quantity::try_from(Decimal::new(1_500_000_000_000, 12)).unwrap().to_string(), "1.5");
}
