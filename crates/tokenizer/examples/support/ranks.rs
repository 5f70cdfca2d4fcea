//! The vocabularies as a published crate carries them: tiktoken-rs (MIT) with OpenAI's ranks.
#![allow(
    dead_code,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "each program takes what it needs"
)]

use std::collections::HashMap;
use std::sync::OnceLock;

use scrip_tokenizer::{Encoding, Vocabulary, write_vocabulary};
use tiktoken_rs::CoreBPE;

/// OpenAI's own engine, as tiktoken-rs carries it.
pub(crate) fn oracle(encoding: Encoding) -> &'static CoreBPE {
    match encoding {
        Encoding::O200kBase => tiktoken_rs::o200k_base_singleton(),
        Encoding::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
    }
}

/// The bytes of all tokens in the order of their ranks.
pub(crate) fn tokens(encoding: Encoding) -> Vec<Vec<u8>> {
    let ranks = 0..256 + encoding.merges() as u32;
    ranks.map(|rank| oracle(encoding).decode_bytes(&[rank]).expect("ranks have no gap")).collect()
}

/// The vocabulary's file, made once.
pub(crate) fn file(encoding: Encoding) -> &'static [u8] {
    static MADE: [OnceLock<Vec<u8>>; 2] = [const { OnceLock::new() }; 2];
    let place = Encoding::ALL.iter().position(|one| *one == encoding).expect("ALL has all");
    MADE[place].get_or_init(|| make(encoding))
}

/// The vocabulary's file: deterministic, and refused by [`write_vocabulary`] if the crate carried anything else.
fn make(encoding: Encoding) -> Vec<u8> {
    let tokens = tokens(encoding);
    let ranks: HashMap<&[u8], u32> = (0..).zip(&tokens).map(|(rank, token)| (token.as_slice(), rank)).collect();
    let halves: Vec<(u32, u32)> = tokens.iter().skip(256).map(|token| halves(token, &ranks)).collect();
    write_vocabulary(encoding, &halves).unwrap_or_else(|found| panic!("not the merges of {encoding}: {found:#018x}"))
}

/// The vocabulary itself.
pub(crate) fn vocabulary(encoding: Encoding) -> Vocabulary {
    Vocabulary::read(file(encoding)).expect("what was just written")
}

/// The two tokens whose merge makes this one: what merging leaves when this merge does not exist.
fn halves(token: &[u8], ranks: &HashMap<&[u8], u32>) -> (u32, u32) {
    let mut borders: Vec<usize> = (0..=token.len()).collect();
    while borders.len() > 3 {
        let (_, at) = (1..borders.len() - 1)
            .filter_map(|at| Some((*ranks.get(&token[borders[at - 1]..borders[at + 1]])?, at)))
            .min()
            .expect("every token comes from merges");
        borders.remove(at);
    }
    (ranks[&token[..borders[1]]], ranks[&token[borders[1]..]])
}
