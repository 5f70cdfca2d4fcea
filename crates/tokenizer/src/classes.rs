//! What the encodings' regular expressions know of a character: one of eight classes.

/// The class of a character, as one bit, so that a set of classes is a mask.
pub(crate) type Class = u8;

/// None of the others: punctuation, symbols, controls, unassigned code points, U+FFFD.
pub(crate) const OTHER: Class = 1;
/// `\p{Lu}` and `\p{Lt}`
pub(crate) const UPPER: Class = 1 << 1;
/// `\p{Ll}`
pub(crate) const LOWER: Class = 1 << 2;
/// `\p{Lm}` and `\p{Lo}`
pub(crate) const CASELESS: Class = 1 << 3;
/// `\p{M}`
pub(crate) const MARK: Class = 1 << 4;
/// `\p{N}`
pub(crate) const NUMBER: Class = 1 << 5;
/// `\s` without line ends
pub(crate) const SPACE: Class = 1 << 6;
/// CR and LF
pub(crate) const LINE_END: Class = 1 << 7;

/// `\p{L}`
pub(crate) const LETTER: Class = UPPER | LOWER | CASELESS;

/// Runs of code points of one class, from U+0000 on; see build.rs.
static RUNS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/classes.bin"));

const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// The class of every code point, in pages of 256 that are stored once when they are alike.
pub(crate) struct Classes {
    ascii: [Class; 128],
    page_of: Vec<u8>,
    pages: Vec<[Class; PAGE]>,
}

impl Classes {
    pub(crate) fn new() -> Self {
        let mut classes = Self { ascii: [OTHER; 128], page_of: Vec::with_capacity(PAGES), pages: Vec::new() };
        let mut page = [OTHER; PAGE];
        let mut filled = 0;
        let (mut length, mut shift) = (0_usize, 0);
        for &byte in RUNS {
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 != 0 {
                continue;
            }
            let class = 1 << (length & 7);
            let mut left = length >> 3;
            while left > 0 {
                let now = left.min(PAGE - filled);
                page.iter_mut().skip(filled).take(now).for_each(|one| *one = class);
                (filled, left) = (filled + now, left - now);
                if filled == PAGE {
                    classes.push(&page);
                    filled = 0;
                }
            }
            (length, shift) = (0, 0);
        }
        let first = classes.pages.first().copied().unwrap_or(page);
        classes.ascii.iter_mut().zip(first).for_each(|(ascii, class)| *ascii = class);
        classes
    }

    fn push(&mut self, page: &[Class; PAGE]) {
        // Alike pages follow each other mostly; the rest is found by looking, once per program.
        let known = self.pages.iter().rposition(|one| one == page);
        let index = known.unwrap_or(self.pages.len());
        if known.is_none() {
            self.pages.push(*page);
        }
        self.page_of.push(u8::try_from(index).unwrap_or(0));
    }

    pub(crate) fn of(&self, code_point: u32) -> Class {
        let page = self.page_of.get((code_point >> 8) as usize).copied().unwrap_or(0);
        self.pages.get(usize::from(page)).map_or(OTHER, |page| byte_of(page, code_point as u8))
    }

    /// The class of the character at `position` and how many bytes it has; class 0 (in no set) at the end of the text.
    #[inline]
    pub(crate) fn at(&self, text: &[u8], position: usize) -> (Class, usize) {
        match text.get(position) {
            None => (0, 0),
            Some(&byte) => match self.ascii.get(usize::from(byte)) {
                Some(&class) => (class, 1),
                None => self.wide(text, position),
            },
        }
    }

    /// Where the run of characters of classes in `set` that starts at `position` ends.
    #[inline]
    pub(crate) fn run(&self, text: &[u8], mut position: usize, set: Class) -> usize {
        loop {
            let (class, length) = self.at(text, position);
            if class & set == 0 {
                return position;
            }
            position += length;
        }
    }

    /// The text is UTF-8 (a lone surrogate in its place reads as OTHER, as U+FFFD does).
    #[inline(never)]
    fn wide(&self, text: &[u8], position: usize) -> (Class, usize) {
        let byte = |offset| u32::from(text.get(position + offset).copied().unwrap_or(0));
        let first = byte(0);
        let tail = |offset| byte(offset) & 0x3f;
        match first {
            0..0xe0 => (self.of((first & 0x1f) << 6 | tail(1)), 2),
            0xe0..0xf0 => (self.of((first & 0x0f) << 12 | tail(1) << 6 | tail(2)), 3),
            _ => (self.of((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3)), 4),
        }
    }
}

fn byte_of(page: &[Class; PAGE], low: u8) -> Class {
    page.get(usize::from(low)).copied().unwrap_or(OTHER)
}
