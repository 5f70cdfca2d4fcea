//! Exact token counts for `o200k_base` and `cl100k_base`, whole or incremental, in linear time on any input.
//!
//! - [`Vocabulary`] is read from its file, which is a separate asset; [`Vocabulary::count`] counts a text, [`Tokenizer`] many.
//! - [`Counter`] holds a text that is being edited: tokens, characters and bytes are right after every edit, and an edit costs
//!   what it touches, however long the text is. Without a vocabulary it counts everything but tokens.
//!
//! Counts equal those of OpenAI's tiktoken, whose special tokens are read as plain text here (`encode_ordinary`).
//!
//! Three things make it linear: the pre-tokenizers are written out by hand and look at each character a bounded number of times
//! (`scan`), long pieces are merged with a queue that knows that ranks only rise (`merges::long`), and an edit re-splits only
//! until the pre-tokenizer is in step with the old pieces again (`counter`).

#![forbid(unsafe_code)]

mod classes;
mod counter;
mod encoding;
mod merges;
mod scan;
mod tokenizer;
mod vocabulary;

pub use counter::{Counter, OutOfRange};
pub use encoding::{Encoding, UnknownEncoding};
pub use tokenizer::Tokenizer;
pub use vocabulary::{Vocabulary, VocabularyError, write_vocabulary};
