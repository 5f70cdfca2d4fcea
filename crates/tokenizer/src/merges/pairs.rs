//! A hash table of pairs of tokens.

use super::{NONE, TOKEN_BITS};

/// Open addressing with linear probing in one array: `left`, `right` and what they become, 18 bits each, are one word.
///
/// Most pairs that are looked for do not merge. A filter of one bit for several hash values, small enough for the processor's
/// cache, tells nine in ten of them, so the table itself can be fairly full.
pub(super) struct Pairs {
    slots: Vec<u64>,
    filter: Vec<u64>,
    /// Of the hash's 64 bits the slot takes the upper ones, and the filter three more.
    shift: u32,
}

const EMPTY: u64 = u64::MAX;

/// Bits of the filter for each slot: 8.
const FILTER_BITS: u32 = 3;

impl Pairs {
    pub(super) fn with_room_for(count: usize) -> Self {
        let bits = (count.max(64) * 5 / 4).next_power_of_two().trailing_zeros();
        Self { slots: vec![EMPTY; 1 << bits], filter: vec![0; 1 << (bits + FILTER_BITS - 6)], shift: 64 - bits }
    }

    pub(super) fn insert(&mut self, left: u32, right: u32, token: u32) {
        let key = key(left, right);
        let hash = hash(key);
        let (word, bit) = self.filter_bit(hash);
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bit;
        }
        let mut place = self.place(hash);
        // Ends: a fifth of the slots is empty.
        while let Some(slot) = self.slots.get_mut(place) {
            if *slot == EMPTY {
                *slot = key << TOKEN_BITS | u64::from(token);
                return;
            }
            if *slot >> TOKEN_BITS == key {
                return;
            }
            place = self.next(place);
        }
    }

    #[inline]
    pub(super) fn get(&self, left: u32, right: u32) -> u32 {
        let key = key(left, right);
        let hash = hash(key);
        let (word, bit) = self.filter_bit(hash);
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            return NONE;
        }
        let mut place = self.place(hash);
        while let Some(&slot) = self.slots.get(place) {
            if slot >> TOKEN_BITS == key {
                return slot as u32 & ((1 << TOKEN_BITS) - 1);
            }
            if slot == EMPTY {
                break;
            }
            place = self.next(place);
        }
        NONE
    }

    #[inline]
    fn place(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    #[inline]
    fn filter_bit(&self, hash: u64) -> (usize, u64) {
        let bit = hash >> (self.shift - FILTER_BITS);
        ((bit >> 6) as usize, 1 << (bit & 63))
    }

    #[inline]
    fn next(&self, place: usize) -> usize {
        (place + 1) & (self.slots.len() - 1)
    }
}

#[inline]
fn key(left: u32, right: u32) -> u64 {
    u64::from(left) << TOKEN_BITS | u64::from(right)
}

/// Multiplicative hashing: the high bits are mixed best.
#[inline]
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
