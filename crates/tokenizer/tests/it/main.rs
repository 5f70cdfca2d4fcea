//! Counts against OpenAI's own engine (in tiktoken-rs), and counting after edits against counting anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../../examples/support/ranks.rs"]
mod ranks;

mod edits;
mod files;
mod random;
mod whole;

use std::sync::{Arc, OnceLock};

use scrip_tokenizer::{Encoding, Vocabulary};

fn vocabulary(encoding: Encoding) -> &'static Arc<Vocabulary> {
    static READ: [OnceLock<Arc<Vocabulary>>; 2] = [const { OnceLock::new() }; 2];
    let place = Encoding::ALL.iter().position(|one| *one == encoding).expect("ALL has all");
    READ[place].get_or_init(|| Arc::new(ranks::vocabulary(encoding)))
}

/// More rounds where the code is optimised.
fn rounds(full: usize) -> usize {
    if cfg!(debug_assertions) { full.div_ceil(50) } else { full }
}
