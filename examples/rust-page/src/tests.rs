use js_sys::{Array, JSON, Reflect};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Blob, Url};

use super::*;

fn builtin() -> Quote {
    Quote(PriceBook::builtin().clone())
}

/// What the page's JavaScript passes: `json` as an object.
fn object(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("an object")
}

fn text(value: &JsValue, name: &str) -> String {
    member(value, name).as_string().unwrap_or_else(|| panic!("no text {name}"))
}

fn quoted(form: &str) -> JsValue {
    builtin().quote(object(form)).expect("a quote")
}

/// Code and path, read from the error that JavaScript catches.
fn fault(failure: Failure) -> (String, String) {
    let error = JsValue::from(failure);
    assert!(error.is_instance_of::<js_sys::Error>());
    (text(&error, "code"), text(&error, "path"))
}

fn refused(form: &JsValue) -> (String, String) {
    fault(builtin().quote(form.clone()).expect_err("a refusal"))
}

async fn not_loaded(url: &str) -> (String, String) {
    fault(Quote::load(url.to_owned()).await.err().expect("no book"))
}

fn blob(json: &str) -> String {
    let blob = Blob::new_with_str_sequence(&Array::of1(&json.into())).expect("a blob");
    Url::create_object_url_with_blob(&blob).expect("its address")
}

fn pair(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}

#[wasm_bindgen_test]
fn the_golden_numbers_come_out_exactly() {
    for (form, total) in [
        (r#"{"model": "azure/translate", "characters": "100000"}"#, "1"),
        (r#"{"model": "azure/translate", "characters": 100000}"#, "1"),
        (r#"{"model": "aws/transcribe", "minutes": "41.666"}"#, "0.999984"),
        (r#"{"model": "aws/transcribe", "minutes": 0.5}"#, "0.012"),
        (r#"{"model": "google/text-to-speech", "characters": "62500"}"#, "1"),
        (r#"{"model": "azure/translate", "text": "déjà vu 🦀"}"#, "0.00009"),
    ] {
        let quote = quoted(form);
        assert_eq!(text(&quote, "total"), total, "{form}");
        assert_eq!((text(&quote, "low"), text(&quote, "high")), (total.to_owned(), total.to_owned()), "{form}");
        assert_eq!(member(&quote, "exact").as_bool(), Some(true), "{form}");
    }
}

#[wasm_bindgen_test]
fn a_quote_is_itemised() {
    let quote = quoted(r#"{"model": "azure/translate", "characters": "100000", "margin": "0.20"}"#);
    assert_eq!(text(&quote, "total"), "1.2");
    let lines = Array::from(&member(&quote, "lines"));
    assert_eq!(lines.length(), 1);
    let line = lines.get(0);
    let told = ["model", "unit", "quantity", "amount"].map(|name| text(&line, name));
    assert_eq!(told, ["azure/translate", "character", "100000", "1"]);
}

#[wasm_bindgen_test]
fn dollars_are_rounded_up_to_the_cent_and_the_total_is_not() {
    for (characters, total, dollars) in [
        ("0", "0", "0.00"),
        ("1", "0.00001", "0.01"),
        ("1000", "0.01", "0.01"),
        ("1001", "0.01001", "0.02"),
        ("100000", "1", "1.00"),
        ("899999999999999", "8999999999.99999", "9000000000.00"),
    ] {
        let quote = quoted(&format!(r#"{{"model": "azure/translate", "characters": "{characters}"}}"#));
        assert_eq!((text(&quote, "total"), text(&quote, "dollars")), (total.to_owned(), dollars.to_owned()));
    }
}

#[wasm_bindgen_test]
fn an_answer_that_nothing_bounds_has_null_as_its_highest_cost() {
    let book = r#"{"version": 1, "models": [{"id": "m", "supplier": "S", "name": "M", "task": "generate",
        "prices": [{"unit": "input_token", "credits": "1", "per": "10"}, {"unit": "output_token", "credits": "1", "per": "10"}]}]}"#;
    let quotes = Quote(PriceBook::from_json(book).expect("a book"));
    let quote = quotes.quote(object(r#"{"model": "m", "text": "Why?"}"#)).expect("a quote");
    assert!(member(&quote, "high").is_null());
    assert_eq!(member(&quote, "exact").as_bool(), Some(false));
}

#[wasm_bindgen_test]
fn a_bad_number_is_refused_at_its_place() {
    for number in [r#""1e3""#, r#""-1""#, "-1", r#""""#, r#""0.0000000001""#, "1e21", r#""NaN""#] {
        let form = object(&format!(r#"{{"model": "azure/translate", "characters": {number}}}"#));
        assert_eq!(refused(&form), pair("invalid_quantity", "/characters"), "{number}");
    }
    for number in [f64::NAN, f64::INFINITY] {
        let form = object(r#"{"model": "aws/transcribe"}"#);
        Reflect::set(&form, &"minutes".into(), &number.into()).expect("an object");
        assert_eq!(refused(&form), pair("invalid_quantity", "/minutes"), "{number}");
    }
    let form = object(r#"{"model": "azure/translate", "characters": "1", "margin": "much"}"#);
    assert_eq!(refused(&form), pair("invalid_quantity", "/margin"));
}

#[wasm_bindgen_test]
fn what_the_book_cannot_price_is_refused_by_the_core() {
    for (form, code, path) in [
        (r#"{"model": "nobody/nothing", "characters": "1"}"#, "unknown_model", ""),
        (r#"{"model": "azure/translate", "minutes": "1"}"#, "unit_not_priced", "/minutes"),
        (r#"{"model": "azure/translate", "characters": "1", "text": "a"}"#, "usage_conflict", "/text"),
        (r#"{"model": "azure/translate"}"#, "usage_missing", ""),
    ] {
        assert_eq!(refused(&object(form)), pair(code, path), "{form}");
    }
}

#[wasm_bindgen_test]
fn what_is_no_form_is_refused() {
    for form in ["{}", r#"{"model": 1}"#, r#"{"model": "azure/translate", "characters": []}"#, "null", "7"] {
        assert_eq!(refused(&object(form)), pair("invalid_options", ""), "{form}");
    }
}

#[wasm_bindgen_test]
async fn a_book_is_fetched_from_an_address() {
    let quotes = Quote::load(blob(PriceBook::BUILTIN_JSON)).await.expect("the built-in book");
    let quote = quotes.quote(object(r#"{"model": "azure/translate", "characters": "100000"}"#)).expect("a quote");
    assert_eq!(text(&quote, "dollars"), "1.00");
    Quote::load(r#"data:application/json,{"version":1,"models":[]}"#.to_owned()).await.expect("an empty book");
}

#[wasm_bindgen_test]
async fn a_fault_in_a_book_has_its_place() {
    let book = PriceBook::BUILTIN_JSON.replacen(r#""id""#, r#""name_of_it""#, 1);
    assert_eq!(not_loaded(&blob(&book)).await, pair("price_book_invalid", "/models/0/name_of_it"));
    assert_eq!(not_loaded("data:,hello").await.0, "price_book_invalid");
}

#[wasm_bindgen_test]
async fn where_there_is_no_book_the_caller_is_told() {
    // A path that the tests' own server does not have, a port that browsers never open, a blob that is gone, no address at all.
    let gone = blob("{}");
    Url::revoke_object_url(&gone).expect("a blob");
    for url in ["/no/such/price-book.json", "http://127.0.0.1:1/", &gone, "http://"] {
        assert_eq!(not_loaded(url).await, pair("price_book_unavailable", ""), "{url}");
    }
}
