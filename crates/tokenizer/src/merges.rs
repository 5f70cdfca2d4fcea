//! The merges of an encoding, and the number of tokens that they leave of a piece.
//!
//! A token is a number: 0–255 stand for the single bytes, 256 and up for merges in the order of their rank. A merge joins two
//! tokens with smaller numbers (checked when they are read), so merging never creates work of a lower rank than it has done.

mod long;
mod pairs;
mod short;

use pairs::Pairs;

pub(crate) use long::LongPieces;

/// No token, no rank: greater than every rank.
const NONE: u32 = u32::MAX;

/// Tokens have fewer than 18 bits.
pub(crate) const TOKEN_BITS: u32 = 18;

/// The token of a byte, as the encodings number them: the printable ones of Latin-1 first.
pub(crate) fn byte_token(byte: u8) -> u32 {
    let byte = u32::from(byte);
    match byte {
        0x21..=0x7e => byte - 0x21,
        0xa1..=0xac => byte - 0xa1 + 94,
        0xae..=0xff => byte - 0xae + 106,
        0x00..=0x20 => byte + 188,
        0x7f..=0xa0 => byte - 0x7f + 221,
        _ => 255,
    }
}

/// What two tokens become, and what each token was made of.
pub(crate) struct Merges {
    pairs: Pairs,
    /// What two bytes become: `first << 8 | second`.
    byte_pairs: Vec<u32>,
    byte_tokens: [u32; 256],
    /// The two halves of token 256 + index.
    halves: Vec<(u32, u32)>,
    /// How many bytes each token has.
    lengths: Vec<u8>,
}

impl Merges {
    /// `None` when a merge joins what is not there yet or makes a token of more than 255 bytes.
    pub(crate) fn new(halves: Vec<(u32, u32)>) -> Option<Self> {
        let mut pairs = Pairs::with_room_for(halves.len());
        let mut lengths = vec![1_u8; 256];
        lengths.reserve_exact(halves.len());
        for (token, &(left, right)) in (256_u32..).zip(&halves) {
            let length = lengths.get(left as usize)?.checked_add(*lengths.get(right as usize)?)?;
            lengths.push(length);
            pairs.insert(left, right, token);
        }
        let byte_tokens: [u32; 256] = std::array::from_fn(|byte| byte_token(byte as u8));
        let byte_pairs = byte_tokens
            .iter()
            .flat_map(|&left| byte_tokens.iter().map(move |&right| (left, right)))
            .map(|(left, right)| pairs.get(left, right));
        Some(Self { byte_pairs: byte_pairs.collect(), byte_tokens, pairs, halves, lengths })
    }

    /// The merge of two tokens, or [`NONE`].
    #[inline]
    fn pair(&self, left: u32, right: u32) -> u32 {
        self.pairs.get(left, right)
    }

    #[inline]
    fn byte_pair(&self, left: u8, right: u8) -> u32 {
        self.byte_pairs.get(usize::from(left) << 8 | usize::from(right)).copied().unwrap_or(NONE)
    }

    #[inline]
    fn byte(&self, byte: u8) -> u32 {
        self.byte_tokens.get(usize::from(byte)).copied().unwrap_or(0)
    }

    fn length(&self, token: u32) -> usize {
        self.lengths.get(token as usize).map_or(1, |&length| usize::from(length))
    }

    /// The number of tokens of a piece.
    pub(crate) fn count(&self, piece: &[u8], long: &mut LongPieces) -> u32 {
        match piece {
            [] => 0,
            [_] => 1,
            [first, second] => 1 + u32::from(self.byte_pair(*first, *second) == NONE),
            _ if piece.len() <= short::LONGEST => self.count_short(piece),
            _ => long.count(self, piece),
        }
    }

    /// Whether `left` and `right` stay as they are when what they spell is encoded together.
    ///
    /// A sequence of tokens is what its bytes encode to exactly if this holds for all its neighbours: two tokens are undone step by
    /// step, the later merge first, and no merge across the border may come before the merges that it would have prevented.
    fn stay_apart(&self, mut left: u32, mut right: u32) -> bool {
        // Merges across the border that rank at or above this come too late.
        let mut limit = NONE;
        loop {
            if self.pair(left, right) < limit {
                return false;
            }
            if left > right {
                limit = left;
                match self.halves_of(left) {
                    Some((_, last)) => left = last,
                    // `left` and `right` are bytes by now, as `right` is smaller.
                    None => return true,
                }
            } else {
                // A merge of the same rank to the left comes first.
                limit = right.saturating_add(1);
                match self.halves_of(right) {
                    Some((first, _)) => right = first,
                    None => match self.halves_of(left) {
                        Some((_, last)) => (left, limit) = (last, left),
                        None => return true,
                    },
                }
            }
        }
    }

    fn halves_of(&self, token: u32) -> Option<(u32, u32)> {
        self.halves.get(token.checked_sub(256)? as usize).copied()
    }
}
