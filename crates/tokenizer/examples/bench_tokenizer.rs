//! How fast counting is natively, one JSON object a line, as `cargo xtask bench` reads them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/inputs.rs"]
mod inputs;
#[path = "support/ranks.rs"]
mod ranks;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use inputs::Random;
use scrip_tokenizer::{Counter, Encoding, Tokenizer, Vocabulary};

fn main() {
    for encoding in Encoding::ALL {
        let file = ranks::file(encoding);
        let (vocabulary, took) = timed(|| Arc::new(Vocabulary::read(file).unwrap()));
        figure(encoding, "vocabulary read", milliseconds(took), "ms", None);
        whole(encoding, &vocabulary);
        edits(encoding, &vocabulary);
    }
}

fn whole(encoding: Encoding, vocabulary: &Vocabulary) {
    let text = inputs::mixed(1_000_000);
    let mut tokenizer = Tokenizer::default();
    let (_, first) = timed(|| tokenizer.count(vocabulary, &text));
    figure(encoding, "first 1 MB", milliseconds(first), "ms", Some(("≤ 100", milliseconds(first) <= 100.0)));
    let steady = best(20, || tokenizer.count(vocabulary, &text));
    let rate = text.len() as f64 / steady.as_secs_f64() / 1e6;
    figure(encoding, "1 MB again", rate, "MB/s", Some(("≥ 17", rate >= 17.0)));
    for (name, text) in inputs::awkward() {
        let took = milliseconds(best(20, || Tokenizer::default().count(vocabulary, &text)));
        figure(encoding, &format!("100 KB of {name}"), took, "ms", Some(("≤ 10", took <= 10.0)));
    }
}

fn edits(encoding: Encoding, vocabulary: &Arc<Vocabulary>) {
    let mut inputs = vec![("mixed text", inputs::mixed(100_000))];
    inputs.extend(inputs::awkward());
    for (name, text) in inputs {
        let mut counter = Counter::new(vocabulary);
        counter.set_text(&text);
        let mut random = Random(1);
        let rounds = if name == "mixed text" { 20_000 } else { 200 };
        let mut times: Vec<Duration> = (0..rounds)
            .map(|_| {
                let at = random.below(counter.utf16_length()) as usize;
                timed(|| counter.edit(at, at, "e").and_then(|()| counter.edit(at, at + 1, ""))).1 / 2
            })
            .collect();
        times.sort_unstable();
        let at = |share: usize| times[times.len() * share / 1000].as_secs_f64() * 1e6;
        let bounds = |bound, met| (name == "mixed text").then_some((bound, met));
        figure(encoding, &format!("edit in 100 KB of {name}, median"), at(500), "µs", bounds("≤ 10", at(500) <= 10.0));
        figure(encoding, &format!("edit in 100 KB of {name}, p99"), at(990), "µs", bounds("≤ 100", at(990) <= 100.0));
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = black_box(work());
    (result, start.elapsed())
}

fn best<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    (0..rounds).map(|_| timed(&mut work).1).min().unwrap_or_default()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn figure(encoding: Encoding, name: &str, value: f64, unit: &str, bound: Option<(&str, bool)>) {
    let value = (value * 100.0).round() / 100.0;
    let (bound, met) =
        bound.map_or(("null".to_owned(), "null".to_owned()), |(bound, met)| (format!("{bound:?}"), met.to_string()));
    println!(
        r#"{{"group":"tokens","name":"native, {encoding}: {name}","value":{value},"unit":"{unit}","bound":{bound},"met":{met}}}"#
    );
}
