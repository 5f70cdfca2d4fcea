//! Vocabulary files: ours, and what is not.

use scrip_tokenizer::{Encoding, Vocabulary, VocabularyError};

use crate::ranks;

#[test]
fn a_file_that_is_cut_off_or_too_long_is_refused_with_its_length() {
    let encoding = Encoding::Cl100kBase;
    let file = ranks::file(encoding);
    let expected = file.len();
    for found in [expected - 1, 8, 1] {
        assert_eq!(Vocabulary::read(&file[..found]).unwrap_err(), VocabularyError::NotAVocabulary { found });
    }
    let wrong = VocabularyError::Length { encoding, expected, found: expected - 1 };
    assert_eq!(Vocabulary::read(&file[1..]).unwrap_err(), wrong);
    let longer = [&[0], file].concat();
    let wrong = VocabularyError::Length { encoding, expected, found: expected + 1 };
    assert_eq!(Vocabulary::read(&longer).unwrap_err(), wrong);
    let longer = [file, &[0]].concat();
    assert_eq!(Vocabulary::read(&longer).unwrap_err(), VocabularyError::NotAVocabulary { found: expected + 1 });
    assert!(Vocabulary::read(file).is_ok());
}

#[test]
fn a_single_changed_bit_is_found() {
    let encoding = Encoding::Cl100kBase;
    let file = ranks::file(encoding);
    for at in (0..file.len() - 8).step_by(file.len() / 20) {
        let mut damaged = file.to_vec();
        damaged[at] ^= 1;
        assert_eq!(Vocabulary::read(&damaged).unwrap_err(), VocabularyError::Damaged { encoding });
    }
}

#[test]
fn other_bytes_are_not_a_vocabulary() {
    for bytes in [&b""[..], b"SCRIPV1", b"SCRIPV1\x02", b"SCRIPV2\x00", b"<!doctype html>", &[0; 500_008]] {
        assert_eq!(Vocabulary::read(bytes).unwrap_err(), VocabularyError::NotAVocabulary { found: bytes.len() });
    }
}
