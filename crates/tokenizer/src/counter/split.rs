//! Splitting what an edit touched into pieces and those into blocks, until the old blocks fit again.

use super::block::Span;
use super::blocks::Blocks;
use super::wtf8;
use crate::scan::{self, Piece};
use crate::tokenizer::Tokenizer;
use crate::vocabulary::Vocabulary;

/// A new text is cut into blocks of about so many bytes …
const NEW_BLOCK: usize = 256;
/// … which may grow so long before they are cut in two. A longer piece is a block of its own.
const LONGEST_BLOCK: usize = 512;
/// A block shorter than this is joined with a neighbour.
const SHORTEST_BLOCK: usize = 64;

/// The working space of an edit.
#[derive(Default)]
pub(super) struct Splitter {
    /// The new text, from the start of a block on; split() appends what lies behind as far as it has to look.
    pub(super) text: Vec<u8>,
    /// What it was split into.
    pub(super) made: Vec<Span>,
    /// Where in `text` the old blocks behind the edit start; the last entry is the end of `text`.
    starts: Vec<usize>,
    /// A piece with U+FFFD for lone surrogates.
    mended: Vec<u8>,
}

/// The old blocks behind the edit: which of them are in the text already, and which may be in step.
struct Behind<'a> {
    blocks: &'a Blocks,
    /// The block that starts at `starts[0]`.
    first: usize,
    /// Index in `starts` of the next one that can be in step.
    next: usize,
}

impl Splitter {
    /// Splits `self.text`, which replaces blocks `start..end`, into `self.made`. Returns up to which block it replaces them.
    pub(super) fn split(
        &mut self,
        blocks: &Blocks,
        start: usize,
        end: usize,
        vocabulary: Option<&Vocabulary>,
        tokenizer: &mut Tokenizer,
    ) -> usize {
        self.made.clear();
        self.starts.clear();
        self.starts.push(self.text.len());
        if let Some(vocabulary) = vocabulary {
            tokenizer.belongs_to(vocabulary);
        }
        let longest = if blocks.len() == 0 { NEW_BLOCK } else { LONGEST_BLOCK };
        let mut behind = Behind { blocks, first: end, next: 0 };
        let mut looked_at = start.checked_sub(1).and_then(|before| blocks.get(before)).map_or(0, |block| block.reach);
        let mut span = Span { start: 0, end: 0, tokens: 0, reach: 0 };
        loop {
            if self.in_step(&mut behind, span.end) && self.finished(&behind, &mut span, looked_at) {
                return behind.first + behind.next;
            }
            let piece = self.piece(&mut behind, vocabulary, span.end);
            if span.end > span.start && piece.end - span.start > longest {
                self.made.push(span);
                span = Span { start: span.end, tokens: 0, ..span };
            }
            if let Some(vocabulary) = vocabulary {
                span.tokens += self.tokens(vocabulary, tokenizer, span.end, piece.end) as usize;
            }
            looked_at = looked_at.max(piece.seen);
            span.end = piece.end;
            span.reach = looked_at.saturating_sub(piece.end);
        }
    }

    /// Whether an old block, or the end of the text, starts at `position`.
    fn in_step(&self, behind: &mut Behind<'_>, position: usize) -> bool {
        while self.starts.get(behind.next).is_some_and(|&start| start < position) {
            behind.next += 1;
        }
        self.starts.get(behind.next) == Some(&position)
    }

    /// In step with a block: whether the last span can end here.
    fn finished(&mut self, behind: &Behind<'_>, span: &mut Span, looked_at: usize) -> bool {
        let following = behind.blocks.get(behind.first + behind.next);
        if let Some(block) = following {
            // What looked beyond the next block must be known to that block too.
            if looked_at.saturating_sub(span.end + block.text.len()) > block.reach {
                return false;
            }
        }
        if span.end == span.start {
            return true;
        }
        if span.end - span.start < SHORTEST_BLOCK {
            match self.made.last_mut() {
                Some(last) if span.end - last.start < 2 * LONGEST_BLOCK => {
                    *last = Span { start: last.start, tokens: last.tokens + span.tokens, ..*span };
                    return true;
                }
                // Joined with the next one, unless that is giant.
                _ if following.is_some_and(|block| block.text.len() < LONGEST_BLOCK) => return false,
                _ => {}
            }
        }
        self.made.push(*span);
        true
    }

    /// The piece at `position`, decided with as much of the text behind it as it takes.
    fn piece(&mut self, behind: &mut Behind<'_>, vocabulary: Option<&Vocabulary>, position: usize) -> Piece {
        loop {
            let Some(vocabulary) = vocabulary else { return self.any_piece(behind, position) };
            if position < self.text.len() {
                let piece = scan::piece(vocabulary.encoding, &vocabulary.classes, &self.text, position);
                if piece.seen <= self.text.len() || self.at_end(behind) {
                    return piece;
                }
            }
            self.look_further(behind);
        }
    }

    /// Without a vocabulary a piece is any few characters.
    fn any_piece(&mut self, behind: &mut Behind<'_>, position: usize) -> Piece {
        if position >= self.text.len() {
            self.look_further(behind);
        }
        let limit = self.starts.get(behind.next).copied().unwrap_or(self.text.len());
        let mut end = limit.min(position + SHORTEST_BLOCK);
        while end < limit && self.text.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end += 1;
        }
        Piece { end, seen: end }
    }

    fn at_end(&self, behind: &Behind<'_>) -> bool {
        behind.first + self.starts.len() > behind.blocks.len()
    }

    /// Appends as many blocks as were appended before, so that all looking together is linear.
    fn look_further(&mut self, behind: &Behind<'_>) {
        for _ in 0..self.starts.len() {
            if self.at_end(behind) {
                return;
            }
            let index = behind.first + self.starts.len() - 1;
            self.text.extend_from_slice(behind.blocks.text(index));
            self.starts.push(self.text.len());
        }
    }

    fn tokens(&mut self, vocabulary: &Vocabulary, tokenizer: &mut Tokenizer, start: usize, end: usize) -> u32 {
        let piece = self.text.get(start..end).unwrap_or_default();
        if wtf8::lone(piece) == 0 {
            return tokenizer.piece(vocabulary, &self.text, start, end);
        }
        self.mended.clear();
        self.mended.extend_from_slice(piece);
        wtf8::replace_lone(&mut self.mended);
        tokenizer.piece(vocabulary, &self.mended, 0, self.mended.len())
    }

    /// Gives back the memory that a whole text took.
    pub(super) fn release(&mut self) {
        *self = Self::default();
    }
}
