//! What the benchmarks count.

#![allow(clippy::unwrap_used, dead_code, reason = "each program takes what it needs")]

/// xorshift64*, seeded, so that every run measures the same.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 20) % limit
    }
}

/// Code and prose in several scripts, about `bytes` long, of words that vary.
pub(crate) fn mixed(bytes: usize) -> String {
    const PARTS: [&str; 8] = [
        include_str!("../../src/lib.rs"),
        include_str!("../../src/scan/o200k.rs"),
        include_str!("../../../../README.md"),
        include_str!("../../../../ARCHITECTURE.md"),
        include_str!("../../../../DESIGN.md"),
        "Быстрая коричневая лиса прыгает через ленивую собаку, пока никто не смотрит. ",
        "敏捷的棕色狐狸跳过了懒狗。価格は入力する前に表示されます。빠른 갈색 여우가 게으른 개를 뛰어넘는다. ",
        "الثعلب البني السريع يقفز فوق الكلب الكسول. चपल भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है। ",
    ];
    let mut random = Random(42);
    let mut text = String::with_capacity(bytes + 4096);
    while text.len() < bytes {
        let part = PARTS[random.below(PARTS.len() as u64) as usize];
        let words: Vec<&str> = part.split_inclusive(' ').collect();
        let start = random.below(words.len() as u64) as usize;
        words.iter().skip(start).take(40).for_each(|word| text.push_str(word));
        // Names and numbers that nobody has cached.
        text.push_str(&format!("item{:x} = {}; ", random.below(1 << 24), random.below(100_000)));
    }
    text
}

/// 100 KB each of what makes tokenizers slow.
pub(crate) fn awkward() -> Vec<(&'static str, String)> {
    const BYTES: usize = 100_000;
    let mut random = Random(7);
    let mut drawn = |draw: fn(&mut Random) -> Option<char>| {
        let mut text = String::new();
        while text.len() < BYTES {
            text.extend(draw(&mut random));
        }
        text
    };
    vec![
        ("one letter", "a".repeat(BYTES)),
        ("spaces", " ".repeat(BYTES)),
        ("line ends", "\n".repeat(BYTES)),
        ("capitals", "A".repeat(BYTES)),
        ("hyphens", "-".repeat(BYTES)),
        ("random letters", drawn(|random| char::from_u32(0x61 + random.below(26) as u32))),
        ("random CJK", drawn(|random| char::from_u32(0x4e00 + random.below(0x51a5) as u32))),
        ("random code points", drawn(|random| char::from_u32(random.below(0x11_0000) as u32))),
        ("random ASCII", drawn(|random| char::from_u32(0x20 + random.below(0x5f) as u32))),
    ]
}
