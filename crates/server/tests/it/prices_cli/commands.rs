//! The commands as a person types them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::value::RawValue;

const EXCERPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/litellm/excerpt.json");

fn prices(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scrip")).arg("prices").args(arguments).env_clear().output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path: PathBuf = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn an_imported_book_is_sound_stable_and_says_by_name_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book.json").to_str().unwrap().to_owned();
    let imported = prices(&["import", "--from", "litellm", EXCERPT, "-o", &book, "--source", "LiteLLM 1.109.1"]);
    assert_eq!(imported.status.code(), Some(0), "{}", err(&imported));
    assert!(
        err(&imported).contains("gpt-4o: input_cost_per_token_batches: a book has no unit for it\n"),
        "{}",
        err(&imported)
    );
    let last = err(&imported).lines().last().unwrap().to_owned();
    assert!(last.contains("left out, each named above: "), "{last}");
    let checked = prices(&["check", &book]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    assert!(out(&checked).ends_with(" rows: a sound price book\n"), "{}", out(&checked));
    let written = std::fs::read_to_string(&book).unwrap();
    assert!(written.contains("LiteLLM 1.109.1\"}"));
    // The same again, from the models turned round.
    let text = std::fs::read_to_string(EXCERPT).unwrap();
    let models: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&text).unwrap();
    let turned: Vec<String> = models.iter().rev().map(|(key, model)| format!("{key:?}:{model}")).collect();
    let turned = file(folder.path(), "turned.json", &format!("{{{}}}", turned.join(",")));
    let again = prices(&["import", "--from", "litellm", &turned, "--source", "LiteLLM 1.109.1"]);
    assert_eq!(out(&again), written);
}

#[test]
fn only_the_models_that_were_asked_for_are_imported() {
    let some = prices(&["import", "--from", "litellm", EXCERPT, "--only", "gpt-4o*", "whisper-1"]);
    assert_eq!(some.status.code(), Some(0), "{}", err(&some));
    assert_eq!(out(&some).lines().count(), 5, "{}", out(&some));
    let none = prices(&["import", "--from", "litellm", EXCERPT, "--only", "gpt-17*"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(err(&none).contains("no model's id is like gpt-17*"), "{}", err(&none));
}

#[test]
fn a_file_of_another_kind_is_refused_with_its_place_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("book.json");
    let wrong = prices(&["import", "--from", "genai-prices", EXCERPT, "-o", target.to_str().unwrap()]);
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(err(&wrong).lines().count(), 1, "{}", err(&wrong));
    assert!(err(&wrong).contains("the member \"providers\" is missing"), "{}", err(&wrong));
    assert!(!target.exists());
    let gone = prices(&["check", folder.path().join("none").to_str().unwrap()]);
    assert!(err(&gone).contains("cannot read") && gone.status.code() == Some(1), "{}", err(&gone));
}

#[test]
fn check_says_every_fault_and_diff_every_change() {
    let folder = tempfile::tempdir().unwrap();
    let row = |credits: &str, more: &str| {
        format!(
            r#"{{"id":"a","supplier":"s","name":"n","task":"other","prices":[{{"unit":"run","credits":"{credits}","per":"1"}}]{more}}}"#
        )
    };
    let book = |rows: &[String]| format!(r#"{{"version":1,"models":[{}]}}"#, rows.join(","));
    let bad = file(folder.path(), "bad.json", &book(&[row("NaN", r#","colour":"red""#), row("1", ""), row("-1", "")]));
    let checked = prices(&["check", &bad]);
    assert_eq!(checked.status.code(), Some(1));
    let lines: Vec<String> = out(&checked).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, start) in
        lines.iter().zip(["/models/0/colour: ", "/models/0/prices/0/credits: ", "/models/2/prices/0/credits: "])
    {
        assert!(line.starts_with(&format!("price_book_invalid: {start}")), "{line}");
    }
    let one = file(folder.path(), "one.json", &book(&[row("1", "")]));
    let other = file(folder.path(), "other.json", &book(&[row("1.000000001", "")]));
    let same = prices(&["diff", &one, &one]);
    assert_eq!((same.status.code(), out(&same)), (Some(0), String::new()));
    let differs = prices(&["diff", &one, &other]);
    assert_eq!((differs.status.code(), out(&differs)), (Some(1), "~ a: run 1 per 1 → 1.000000001 per 1\n".to_owned()));
    assert_eq!(prices(&["diff", &one, &bad]).status.code(), Some(2));
}
