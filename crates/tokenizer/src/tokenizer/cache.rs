//! The counts of short pieces seen before. Most of a text consists of pieces that came before in it.

use crate::encoding::Encoding;
use crate::vocabulary::Vocabulary;

/// The longest piece that is kept.
pub(super) const LONGEST: usize = 15;

const BITS: u32 = 14;

/// Direct-mapped: a piece has one place, and the last one that came there is kept, with all its bytes.
#[derive(Default)]
pub(super) struct Cache {
    places: Vec<Place>,
    encoding: Option<Encoding>,
}

/// The bytes of a piece, zeros behind them; in the last byte its length, and above it the count (neither can exceed 15).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Place {
    low: u64,
    high: u64,
}

const COUNT_SHIFT: u32 = 60;

impl Cache {
    /// Forgets everything when, for the first time or again, another encoding's pieces are counted.
    pub(super) fn belongs_to(&mut self, vocabulary: &Vocabulary) {
        if self.encoding.replace(vocabulary.encoding) != Some(vocabulary.encoding) {
            self.places.clear();
            self.places.resize(1 << BITS, Place::default());
        }
    }

    #[inline]
    pub(super) fn count(&mut self, text: &[u8], start: usize, length: usize, count: impl FnOnce() -> u32) -> u32 {
        let piece = Place::of(text, start, length);
        let Some(place) = self.places.get_mut(piece.hash()) else { return count() };
        if place.low == piece.low && place.high & !(15 << COUNT_SHIFT) == piece.high {
            return (place.high >> COUNT_SHIFT) as u32;
        }
        let count = count();
        *place = Place { low: piece.low, high: piece.high | u64::from(count) << COUNT_SHIFT };
        count
    }
}

impl Place {
    #[inline]
    fn of(text: &[u8], start: usize, length: usize) -> Self {
        let behind = text.get(start..).unwrap_or_default();
        let (low, high) = match behind.first_chunk::<16>() {
            Some(bytes) => {
                let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
                (u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes([i, j, k, l, m, n, o, p]))
            }
            None => at_the_end(behind),
        };
        // `length` is 2 to 15.
        let (low, high) = match length {
            0..8 => (low & ((1 << (8 * length)) - 1), 0),
            _ => (low, high & ((1 << (8 * (length & 7))) - 1)),
        };
        Self { low, high: high | (length as u64) << 56 }
    }

    #[inline]
    fn hash(self) -> usize {
        let mixed = (self.low ^ self.high.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> (64 - BITS)) as usize
    }
}

/// Fewer than 16 bytes are left.
#[cold]
fn at_the_end(bytes: &[u8]) -> (u64, u64) {
    let number = bytes.iter().rev().fold(0_u128, |number, &byte| number << 8 | u128::from(byte));
    (number as u64, (number >> 64) as u64)
}
