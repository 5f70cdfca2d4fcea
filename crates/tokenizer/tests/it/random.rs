//! Random text that pre-tokenizers find hard: many scripts, marks, blanks, line ends, contractions, code.

/// xorshift64*: tests print their seed, and the same seed gives the same text.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit.max(1)
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// First and last code points of letters of 28 scripts and of some awkward blocks.
const BLOCKS: [(u32, u32); 38] = [
    (0x20, 0x7e),       // ASCII
    (0xa0, 0xff),       // Latin-1
    (0x100, 0x24f),     // Latin Extended
    (0x2b0, 0x36f),     // modifier letters, combining marks
    (0x370, 0x3ff),     // Greek
    (0x400, 0x4ff),     // Cyrillic
    (0x531, 0x587),     // Armenian
    (0x591, 0x5f4),     // Hebrew
    (0x600, 0x6ff),     // Arabic
    (0x700, 0x74f),     // Syriac
    (0x780, 0x7b1),     // Thaana
    (0x900, 0x97f),     // Devanagari
    (0x980, 0x9fe),     // Bengali
    (0xa01, 0xa76),     // Gurmukhi
    (0xa81, 0xaff),     // Gujarati
    (0xb82, 0xbfa),     // Tamil
    (0xc00, 0xc7f),     // Telugu
    (0xc80, 0xcf3),     // Kannada
    (0xd00, 0xd7f),     // Malayalam
    (0xd81, 0xdf4),     // Sinhala
    (0xe01, 0xe5b),     // Thai
    (0xe81, 0xedf),     // Lao
    (0xf00, 0xfda),     // Tibetan
    (0x1000, 0x109f),   // Myanmar
    (0x10a0, 0x10ff),   // Georgian
    (0x1100, 0x11ff),   // Hangul Jamo
    (0x1200, 0x137f),   // Ethiopic
    (0x13a0, 0x13fd),   // Cherokee
    (0x1780, 0x17f9),   // Khmer
    (0x1800, 0x18aa),   // Mongolian
    (0x2000, 0x206f),   // General Punctuation with all its blanks
    (0x2460, 0x24ff),   // enclosed numbers
    (0x3040, 0x30ff),   // Kana
    (0x4e00, 0x9fff),   // Han
    (0xac00, 0xd7a3),   // Hangul
    (0x10400, 0x1044f), // Deseret: case beyond the BMP
    (0x1d400, 0x1d7ff), // mathematical letters
    (0x1f300, 0x1faff), // emoji
];

const SNIPPETS: [&str; 40] = [
    " ",
    "  ",
    "   ",
    "\n",
    "\r\n",
    "\n\n",
    " \n ",
    "\t",
    "\t\t",
    "\u{a0}",
    "\u{3000}",
    "'s",
    "'S",
    "'ſ",
    "'LL",
    "'re",
    "'v",
    "'",
    "''",
    "/",
    "//",
    "/\n/",
    "\n/",
    "a",
    "A",
    "ab",
    "AB",
    "aB",
    "Ab",
    "0",
    "1234",
    "é",
    "e\u{301}",
    "\u{301}",
    "ʰ",
    "ǅ",
    "中",
    "fn main() {\n    let x = 1;\n}\n",
    "https://example.org/a/b?c=d&e=%20",
    "🇩🇪👩‍👩‍👧",
];

/// A character of any block, or of any code point.
pub(crate) fn character(random: &mut Random) -> char {
    loop {
        let (first, last) = if random.below(8) == 0 { (0, 0x10_ffff) } else { BLOCKS[random.below(BLOCKS.len())] };
        if let Some(found) = char::from_u32(first + random.next() as u32 % (last - first + 1)) {
            return found;
        }
    }
}

/// A text of about so many characters: snippets, runs of one character, words of one script.
pub(crate) fn text(random: &mut Random, characters: usize) -> String {
    let mut text = String::new();
    let mut count = 0;
    while count < characters {
        let length = 1 + random.below(8);
        match random.below(6) {
            0 => text.extend(std::iter::repeat_n(character(random), length)),
            1 | 2 => (0..length).for_each(|_| text.push_str(random.pick(&SNIPPETS))),
            _ => {
                let (first, last) = BLOCKS[random.below(BLOCKS.len())];
                let letters = (0..length).map(|_| first + random.next() as u32 % (last - first + 1));
                text.extend(letters.filter_map(char::from_u32));
                text.push_str(random.pick(&[" ", "", ", ", ".\n", "-"]));
            }
        }
        count += length;
    }
    text
}
