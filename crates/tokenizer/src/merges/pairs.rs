//! A hash table of pairs of tokens.

use super::{NONE, TOKEN_BITS};

/// Open addressing with linear probing in one array: `left`, `right` and what they become, 18 bits each, are one word.
pub(super) struct Pairs {
    slots: Vec<u64>,
    shift: u32,
}

const EMPTY: u64 = u64::MAX;

impl Pairs {
    pub(super) fn with_room_for(count: usize) -> Self {
        // At most half full, so a pair that is not there is known after about one and a half looks.
        let bits = (count.max(1) * 2).next_power_of_two().trailing_zeros().max(1);
        Self { slots: vec![EMPTY; 1 << bits], shift: 64 - bits }
    }

    pub(super) fn insert(&mut self, left: u32, right: u32, token: u32) {
        let key = key(left, right);
        let mut place = self.place(key);
        // Ends: half of the slots are empty.
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
        let mut place = self.place(key);
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
    fn place(&self, key: u64) -> usize {
        // Multiplicative hashing: the high bits are mixed best.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
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
