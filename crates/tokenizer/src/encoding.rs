//! The encodings that can be counted.

use std::fmt;
use std::str::FromStr;

/// An encoding of OpenAI's models: a pre-tokenizer and a list of merges.
///
/// ```
/// use scrip_tokenizer::Encoding;
///
/// let encoding: Encoding = "o200k_base".parse()?;
/// assert_eq!(encoding, Encoding::O200kBase);
/// assert_eq!(encoding.to_string(), "o200k_base");
/// assert!("gpt2".parse::<Encoding>().is_err());
/// # Ok::<(), scrip_tokenizer::UnknownEncoding>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `o200k_base`: GPT-4o and later.
    O200kBase,
    /// `cl100k_base`: GPT-3.5, GPT-4 and the third generation of embeddings.
    Cl100kBase,
}

impl Encoding {
    /// Both, in the order of their numbers in a vocabulary file.
    pub const ALL: [Self; 2] = [Self::O200kBase, Self::Cl100kBase];

    /// The name that tiktoken, model lists and `Tokenizer.load` use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::O200kBase => "o200k_base",
            Self::Cl100kBase => "cl100k_base",
        }
    }

    /// How many merges the encoding has: its tokens without the 256 bytes and without special tokens.
    #[must_use]
    pub fn merges(self) -> usize {
        match self {
            Self::O200kBase => 199_742,
            Self::Cl100kBase => 100_000,
        }
    }

    /// The checksum of its merges; see `Vocabulary::read`. A test compares it with the ranks that a published crate carries.
    pub(crate) fn checksum(self) -> u64 {
        match self {
            Self::O200kBase => 0x339d_82a5_2346_fb5d,
            Self::Cl100kBase => 0x01e5_5c1c_5a8e_6f94,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is not one of an encoding that can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownEncoding;

impl fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the encoding is neither o200k_base nor cl100k_base")
    }
}

impl std::error::Error for UnknownEncoding {}

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|encoding| encoding.name() == name).ok_or(UnknownEncoding)
    }
}
