//! The vocabulary of an encoding, as read from its file.

mod file;

use std::fmt;

use crate::classes::Classes;
use crate::encoding::Encoding;
use crate::merges::Merges;
use crate::tokenizer::Tokenizer;

pub use file::write as write_vocabulary;

/// The merges of one encoding, ready to count. It takes some 7 MB in memory (o200k_base), is read-only and shared by counters.
///
/// The file is a separate asset (`cargo xtask pack` makes it), so whoever counts nothing exactly loads nothing.
///
/// ```no_run
/// use scrip_tokenizer::Vocabulary;
///
/// let vocabulary = Vocabulary::read(&std::fs::read("o200k_base.bin")?)?;
/// assert_eq!(vocabulary.count("hello world"), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Vocabulary {
    pub(crate) encoding: Encoding,
    pub(crate) merges: Merges,
    pub(crate) classes: Classes,
}

impl Vocabulary {
    /// Reads a vocabulary file, all of it or nothing.
    ///
    /// # Errors
    /// [`VocabularyError`] tells what is wrong: not such a file, its length, or its content.
    pub fn read(bytes: &[u8]) -> Result<Self, VocabularyError> {
        let (encoding, halves) = file::read(bytes)?;
        let merges = Merges::new(halves).ok_or(VocabularyError::Damaged { encoding })?;
        Ok(Self { encoding, merges, classes: Classes::new() })
    }

    /// The encoding whose tokens it counts.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The number of tokens of a text, special tokens read as plain text. A [`Tokenizer`] counts many texts faster.
    #[must_use]
    pub fn count(&self, text: &str) -> u64 {
        Tokenizer::default().count(self, text)
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vocabulary").field("encoding", &self.encoding).finish_non_exhaustive()
    }
}

/// Why bytes are not a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VocabularyError {
    /// They do not end as a vocabulary file of this version does: another file, or the end of ours is missing.
    NotAVocabulary {
        /// How many bytes there are.
        found: usize,
    },
    /// They end as one does, but something is missing or too much before that.
    Length {
        /// What the file says it holds.
        encoding: Encoding,
        /// The bytes that such a file has.
        expected: usize,
        /// The bytes that there are.
        found: usize,
    },
    /// The length is right and the content is not: its checksum differs.
    Damaged {
        /// What the file says it holds.
        encoding: Encoding,
    },
}

impl VocabularyError {
    /// The stable code: `vocabulary_invalid`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "vocabulary_invalid"
    }
}

impl fmt::Display for VocabularyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAVocabulary { found } => write!(f, "these {found} bytes are not a whole vocabulary file"),
            Self::Length { encoding, expected, found } => {
                write!(f, "a vocabulary of {encoding} has {expected} bytes, this has {found}")
            }
            Self::Damaged { encoding } => write!(f, "the vocabulary of {encoding} is damaged"),
        }
    }
}

impl std::error::Error for VocabularyError {}
