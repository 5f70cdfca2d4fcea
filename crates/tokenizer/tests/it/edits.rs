//! Edits: what is counted afterwards is what the same text counts anew.

use scrip_tokenizer::{Counter, Encoding, OutOfRange};

use crate::random::{self, Random};
use crate::{rounds, vocabulary};

/// A counter beside the text as a page has it.
struct Edited {
    encoding: Encoding,
    counter: Counter,
    units: Vec<u16>,
}

impl Edited {
    fn new(encoding: Encoding, text: &str) -> Self {
        let mut counter = Counter::new(vocabulary(encoding));
        counter.set_text(text);
        Self { encoding, counter, units: text.encode_utf16().collect() }
    }

    fn edit(&mut self, start: usize, end: usize, inserted: &[u16]) {
        self.counter.edit_utf16(start, end, inserted).unwrap();
        self.units.splice(start..end, inserted.iter().copied());
    }

    #[track_caller]
    fn is_as_if_new(&self, what: &str) {
        let text = String::from_utf16_lossy(&self.units);
        let counter = &self.counter;
        let found =
            (counter.tokens(), counter.characters(), counter.bytes(), counter.utf16_length(), counter.is_exact());
        let exact = String::from_utf16(&self.units).is_ok();
        let tokens = vocabulary(self.encoding).count(&text);
        let expected = (Some(tokens), text.chars().count() as u64, text.len() as u64, self.units.len() as u64, exact);
        assert_eq!(found, expected, "{what}, {}: {text:?}", self.encoding);
    }
}

/// A few edits anywhere; surrogate pairs are torn and mended, blocks emptied, joined and cut.
fn sequence(seed: u64) {
    let mut random = Random::new(seed);
    let length = [0, 10, 200, 1500][random.below(4)];
    let mut edited = Edited::new(Encoding::ALL[random.below(2)], &random::text(&mut random, length));
    for step in 0..1 + random.below(12) {
        let length = edited.units.len();
        let start = random.below(length + 1);
        let longest = [0, 1, 3, 40, length][random.below(5)];
        let end = start + random.below((length - start).min(longest) + 1);
        let mut inserted: Vec<u16> = match random.below(5) {
            0 => Vec::new(),
            1 => random::character(&mut random).to_string().encode_utf16().collect(),
            2 => vec![[0xd83e, 0xdd14, 0x20, 0x0a, 0x61][random.below(5)]],
            3 => {
                let count = 1 + random.below(8);
                random::text(&mut random, count).encode_utf16().collect()
            }
            _ => {
                let count = random.below(400);
                random::text(&mut random, count).encode_utf16().collect()
            }
        };
        if random.below(4) == 0 {
            // Half a pair at one of the ends.
            let at = if random.below(2) == 0 { 0 } else { inserted.len() };
            inserted.insert(at, [0xd83e, 0xdd14][random.below(2)]);
        }
        edited.edit(start, end, &inserted);
        edited.is_as_if_new(&format!("seed {seed}, step {step}"));
    }
}

#[test]
fn any_sequence_of_edits_counts_as_the_resulting_text_does() {
    (0..rounds(100_000) as u64).for_each(sequence);
}

#[test]
fn typing_a_text_and_deleting_it_again_counts_every_state() {
    let text = "Hello,  world's\n\n  naïve 🤔 12345 fooBAR中文 ' \n\t x";
    for encoding in Encoding::ALL {
        let mut edited = Edited::new(encoding, "");
        for unit in text.encode_utf16() {
            edited.edit(edited.units.len(), edited.units.len(), &[unit]);
            edited.is_as_if_new("typed");
        }
        while !edited.units.is_empty() {
            edited.edit(0, 1, &[]);
            edited.is_as_if_new("deleted");
        }
    }
}

#[test]
fn edits_around_and_inside_giant_pieces_are_exact() {
    for unit in ["a", " ", "\n", "=", "中", "A", " \n"] {
        for encoding in Encoding::ALL {
            let mut edited = Edited::new(encoding, &format!("words before {} words after", unit.repeat(3000)));
            let mut random = Random::new(3);
            for _ in 0..rounds(100) {
                let start = random.below(edited.units.len());
                let end = edited.units.len().min(start + random.below(3));
                let inserted: Vec<u16> = random.pick(&[unit, "", "x", "'s", "\n", " ", "1"]).encode_utf16().collect();
                edited.edit(start, end, &inserted);
                edited.is_as_if_new(unit);
            }
        }
    }
}

/// As a key that is held down does it: one edit after the other where the last one was.
#[test]
fn typing_and_deleting_at_one_place_in_a_giant_piece_is_exact_at_every_key() {
    for unit in ["a", " ", "=", "中", "é"] {
        for encoding in Encoding::ALL {
            let mut edited = Edited::new(encoding, &unit.repeat(4000));
            let unit: Vec<u16> = unit.encode_utf16().collect();
            let start = 1234;
            let keys = rounds(150);
            for at in start..start + keys {
                edited.edit(at, at, &unit);
                edited.is_as_if_new("typed");
            }
            for at in (start - keys..start + keys).rev() {
                edited.edit(at, at + 1, &[]);
                edited.is_as_if_new("deleted");
            }
        }
    }
}

#[test]
fn a_torn_pair_is_reported_and_mends() {
    let mut edited = Edited::new(Encoding::O200kBase, "before 🤔 after");
    assert!(edited.counter.is_exact());
    edited.edit(8, 9, &[]);
    assert!(!edited.counter.is_exact());
    edited.is_as_if_new("torn");
    assert_eq!(edited.counter.text(), "before \u{fffd} after");
    edited.edit(8, 8, &[0xdd14]);
    edited.is_as_if_new("mended");
    assert_eq!(edited.counter.text(), "before 🤔 after");
    // From outside: the low half is kept and the high one put before it.
    edited.edit(7, 8, &[]);
    edited.edit(7, 7, &[0xd83e]);
    edited.is_as_if_new("mended from the left");
    assert!(edited.counter.is_exact());
}

#[test]
fn an_edit_out_of_range_changes_nothing() {
    let mut edited = Edited::new(Encoding::O200kBase, "twelve chars");
    let length = 12;
    for (start, end) in [(0, 13), (13, 13), (5, 4), (usize::MAX, usize::MAX), (0, usize::MAX)] {
        assert_eq!(edited.counter.edit(start, end, "x"), Err(OutOfRange { start, end, length }));
        edited.is_as_if_new("refused");
    }
    edited.edit(12, 12, &[0x21]);
    edited.is_as_if_new("exactly at the end");
}

#[test]
fn a_vocabulary_may_come_late_and_leave_again() {
    let text = random::text(&mut Random::new(1), 5000);
    let mut counter = Counter::without_vocabulary();
    counter.set_text(&text);
    counter.edit(100, 110, "not yet").unwrap();
    assert_eq!((counter.tokens(), counter.characters()), (None, counter.text().chars().count() as u64));
    for encoding in Encoding::ALL {
        counter.set_vocabulary(Some(vocabulary(encoding)));
        assert_eq!(counter.tokens(), Some(vocabulary(encoding).count(&counter.text())));
    }
    counter.set_vocabulary(None);
    assert_eq!(counter.tokens(), None);
}

#[test]
fn without_a_vocabulary_characters_and_bytes_are_right_after_any_edit() {
    for seed in 0..rounds(5_000) as u64 {
        let mut random = Random::new(seed);
        let mut counter = Counter::without_vocabulary();
        let mut units: Vec<u16> = random::text(&mut random, 800).encode_utf16().collect();
        counter.set_utf16(&units);
        for _ in 0..5 {
            let start = random.below(units.len() + 1);
            let end = start + random.below(units.len() - start + 1).min(20);
            let count = random.below(30);
            let inserted: Vec<u16> = random::text(&mut random, count).encode_utf16().collect();
            counter.edit_utf16(start, end, &inserted).unwrap();
            units.splice(start..end, inserted);
            let text = String::from_utf16_lossy(&units);
            assert_eq!(counter.text(), text, "seed {seed}");
            assert_eq!((counter.characters(), counter.bytes()), (text.chars().count() as u64, text.len() as u64));
        }
    }
}
