//! The pre-tokenizers: where the next piece of a text ends.
//!
//! Each encoding's regular expression is written out as a scanner that looks at every character a bounded number of times. A piece
//! depends on nothing before its start, and [`Piece::seen`] tells how far behind its end the decision looked.

mod cl100k;
mod o200k;

use crate::classes::{Classes, LINE_END, NUMBER, SPACE};
use crate::encoding::Encoding;

/// How far a decision can look beyond the last character it names: that character and a contraction behind it.
const MARGIN: usize = 8;

/// The next piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Where it ends and the next one starts.
    pub(crate) end: usize,
    /// The text before this position decided it; beyond the end of the text when its end did.
    pub(crate) seen: usize,
}

impl Piece {
    fn new(end: usize, looked_at: usize) -> Self {
        Self { end, seen: looked_at.max(end) + MARGIN }
    }
}

/// The piece of `text` that starts at `position`, which lies before the end.
#[inline]
pub(crate) fn piece(encoding: Encoding, classes: &Classes, text: &[u8], position: usize) -> Piece {
    match encoding {
        Encoding::O200kBase => o200k::piece(classes, text, position),
        Encoding::Cl100kBase => cl100k::piece(classes, text, position),
    }
}

/// `\p{N}{1,3}`, the first of which is known.
fn number(classes: &Classes, text: &[u8], second: usize) -> Piece {
    let mut end = second;
    for _ in 0..2 {
        let (class, length) = classes.at(text, end);
        if class & NUMBER == 0 {
            break;
        }
        end += length;
    }
    Piece::new(end, end)
}

/// A run of white space: where it ends, where its last line end does, and where its last character starts.
struct White {
    end: usize,
    after_line_end: Option<usize>,
    last: usize,
}

fn white(classes: &Classes, text: &[u8], position: usize) -> White {
    let mut white = White { end: position, after_line_end: None, last: position };
    loop {
        let (class, length) = classes.at(text, white.end);
        if class & (SPACE | LINE_END) == 0 {
            return white;
        }
        white.last = white.end;
        white.end += length;
        if class == LINE_END {
            white.after_line_end = Some(white.end);
        }
    }
}

impl White {
    /// `\s+(?!\S)|\s+`: all at the end of the text, else all but the last, else the only one.
    fn rest(&self, position: usize, length: usize) -> Piece {
        let end = if self.end < length && self.last > position { self.last } else { self.end };
        Piece::new(end, self.end)
    }
}

/// Where `(?i:'s|'t|'re|'ve|'m|'ll|'d)?` ends. Ignoring case, ſ (U+017F) is an s.
fn contraction(text: &[u8], position: usize) -> usize {
    if text.get(position) != Some(&b'\'') {
        return position;
    }
    let lower = |offset: usize| text.get(position + offset).map(|byte| byte | 0x20);
    let length = match lower(1) {
        Some(b's' | b't' | b'm' | b'd') => 2,
        Some(b'l') if lower(2) == Some(b'l') => 3,
        Some(b'v' | b'r') if lower(2) == Some(b'e') => 3,
        _ if text.get(position + 1..position + 3) == Some("ſ".as_bytes()) => 3,
        _ => 0,
    };
    position + length
}
