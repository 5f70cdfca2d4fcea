//! ```text
//! '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s
//! ```

use super::{Piece, contraction, number, white};
use crate::classes::{Classes, LETTER, LINE_END, MARK, NUMBER, OTHER};

pub(super) fn piece(classes: &Classes, text: &[u8], position: usize) -> Piece {
    let contracted = contraction(text, position);
    if contracted > position {
        return Piece::new(contracted, contracted);
    }
    let (first, length) = classes.at(text, position);
    let second = position + length;
    if first == NUMBER {
        return number(classes, text, second);
    }
    if first != LINE_END {
        let letters = classes.run(text, second, LETTER);
        if first & LETTER != 0 || letters > second {
            return Piece::new(letters, letters);
        }
        if first & (OTHER | MARK) != 0 || text.get(position) == Some(&b' ') {
            let end = classes.run(text, second, OTHER | MARK);
            if first & (OTHER | MARK) != 0 || end > second {
                let end = classes.run(text, end, LINE_END);
                return Piece::new(end, end);
            }
        }
    }
    let white = white(classes, text, position);
    match white.after_line_end {
        // `\s++$` comes first: at the end of the text line ends and blanks stay together.
        Some(end) if white.end < text.len() => Piece::new(end, white.end),
        _ => white.rest(position, text.len()),
    }
}
