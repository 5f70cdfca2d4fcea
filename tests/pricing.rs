//! The price book and the estimator, through the public API.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use scrip::{EstimateOptions, PriceBook, Timestamp, Usage};

fn now() -> EstimateOptions {
    EstimateOptions::at(Timestamp::from_millis(1_700_000_000_000).unwrap())
}

#[test]
fn the_four_golden_prices_come_out_exactly() {
    let quantity = |text: &str| Some(text.parse().unwrap());
    for (model, usage, total) in [
        ("azure/translate", Usage { characters: quantity("100000"), ..Usage::default() }, "1"),
        ("aws/transcribe", Usage { minutes: quantity("41"), ..Usage::default() }, "0.984"),
        (
            "openai/gpt-4",
            Usage { input_tokens: quantity("1200"), output_tokens: quantity("300"), ..Usage::default() },
            "0.09",
        ),
        ("google/text-to-speech", Usage { characters: quantity("62500"), ..Usage::default() }, "1"),
    ] {
        let estimate = PriceBook::builtin().estimate(model, &usage, &now()).unwrap();
        assert_eq!(estimate.total.to_string(), total, "{model}");
        assert!(estimate.exact && estimate.low == estimate.total && estimate.high == Some(estimate.total));
    }
}
