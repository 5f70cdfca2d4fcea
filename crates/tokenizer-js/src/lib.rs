//! The JavaScript API of the tokenizer. Every export parses its arguments, makes one call to the tokenizer and converts the
//! answer; `tokenizer.js` of the package gives it names, types and `ScripError`.
#![deny(unsafe_code)]

mod counts;
mod error;
mod text;

pub use counts::Counts;
pub use text::EditedText;
