//! Compares counts with those of another engine, over files of any size.
//!
//! The other engine writes a list: one JSON line per text, `{"text": …, "o200k_base": n, "cl100k_base": n}`; see
//! `tests/tokens/oracle.py`, which does so with PyPI tiktoken. Every text is counted whole, and typed in pieces into a counter.
//!
//! `cargo run --release -p scrip-tokenizer --example compare -- LIST`

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "support/ranks.rs"]
mod ranks;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;
use std::sync::Arc;

use scrip_tokenizer::{Counter, Encoding, Tokenizer};
use serde_json::Value;

fn main() -> ExitCode {
    let list = std::env::args().nth(1).expect("the list to compare with");
    let engines = Encoding::ALL.map(|encoding| Arc::new(ranks::vocabulary(encoding)));
    let mut tokenizers = [Tokenizer::default(), Tokenizer::default()];
    let (mut texts, mut bytes, mut wrong) = (0_u64, 0_u64, 0_u64);
    for line in BufReader::new(File::open(list).unwrap()).lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = line["text"].as_str().unwrap();
        (texts, bytes) = (texts + 1, bytes + text.len() as u64);
        for ((encoding, vocabulary), tokenizer) in Encoding::ALL.into_iter().zip(&engines).zip(&mut tokenizers) {
            let expected = line[encoding.name()].as_u64().unwrap();
            let whole = tokenizer.count(vocabulary, text);
            let mut counter = Counter::new(vocabulary);
            type_in_pieces(&mut counter, text);
            let typed = counter.tokens().unwrap_or_default();
            if (whole, typed) != (expected, expected) {
                wrong += 1;
                let start: String = text.chars().take(120).collect();
                println!("{encoding}: {expected} expected, {whole} counted, {typed} typed: {start:?}");
            }
        }
    }
    println!(r#"{{"texts":{texts},"bytes":{bytes},"mismatches":{wrong}}}"#);
    if wrong == 0 && texts > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The second half first, then what stands before it, in stretches.
fn type_in_pieces(counter: &mut Counter, text: &str) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let (before, behind) = units.split_at(units.len() / 2);
    counter.edit_utf16(0, 0, behind).unwrap();
    let mut at = 0;
    for stretch in before.chunks(977) {
        counter.edit_utf16(at, at, stretch).unwrap();
        at += stretch.len();
    }
}
