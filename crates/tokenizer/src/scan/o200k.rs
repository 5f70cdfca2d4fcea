//! ```text
//! [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
//! |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
//! |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
//! ```

use super::{Piece, contraction, number, white};
use crate::classes::{CASELESS, Classes, LETTER, LINE_END, LOWER, MARK, NUMBER, OTHER, UPPER};

/// `[\p{Lm}\p{Lo}\p{M}]`, which both halves of a word may contain
const EITHER: u8 = CASELESS | MARK;

pub(super) fn piece(classes: &Classes, text: &[u8], position: usize) -> Piece {
    let (first, length) = classes.at(text, position);
    let second = position + length;
    if first & LETTER != 0 {
        let word = word(classes, text, position);
        return with_contraction(text, word.end(), word.looked_at);
    }
    if first == NUMBER {
        return number(classes, text, second);
    }
    if first != LINE_END {
        // The first alternative behind this character, the same without it, the second behind it: a mark is both
        // a character before a word and a whole word.
        let word = word(classes, text, second);
        if let Some(end) = word.lower_end {
            return with_contraction(text, end, word.looked_at);
        }
        if first == MARK {
            return with_contraction(text, second, word.looked_at);
        }
        if word.upper_end > second {
            return with_contraction(text, word.upper_end, word.looked_at);
        }
        if let Some(piece) = punctuation(classes, text, position, first, second) {
            return piece;
        }
    }
    let white = white(classes, text, position);
    match white.after_line_end {
        Some(end) => Piece::new(end, white.end),
        None => white.rest(position, text.len()),
    }
}

/// What the letters from a place on are.
struct Word {
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`
    lower_end: Option<usize>,
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+` (nothing more, where the above is not)
    upper_end: usize,
    looked_at: usize,
}

impl Word {
    fn end(&self) -> usize {
        self.lower_end.unwrap_or(self.upper_end)
    }
}

fn word(classes: &Classes, text: &[u8], position: usize) -> Word {
    let mut upper_end = position;
    let mut after_either = None;
    loop {
        let (class, length) = classes.at(text, upper_end);
        if class & (UPPER | EITHER) == 0 {
            if class == LOWER {
                let end = classes.run(text, upper_end + length, LOWER | EITHER);
                return Word { lower_end: Some(end), upper_end, looked_at: end };
            }
            // Given back one by one until the last of them can be the second half.
            return Word { lower_end: after_either, upper_end, looked_at: upper_end };
        }
        upper_end += length;
        if class & EITHER != 0 {
            after_either = Some(upper_end);
        }
    }
}

fn with_contraction(text: &[u8], end: usize, looked_at: usize) -> Piece {
    Piece::new(contraction(text, end), looked_at)
}

/// ` ?[^\s\p{L}\p{N}]+[\r\n/]*`
fn punctuation(classes: &Classes, text: &[u8], position: usize, first: u8, second: usize) -> Option<Piece> {
    if first != OTHER && text.get(position) != Some(&b' ') {
        return None;
    }
    let mut end = classes.run(text, second, OTHER | MARK);
    if first != OTHER && end == second {
        return None;
    }
    while let Some(b'\r' | b'\n' | b'/') = text.get(end) {
        end += 1;
    }
    Some(Piece::new(end, end))
}
