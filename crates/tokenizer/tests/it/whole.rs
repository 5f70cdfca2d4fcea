//! Whole texts.

use scrip_tokenizer::{Encoding, Tokenizer};

use crate::random::{self, Random};
use crate::{ranks, rounds, vocabulary};

#[track_caller]
fn equals_the_oracle(encoding: Encoding, text: &str) {
    let expected = ranks::oracle(encoding).encode_ordinary(text).len() as u64;
    assert_eq!(
        vocabulary(encoding).count(text),
        expected,
        "{encoding}: {:?}",
        text.chars().take(200).collect::<String>()
    );
}

#[test]
fn every_token_that_is_text_counts_as_one_or_as_the_oracle_says() {
    for encoding in Encoding::ALL {
        let mut tokenizer = Tokenizer::default();
        let step = if cfg!(debug_assertions) { 20 } else { 1 };
        for token in ranks::tokens(encoding).into_iter().step_by(step) {
            if let Ok(text) = String::from_utf8(token) {
                let expected = ranks::oracle(encoding).encode_ordinary(&text).len() as u64;
                assert_eq!(tokenizer.count(vocabulary(encoding), &text), expected, "{encoding}: {text:?}");
            }
        }
    }
}

#[test]
fn every_code_point_counts_as_the_oracle_says_alone_and_in_company() {
    for encoding in Encoding::ALL {
        let mut tokenizer = Tokenizer::default();
        for found in ('\0'..=char::MAX).step_by(if cfg!(debug_assertions) { 101 } else { 1 }) {
            // Which class a character has shows in where the text around it is split.
            let text = format!("{found} a{found}b {found}A{found}{found}\n{found}1");
            let expected = ranks::oracle(encoding).encode_ordinary(&text).len() as u64;
            assert_eq!(
                tokenizer.count(vocabulary(encoding), &text),
                expected,
                "{encoding}: {text:?} U+{:04X}",
                found as u32
            );
        }
    }
}

#[test]
fn random_text_of_many_scripts_counts_as_the_oracle_says() {
    for seed in 0..rounds(20_000) as u64 {
        let mut random = Random::new(seed);
        let text = {
            let length = 1 + random.below(60);
            random::text(&mut random, length)
        };
        Encoding::ALL.iter().for_each(|&encoding| equals_the_oracle(encoding, &text));
    }
}

#[test]
fn source_code_and_prose_count_as_the_oracle_says() {
    for text in [
        include_str!("whole.rs"),
        include_str!("random.rs"),
        include_str!("../../src/scan.rs"),
        "",
        " ",
        "\n",
        "\n  ",
        "a\n  ",
    ] {
        Encoding::ALL.iter().for_each(|&encoding| equals_the_oracle(encoding, text));
    }
}

#[test]
fn long_pieces_count_as_the_oracle_says() {
    let length = if cfg!(debug_assertions) { 600 } else { 9_000 };
    let mut random = Random::new(7);
    let letters = |random: &mut Random, first: u32, count: u32| {
        (0..length).filter_map(|_| char::from_u32(first + random.next() as u32 % count)).collect::<String>()
    };
    let mut texts =
        vec![letters(&mut random, 0x61, 26), letters(&mut random, 0x61, 2), letters(&mut random, 0x4e00, 20_000)];
    texts.extend([letters(&mut random, 0xe01, 40), letters(&mut random, 0x3041, 80), letters(&mut random, 0x21, 15)]);
    texts.extend(
        ["a", " ", "\n", "=", "ab", "-=", "啊", "é", " \n", "\n ", "𝒳", "\u{301}"].map(|unit| unit.repeat(length)),
    );
    texts.extend(["A", "ABCDE", "Aʰ"].map(|unit| unit.repeat(length) + "b"));
    for text in &texts {
        Encoding::ALL.iter().for_each(|&encoding| equals_the_oracle(encoding, text));
        // And with the borders of the stretches elsewhere.
        Encoding::ALL.iter().for_each(|&encoding| equals_the_oracle(encoding, &format!(" x{text}")));
    }
}
