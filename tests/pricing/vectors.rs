//! `tests/vectors/*.json`, natively.

use std::{fs, path::Path};

use scrip::{
    Affordance, BenchmarkRequest, Comparison, Conversions, Date, EstimateOptions, PipelineStep, PriceBook,
    PricingError, Timestamp, Usage, wire,
};
use serde_json::{Value, json};

#[test]
fn every_vector_comes_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut cases = 0;
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|end| end == "json") {
            let vectors: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
            let book = match vectors.get("book") {
                Some(book) => PriceBook::from_json(&book.to_string()).unwrap(),
                None => PriceBook::builtin().clone(),
            };
            for case in vectors["cases"].as_array().unwrap() {
                run(&book, case).unwrap_or_else(|what| panic!("{}: {}: {what}", file.display(), case["name"]));
                cases += 1;
            }
        }
    }
    assert!(cases > 80, "only {cases} vectors were found");
}

/// What JSON text alone can say: a vector is read before it is run.
#[test]
fn a_book_that_is_no_json_or_says_a_thing_twice_is_refused_whole() {
    let row =
        r#"{"id":"a","supplier":"b","name":"c","task":"other","prices":[{"unit":"run","credits":"1","per":"1"}]}"#;
    let twice = row.replace(r#""per""#, r#""per":"2","per""#);
    for (text, path) in [
        (String::new(), ""),
        ("{".to_owned(), ""),
        (r#"{"version":1,"models":[]} {}"#.to_owned(), ""),
        (r#"{"version":1,"models":[NaN]}"#.to_owned(), ""),
        (r#"{"version":1,"version":1,"models":[]}"#.to_owned(), "/version"),
        (format!(r#"{{"version":1,"models":[{twice}]}}"#), "/models/0/prices/0/per"),
        (r#"{"version":1,"models":[{"id":"\ud800"}]}"#.to_owned(), "/models/0/id"),
        (format!(r#"{{"version":1,"models":{}{}}}"#, "[".repeat(40), "]".repeat(40)), ""),
    ] {
        let error = PriceBook::from_json(&text).unwrap_err();
        assert_eq!((error.code(), error.path()), ("price_book_invalid", path), "{text}");
    }
}

fn run(book: &PriceBook, case: &Value) -> Result<(), String> {
    let answer = call(book, case["call"].as_str().unwrap(), case["args"].as_array().unwrap());
    match (answer, case.get("result"), case.get("error")) {
        (Ok(answer), Some(expected), None) => contains(&answer, expected),
        (Err(error), None, Some(expected)) => {
            let found = json!({"code": error.code(), "path": error.path()});
            if found == *expected { Ok(()) } else { Err(format!("{found} instead of {expected}: {error}")) }
        }
        (answer, ..) => Err(format!("answered {answer:?}")),
    }
}

/// Whether every member of `expected` is in `answer` with that value.
fn contains(answer: &Value, expected: &Value) -> Result<(), String> {
    if expected.is_array() {
        return if answer == expected { Ok(()) } else { Err(format!("{answer}, not {expected}")) };
    }
    for (name, value) in expected.as_object().unwrap() {
        if answer.get(name) != Some(value) {
            return Err(format!("{name} is {:?}, not {value}", answer.get(name)));
        }
    }
    Ok(())
}

/// Some vectors' texts are leaked: a tree borrows what it was read from.
fn tree(value: &Value) -> wire::Value<'static> {
    wire::Value::parse(value.to_string().leak()).unwrap()
}

fn call(book: &PriceBook, name: &str, args: &[Value]) -> Result<Value, PricingError> {
    let text = |index: usize| args[index].as_str().unwrap();
    let usage = |index: usize| Usage::from_value(&tree(&args[index]));
    let json = match name {
        "parse" => PriceBook::from_json(&args[0].to_string())?.to_json(),
        "estimate" => book.estimate(text(0), &usage(1)?, &options(args.get(2))?)?.to_json(),
        "pipeline" => {
            let steps = PipelineStep::list_from_value(&tree(&args[0]))?;
            book.pipeline(&steps, &options(args.get(1))?)?.to_json()
        }
        "benchmark" => {
            let request = BenchmarkRequest::from_value(&tree(&args[0]))?;
            book.benchmark(&request, &options(args.get(1))?)?.to_json()
        }
        "compare" => {
            let models = wire::model_ids(&tree(&args[0]))?;
            Comparison::list_to_json(&book.compare(&models, &usage(1)?, &options(args.get(2))?)?)
        }
        "afford" => {
            let mut given = args.get(2).cloned().unwrap_or_else(|| json!({}));
            let at = given.as_object_mut().unwrap().remove("at");
            let conversions = Conversions::from_options(&tree(&given))?;
            let credits = text(0).parse().map_err(PricingError::from)?;
            Affordance::list_to_json(&book.afford(credits, text(1), moment(at.as_ref()), &conversions)?)
        }
        other => panic!("no such call: {other}"),
    };
    Ok(serde_json::from_str(&json).unwrap())
}

fn options(given: Option<&Value>) -> Result<EstimateOptions, PricingError> {
    let mut given = given.cloned().unwrap_or_else(|| json!({}));
    let at = given.as_object_mut().unwrap().remove("at");
    EstimateOptions::from_value(&tree(&given), moment(at.as_ref()))
}

fn moment(at: Option<&Value>) -> Timestamp {
    Date::parse(at.map_or("2026-01-01", |at| at.as_str().unwrap())).unwrap().at()
}
