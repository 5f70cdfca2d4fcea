//! Vocabulary files: ours, and what is not.

use scrip_tokenizer::{Encoding, Vocabulary, VocabularyError};

use crate::ranks;

#[test]
fn a_file_that_is_cut_off_or_followed_by_something_names_both_lengths() {
    let encoding = Encoding::Cl100kBase;
    let mut file = ranks::file(encoding).to_vec();
    let expected = file.len();
    file.push(0);
    let wrong = |found| VocabularyError::Length { encoding, expected, found };
    assert_eq!(Vocabulary::read(&file).unwrap_err(), wrong(expected + 1));
    assert_eq!(Vocabulary::read(&file[..expected - 1]).unwrap_err(), wrong(expected - 1));
    assert_eq!(Vocabulary::read(&file[..8]).unwrap_err(), wrong(8));
    assert!(Vocabulary::read(&file[..expected]).is_ok());
}

#[test]
fn a_single_changed_bit_is_found() {
    let encoding = Encoding::Cl100kBase;
    let file = ranks::file(encoding);
    for at in (8..file.len()).step_by(file.len() / 20) {
        let mut damaged = file.to_vec();
        damaged[at] ^= 1;
        assert_eq!(Vocabulary::read(&damaged).unwrap_err(), VocabularyError::Damaged { encoding });
    }
}

#[test]
fn other_bytes_are_not_a_vocabulary() {
    for bytes in [&b""[..], b"SCRIPV1", b"SCRIPV1\x02", b"SCRIPV2\x00", b"<!doctype html>", &[0; 5000]] {
        assert_eq!(Vocabulary::read(bytes).unwrap_err(), VocabularyError::NotAVocabulary);
    }
}
