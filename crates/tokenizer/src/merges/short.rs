//! Short pieces: look for the lowest rank, merge, again. Quadratic, but over a few machine words.

use super::{Merges, NONE};

/// The longest piece that is merged this way.
pub(super) const LONGEST: usize = 32;

impl Merges {
    pub(super) fn count_short(&self, piece: &[u8]) -> u32 {
        // tokens[i], and in ranks[i] the merge of tokens[i] and tokens[i + 1].
        let mut tokens = [0_u32; LONGEST];
        let mut ranks = [NONE; LONGEST];
        for (token, &byte) in tokens.iter_mut().zip(piece) {
            *token = self.byte(byte);
        }
        for (rank, pair) in ranks.iter_mut().zip(piece.windows(2)) {
            if let [left, right] = pair {
                *rank = self.byte_pair(*left, *right);
            }
        }
        let mut count = piece.len().min(LONGEST);
        while let Some((at, rank)) = lowest(ranks.get(..count).unwrap_or_default()) {
            remove(&mut tokens, at + 1, count);
            remove(&mut ranks, at + 1, count);
            count -= 1;
            set(&mut tokens, at, rank);
            let with_next = if at + 1 < count { self.pair(rank, get(&tokens, at + 1)) } else { NONE };
            set(&mut ranks, at, with_next);
            if let Some(before) = at.checked_sub(1) {
                let with_previous = self.pair(get(&tokens, before), rank);
                set(&mut ranks, before, with_previous);
            }
        }
        count as u32
    }
}

/// The leftmost of the lowest ranks, if there is any.
#[inline]
fn lowest(ranks: &[u32]) -> Option<(usize, u32)> {
    let mut best = (0, NONE);
    for (at, &rank) in ranks.iter().enumerate() {
        if rank < best.1 {
            best = (at, rank);
        }
    }
    (best.1 != NONE).then_some(best)
}

#[inline]
fn remove(numbers: &mut [u32; LONGEST], at: usize, count: usize) {
    if at + 1 < count && count <= LONGEST {
        numbers.copy_within(at + 1..count, at);
    }
}

#[inline]
fn get(numbers: &[u32; LONGEST], at: usize) -> u32 {
    numbers.get(at).copied().unwrap_or(NONE)
}

#[inline]
fn set(numbers: &mut [u32; LONGEST], at: usize, number: u32) {
    if let Some(place) = numbers.get_mut(at) {
        *place = number;
    }
}
