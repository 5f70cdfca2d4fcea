//! A stretch of the text with its sums.

/// Some pieces in a row. A block starts where a piece starts.
#[derive(Default)]
pub(super) struct Block {
    /// UTF-8, but half a surrogate pair stands as the three bytes that it would have (WTF-8).
    pub(super) text: Vec<u8>,
    pub(super) utf16: usize,
    pub(super) characters: usize,
    pub(super) tokens: usize,
    /// Halves of surrogate pairs.
    pub(super) lone: usize,
    /// How many bytes behind this block its pieces, or those before it, looked at. An edit there concerns this block too.
    pub(super) reach: usize,
}

/// A block to be: where its text lies in what was split.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) tokens: usize,
    pub(super) reach: usize,
}

/// The sums of all blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) bytes: u64,
    pub(super) utf16: u64,
    pub(super) characters: u64,
    pub(super) tokens: u64,
    pub(super) lone: u64,
}

impl Block {
    /// Becomes what the span says, in the memory it has.
    pub(super) fn fill(&mut self, text: &[u8], span: &Span) {
        let text = text.get(span.start..span.end).unwrap_or_default();
        self.text.clear();
        self.text.extend_from_slice(text);
        let (mut characters, mut beyond_bmp) = (0, 0);
        for &byte in text {
            characters += usize::from(byte & 0xc0 != 0x80);
            beyond_bmp += usize::from(byte >= 0xf0);
        }
        self.characters = characters;
        self.utf16 = characters + beyond_bmp;
        self.lone = super::wtf8::lone(text);
        (self.tokens, self.reach) = (span.tokens, span.reach);
    }
}

impl Totals {
    pub(super) fn add(&mut self, block: &Block) {
        self.bytes += block.text.len() as u64;
        self.utf16 += block.utf16 as u64;
        self.characters += block.characters as u64;
        self.tokens += block.tokens as u64;
        self.lone += block.lone as u64;
    }

    pub(super) fn subtract(&mut self, block: &Block) {
        self.bytes -= block.text.len() as u64;
        self.utf16 -= block.utf16 as u64;
        self.characters -= block.characters as u64;
        self.tokens -= block.tokens as u64;
        self.lone -= block.lone as u64;
    }
}
