//! Counting whole texts.

mod cache;

use crate::merges::LongPieces;
use crate::scan;
use crate::vocabulary::Vocabulary;
use cache::Cache;

/// Working space for counting: a cache of the pieces counted last and the buffers for long ones.
///
/// Counts do not depend on what was counted before; only the speed does.
///
/// ```no_run
/// # use scrip_tokenizer::{Tokenizer, Vocabulary};
/// # let vocabulary = Vocabulary::read(&std::fs::read("o200k_base.bin")?)?;
/// let mut tokenizer = Tokenizer::default();
/// for line in ["first", "second"] {
///     println!("{}", tokenizer.count(&vocabulary, line));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Tokenizer {
    cache: Cache,
    long: LongPieces,
}

impl Tokenizer {
    /// The number of tokens of a text, special tokens read as plain text.
    pub fn count(&mut self, vocabulary: &Vocabulary, text: &str) -> u64 {
        self.belongs_to(vocabulary);
        let text = text.as_bytes();
        let (mut position, mut tokens) = (0, 0);
        while position < text.len() {
            let end = scan::piece(vocabulary.encoding, &vocabulary.classes, text, position).end;
            tokens += u64::from(self.piece(vocabulary, text, position, end));
            position = end;
        }
        tokens
    }

    /// Must come before pieces of a vocabulary are counted.
    pub(crate) fn belongs_to(&mut self, vocabulary: &Vocabulary) {
        self.cache.belongs_to(vocabulary);
    }

    /// The number of tokens of the piece `text[start..end]`.
    #[inline]
    pub(crate) fn piece(&mut self, vocabulary: &Vocabulary, text: &[u8], start: usize, end: usize) -> u32 {
        let merges = &vocabulary.merges;
        let piece = || text.get(start..end).unwrap_or_default();
        match end - start {
            1 => 1,
            2..=cache::LONGEST => self.cache.count(text, start, end - start, || merges.count(piece(), &mut self.long)),
            _ => merges.count(piece(), &mut self.long),
        }
    }
}
