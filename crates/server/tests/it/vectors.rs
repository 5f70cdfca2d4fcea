//! `tests/vectors/*.json` over HTTP: what can be said as a debit or as the server's book must come out as written there.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use scrip::{Credits, PriceBook};
use scrip_server::{
    prices::Prices,
    store::{Action, Movement, TransactionKind},
};
use serde_json::{Map, Value, json};

use crate::support::World;

/// A debit that says the same as a case.
struct Debit {
    margin: String,
    body: Value,
    /// From a place in the case's arguments to one in the body.
    pointer: fn(&str, &str) -> Option<String>,
}

const TIMED: &str = "names a time: a server charges by the prices of now";
const EXPECTED: &str = "expects or converts: a charge is for what was used";
const FED: &str = "a step is fed by the one before it: estimates alone do that";
const MALFORMED: &str = "its arguments have no place in a debit";
const BY_ROW: &str = "one row chooses the tier or is billed at least: a debit says the sum of all rows";

#[derive(Default)]
struct Count {
    run: BTreeMap<String, usize>,
    skipped: BTreeMap<(String, &'static str), usize>,
}

/// Counts are text over HTTP.
fn as_text(usage: &Value) -> Result<Map<String, Value>, &'static str> {
    let usage = usage.as_object().ok_or(MALFORMED)?.clone();
    let text = |value: Value| if value.is_number() { Value::String(value.to_string()) } else { value };
    Ok(usage.into_iter().map(|(name, value)| (name, text(value))).collect())
}

fn margin(options: Option<&Value>) -> Result<String, &'static str> {
    let Some(options) = options else { return Ok("0".to_owned()) };
    match options.as_object().ok_or(MALFORMED)?.iter().find(|(name, _)| *name != "margin") {
        Some((name, _)) if name == "at" => return Err(TIMED),
        Some((name, _)) if name == "output_tokens" || name == "conversions" => return Err(EXPECTED),
        Some(_) => return Err(MALFORMED),
        None => {}
    }
    options["margin"].as_str().map(str::to_owned).ok_or(MALFORMED)
}

fn call(model: &Value, usage: &Value) -> Result<Value, &'static str> {
    let mut call = as_text(usage)?;
    call.insert("model".to_owned(), model.clone());
    Ok(Value::Object(call))
}

fn estimate(args: &[Value]) -> Result<Debit, &'static str> {
    let body = json!({"usage": [call(&args[0], &args[1])?]});
    let pointer =
        |path: &str, code: &str| Some(format!("/usage/0{}", if code == "unknown_model" { "/model" } else { path }));
    Ok(Debit { margin: margin(args.get(2))?, body, pointer })
}

fn pipeline(args: &[Value]) -> Result<Debit, &'static str> {
    let margin = margin(args.get(1))?;
    let mut calls = Vec::new();
    for step in args[0].as_array().ok_or(MALFORMED)? {
        let members = step.as_object().ok_or(MALFORMED)?;
        if members.contains_key("output_tokens") {
            return Err(EXPECTED);
        }
        if members.keys().any(|name| name != "model" && name != "usage") {
            return Err(MALFORMED);
        }
        calls.push(call(&step["model"], members.get("usage").ok_or(FED)?)?);
    }
    let pointer = |path: &str, _: &str| {
        let (place, rest) = path.strip_prefix('/')?.split_once('/')?;
        Some(format!("/usage/{place}/{}", rest.strip_prefix("usage/").unwrap_or(rest)))
    };
    Ok(Debit { margin, body: json!({"kind": "pipeline", "usage": calls}), pointer })
}

fn benchmark(book: &PriceBook, args: &[Value]) -> Result<Debit, &'static str> {
    let margin = margin(args.get(1))?;
    let rows = match &args[0]["rows"] {
        Value::String(text) => text.parse::<u64>().map_err(|_| MALFORMED)?,
        rows => rows.as_u64().ok_or(MALFORMED)?,
    };
    let per_row = as_text(&args[0]["per_row"])?;
    let mut all = Map::new();
    for (name, value) in per_row {
        // What is no number is refused as it is.
        let count = value.as_str().and_then(|text| text.parse::<u64>().ok());
        let product = count.map(|count| count.checked_mul(rows).filter(|product| *product < 10_u64.pow(15)));
        let product = product.map(|product| product.ok_or("rows × per_row is beyond a quantity")).transpose()?;
        all.insert(name, product.map_or(value, |product| Value::String(product.to_string())));
    }
    let mut calls = Vec::new();
    for model in args[0]["models"].as_array().ok_or(MALFORMED)? {
        let row = book.rows().iter().find(|row| Some(row.id.as_str()) == model.as_str());
        let by_row = |price: &scrip::Price| {
            price.minimum.is_some()
                || !price.tiers.is_empty()
                || matches!(price.unit, scrip::Unit::Run | scrip::Unit::Request)
        };
        if rows != 1 && row.is_some_and(|row| row.prices.iter().any(by_row)) {
            return Err(BY_ROW);
        }
        calls.push(call(model, &Value::Object(all.clone()))?);
    }
    let pointer = |path: &str, _: &str| match path.strip_prefix("/models/") {
        Some(place) => Some(format!("/usage/{place}/model")),
        None => Some(format!("/usage/0{}", path.strip_prefix("/per_row")?)),
    };
    Ok(Debit { margin, body: json!({"kind": "benchmark", "usage": calls}), pointer })
}

fn said(book: &PriceBook, name: &str, args: &[Value]) -> Result<Debit, &'static str> {
    match name {
        "estimate" => estimate(args),
        "pipeline" => pipeline(args),
        "benchmark" => benchmark(book, args),
        _ => Err("the server answers no such question"),
    }
}

fn sum<'a>(items: impl Iterator<Item = &'a Value>) -> Credits {
    items.fold(Credits::ZERO, |sum, item| sum.plus(item["amount"].as_str().unwrap().parse().unwrap()).unwrap())
}

/// An owner who can pay the dearest case.
async fn rich(world: &World) -> String {
    let made = world.sign_up(json!({"tariff": "metered"})).await;
    let account = made["account"]["id"].as_str().unwrap().parse().unwrap();
    let action = Action::TopUp { kind: TransactionKind::Grant, top_up: None, amount: Credits::MAX, note: None };
    world.app.store.submit(Movement { account, idempotency: None, action }).await.unwrap();
    made["secret_key"].as_str().unwrap().to_owned()
}

async fn compare(world: &World, case: &Value, debit: &Debit) {
    let name = case["name"].as_str().unwrap();
    let key = rich(world).await;
    let reply = world.post("/v1/debits", &debit.body).key(&key).idem().send().await;
    if let Some(error) = case.get("error") {
        let (code, path) = (error["code"].as_str().unwrap(), error["path"].as_str().unwrap());
        let pointer = (debit.pointer)(path, code).unwrap_or_else(|| panic!("{name}: {path} has no place"));
        let problem = reply.invalid(&pointer);
        assert_eq!(problem["errors"][0]["code"], code, "{name}: {problem}");
        return;
    }
    let expected = &case["result"];
    if expected["total"] == "0" {
        // Nothing to charge is no debit.
        reply.invalid("/usage");
        return;
    }
    let charged = reply.expect(201);
    assert_eq!(charged["amount"], expected["total"], "{name}: {charged}");
    let items = charged["items"].as_array().unwrap();
    assert_eq!(sum(items.iter()).to_string(), charged["amount"], "{name}");
    let (margins, lines): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| item["unit"] == "margin");
    if let Some(margin) = expected.get("margin") {
        assert_eq!(json!(sum(margins.into_iter()).to_string()), *margin, "{name}");
    }
    let Some(expected) = expected["lines"].as_array() else { return };
    assert_eq!(lines.len(), expected.len(), "{name}: {charged}");
    for (line, expected) in lines.iter().zip(expected) {
        for (member, value) in expected.as_object().unwrap().iter().filter(|(member, _)| *member != "source") {
            assert_eq!(&line[member], value, "{name}: {member}");
        }
    }
}

/// A book as the server's own: it is served as written, or the server does not start.
async fn as_a_book(case: &Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.json");
    std::fs::write(&file, case["args"][0].to_string()).unwrap();
    match Prices::load(Some(&file), scrip::Quantity::ZERO) {
        Ok(_) => {
            let world = World::with(&["--price-book", file.to_str().unwrap()]).await;
            let served = world.get("/v1/price-book").send().await.expect(200);
            assert_eq!(served, case["result"], "{}", case["name"]);
        }
        Err(error) => {
            let (text, path) = (error.to_string(), case["error"]["path"].as_str().unwrap_or_else(|| panic!("{error}")));
            assert!(text.contains("book.json is no price book: "), "{text}");
            assert!(path.is_empty() || text.ends_with(&format!("(at {path})")), "{text}, not {path}");
        }
    }
}

async fn run_file(file: &Path, count: &mut Count) {
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("book.json");
    let book = vectors.get("book").map_or_else(|| PriceBook::BUILTIN_JSON.to_owned(), Value::to_string);
    std::fs::write(&own, &book).unwrap();
    let book = PriceBook::from_json(&book).unwrap();
    let mut worlds: HashMap<String, World> = HashMap::new();
    for case in vectors["cases"].as_array().unwrap() {
        let name = case["call"].as_str().unwrap();
        if name == "parse" {
            as_a_book(case).await;
        } else {
            match said(&book, name, case["args"].as_array().unwrap()) {
                Err(why) => {
                    *count.skipped.entry((name.to_owned(), why)).or_default() += 1;
                    continue;
                }
                Ok(debit) => {
                    if !worlds.contains_key(&debit.margin) {
                        let flags = ["--price-book", own.to_str().unwrap(), "--margin", &debit.margin];
                        // Without a book of its own the file is about the built-in one.
                        let flags = if vectors.get("book").is_some() { &flags[..] } else { &flags[2..] };
                        worlds.insert(debit.margin.clone(), World::with(flags).await);
                    }
                    compare(&worlds[&debit.margin], case, &debit).await;
                }
            }
        }
        *count.run.entry(name.to_owned()).or_default() += 1;
    }
    for world in worlds.values() {
        world.verify().await;
    }
}

#[tokio::test]
async fn every_vector_that_can_be_said_over_http_comes_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut count = Count::default();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "json")) {
        run_file(file, &mut count).await;
    }
    println!("vectors over HTTP: {:?}", count.run);
    for ((call, why), cases) in &count.skipped {
        println!("left out: {cases} of {call}: {why}");
    }
    let run = |call: &str| count.run.get(call).copied().unwrap_or(0);
    assert!(run("estimate") >= 50 && run("parse") >= 20, "{:?}", count.run);
    assert!(run("pipeline") >= 5 && run("benchmark") >= 3, "{:?}", count.run);
}
