//! A queue of merges by rank, for ranks that never fall below the one taken out last.
//!
//! Two levels of buckets, 512 each: a rank's upper nine bits choose the coarse bucket; when it is its turn, its entries are dealt
//! to the fine ones by the lower nine. Within a rank entries come out as they went in: equal tokens in a row ("aaaa") come from
//! left to right, and only for those the order matters.

use super::super::NONE;

const BITS: u32 = 9;
const BUCKETS: usize = 1 << BITS;

#[derive(Clone, Copy)]
struct Entry {
    rank: u32,
    at: u32,
    next: u32,
}

/// Linked lists in [`Queue::entries`]: the first and the last entry of each bucket, and which buckets have any.
struct Level {
    ends: [(u32, u32); BUCKETS],
    used: [u64; BUCKETS / 64],
}

impl Default for Level {
    fn default() -> Self {
        Self { ends: [(NONE, NONE); BUCKETS], used: [0; BUCKETS / 64] }
    }
}

impl Level {
    fn append(&mut self, entries: &mut [Entry], bucket: u32, index: u32) {
        let Some(ends) = self.ends.get_mut(bucket as usize) else { return };
        match entries.get_mut(ends.1 as usize) {
            Some(last) => last.next = index,
            None => {
                ends.0 = index;
                if let Some(word) = self.used.get_mut(bucket as usize / 64) {
                    *word |= 1 << (bucket % 64);
                }
            }
        }
        ends.1 = index;
    }

    /// The first bucket that has entries.
    fn lowest(&self) -> Option<u32> {
        let (index, word) = (0_u32..).zip(self.used).find(|(_, word)| *word != 0)?;
        Some(index * 64 + word.trailing_zeros())
    }

    fn first(&self, bucket: u32) -> u32 {
        self.ends.get(bucket as usize).map_or(NONE, |ends| ends.0)
    }

    fn set_first(&mut self, bucket: u32, first: u32) {
        if let Some(ends) = self.ends.get_mut(bucket as usize) {
            ends.0 = first;
            if first == NONE {
                ends.1 = NONE;
                if let Some(word) = self.used.get_mut(bucket as usize / 64) {
                    *word &= !(1 << (bucket % 64));
                }
            }
        }
    }
}

#[derive(Default)]
pub(super) struct Queue {
    entries: Vec<Entry>,
    coarse: Level,
    fine: Level,
    /// The coarse bucket whose entries are in the fine ones.
    current: Option<u32>,
}

impl Queue {
    pub(super) fn push(&mut self, rank: u32, at: u32) {
        let index = self.entries.len() as u32;
        self.entries.push(Entry { rank, at, next: NONE });
        let coarse = rank >> BITS;
        if self.current == Some(coarse) {
            self.fine.append(&mut self.entries, rank % BUCKETS as u32, index);
        } else {
            self.coarse.append(&mut self.entries, coarse, index);
        }
    }

    /// The oldest entry of the lowest rank: (rank, where).
    pub(super) fn pop(&mut self) -> Option<(u32, u32)> {
        loop {
            if let Some(bucket) = self.fine.lowest() {
                let &Entry { rank, at, next } = self.entries.get(self.fine.first(bucket) as usize)?;
                self.fine.set_first(bucket, next);
                return Some((rank, at));
            }
            let Some(coarse) = self.coarse.lowest() else {
                self.entries.clear();
                self.current = None;
                return None;
            };
            self.deal(coarse);
        }
    }

    fn deal(&mut self, coarse: u32) {
        let mut index = self.coarse.first(coarse);
        self.coarse.set_first(coarse, NONE);
        self.current = Some(coarse);
        while let Some(entry) = self.entries.get_mut(index as usize) {
            let (rank, next) = (entry.rank, entry.next);
            entry.next = NONE;
            self.fine.append(&mut self.entries, rank % BUCKETS as u32, index);
            index = next;
        }
    }
}
