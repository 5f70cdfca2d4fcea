//! Pipelines, benchmarks and comparisons are what their parts are.

use proptest::prelude::*;
use scrip::{
    BenchmarkRequest, Conversions, Credits, Error, EstimateOptions, OutputTokens, PipelineStep, PriceBook, Quantity,
    Timestamp, Usage,
};

const BOOK: &str = r#"{"version":1,"models":[
    {"id":"hear","supplier":"S","name":"n","task":"transcribe","prices":[{"unit":"second","credits":"0.024","per":"61","minimum":"15"}]},
    {"id":"translate","supplier":"S","name":"n","task":"translate","prices":[{"unit":"character","credits":"10","per":"999999"}]},
    {"id":"write","supplier":"S","name":"n","task":"generate","max_output_tokens":900,"prices":[
        {"unit":"input_token","credits":"2.5","per":"1000000","tiers":[{"above":"700","credits":"1"}]},
        {"unit":"output_token","credits":"10","per":"1000000","tiers":[{"above":"700","credits":"20","by":"input_total"}]}]},
    {"id":"speak","supplier":"S","name":"n","task":"speak","prices":[{"unit":"character","credits":"16","per":"1000003"}]},
    {"id":"embed","supplier":"S","name":"n","task":"embed","prices":[{"unit":"input_token","credits":"0.1","per":"7"}]},
    {"id":"tool","supplier":"S","name":"n","task":"other","prices":[{"unit":"run","credits":"0.1","per":"3"}]}]}"#;

fn step() -> impl Strategy<Value = PipelineStep> {
    let models = prop::sample::select(vec!["hear", "translate", "write", "speak", "embed", "tool"]);
    (models, 0..2_000_u32, prop::bool::weighted(0.4), prop::option::of(0..1_000_u32)).prop_map(
        |(model, count, own, expected)| {
            let count = Some(Quantity::from_whole(count));
            let usage = match model {
                "hear" => Usage { seconds: count, ..Usage::default() },
                "write" | "embed" => Usage { input_tokens: count, ..Usage::default() },
                "tool" => Usage::default(),
                _ => Usage { characters: count, ..Usage::default() },
            };
            let output_tokens =
                expected.map(|tokens| OutputTokens { expected: Quantity::from_whole(tokens), max: None });
            PipelineStep { model: model.to_owned(), usage: own.then_some(usage), output_tokens }
        },
    )
}

fn options(margin: &str) -> EstimateOptions {
    let mut options = EstimateOptions::at(Timestamp::from_millis(0).unwrap());
    options.margin = margin.parse().unwrap();
    options
}

fn sum(amounts: impl Iterator<Item = Credits>) -> Result<Credits, Error> {
    amounts.into_iter().try_fold(Credits::ZERO, Credits::plus)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn a_pipeline_is_the_sum_of_its_steps_and_its_ends_bound_it(steps in prop::collection::vec(step(), 0..6)) {
        let book = PriceBook::from_json(BOOK).unwrap();
        match book.pipeline(&steps, &options("0.2")) {
            Err(error) => prop_assert_eq!(error.code(), "usage_missing"),
            Ok(pipeline) => {
                let whole = &pipeline.estimate;
                prop_assert_eq!(pipeline.steps.len(), steps.len());
                let before_margin = sum(pipeline.steps.iter().map(|step| step.total)).unwrap();
                prop_assert_eq!(before_margin.plus(whole.margin).unwrap(), whole.total);
                prop_assert_eq!(sum(whole.lines.iter().map(|line| line.amount)).unwrap(), before_margin);
                for one in pipeline.steps.iter().chain([whole]) {
                    prop_assert!(one.low <= one.total && one.high.is_none_or(|high| one.total <= high));
                    prop_assert!(!one.exact || (one.low == one.total && one.high == Some(one.total) && one.assumptions.is_empty()));
                }
                prop_assert_eq!(whole.exact, pipeline.steps.iter().all(|step| step.exact));
                let first = &steps.first().and_then(|step| step.usage);
                if let Some(usage) = first {
                    let mut alone = options("0");
                    alone.output_tokens = steps[0].output_tokens;
                    prop_assert_eq!(&pipeline.steps[0], &book.estimate(&steps[0].model, usage, &alone).unwrap());
                }
            }
        }
    }

    #[test]
    fn a_benchmark_costs_at_most_what_its_rows_cost_one_by_one(tokens in 0..2_000_u32, rows in 0..500_u32) {
        let book = PriceBook::from_json(BOOK).unwrap();
        let per_row = Usage { input_tokens: Some(Quantity::from_whole(tokens)), output_tokens: None, ..Usage::default() };
        let request = BenchmarkRequest {
            models: vec!["embed".to_owned(), "write".to_owned()],
            rows: Quantity::from_whole(rows),
            per_row,
        };
        let benchmark = book.benchmark(&request, &options("0")).unwrap();
        let one = |model| book.estimate(model, &per_row, &options("0")).unwrap().total.nanos();
        let rows = u64::from(rows);
        let parts: Vec<u64> = benchmark.by_model.iter().map(|(_, total)| total.nanos()).collect();
        prop_assert_eq!(parts.iter().sum::<u64>(), benchmark.estimate.total.nanos());
        // Each of a row's lines is rounded up by less than one nano-credit.
        for (part, model) in parts.into_iter().zip(["embed", "write"]) {
            prop_assert!(part <= one(model) * rows && one(model) * rows <= part + 2 * rows);
        }
        prop_assert!(benchmark.estimate.assumptions.iter().any(|words| words.contains("each row")));
    }

    #[test]
    fn a_comparison_is_each_estimate_by_itself(tokens in 0..2_000_u32) {
        let book = PriceBook::from_json(BOOK).unwrap();
        let usage = Usage { input_tokens: Some(Quantity::from_whole(tokens)), ..Usage::default() };
        let models = ["write", "nobody", "embed", "speak"];
        for (model, row) in models.iter().zip(book.compare(&models, &usage, &options("0.1")).unwrap()) {
            prop_assert_eq!(*model, &row.model);
            prop_assert_eq!(row.outcome, book.estimate(model, &usage, &options("0.1")));
        }
    }
}

#[test]
fn a_conversion_of_zero_is_refused_wherever_it_stands() {
    let book = PriceBook::builtin();
    let conversions = Conversions { characters_per_page: Quantity::ZERO, ..Conversions::default() };
    let now = Timestamp::from_millis(0).unwrap();
    let refused = book.afford(Credits::ONE, "azure/translate", now, &conversions).unwrap_err();
    assert_eq!((refused.code(), refused.path()), ("invalid_options", "/conversions/characters_per_page"));
}
