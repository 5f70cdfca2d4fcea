//! All blocks of the text, their sums, and the way from a position to a block.

use std::ops::Range;

use super::block::{Block, Span, Totals};
use super::wtf8;

/// How many blocks share one entry of [`Blocks::groups`].
const GROUP: usize = 64;

#[derive(Default)]
pub(super) struct Blocks {
    list: Vec<Block>,
    /// UTF-16 code units of each 64 blocks, so that finding a position looks at few numbers.
    groups: Vec<usize>,
    totals: Totals,
}

/// A position: in which block, and how many UTF-16 code units into it.
pub(super) struct Place {
    pub(super) index: usize,
    offset: usize,
}

impl Blocks {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn totals(&self) -> &Totals {
        &self.totals
    }

    pub(super) fn get(&self, index: usize) -> Option<&Block> {
        self.list.get(index)
    }

    pub(super) fn text(&self, index: usize) -> &[u8] {
        self.list.get(index).map_or(&[], |block| &block.text)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn concatenated(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(usize::try_from(self.totals.bytes).unwrap_or_default());
        self.append(0..self.list.len(), &mut text);
        text
    }

    pub(super) fn append(&self, range: Range<usize>, text: &mut Vec<u8>) {
        self.list.get(range).into_iter().flatten().for_each(|block| text.extend_from_slice(&block.text));
    }

    /// The block that a position lies in; of two that meet there the second, but the last one at the end of the text.
    pub(super) fn find(&self, position: usize) -> Place {
        let (mut index, mut offset) = (0, position);
        for &group in &self.groups {
            if offset < group {
                break;
            }
            (index, offset) = (index + GROUP, offset - group);
        }
        for block in self.list.get(index..).unwrap_or_default() {
            if offset < block.utf16 {
                return Place { index, offset };
            }
            (index, offset) = (index + 1, offset - block.utf16);
        }
        let index = self.list.len().saturating_sub(1);
        Place { index, offset: self.list.last().map_or(0, |block| block.utf16) }
    }

    /// The same for the end of a range: of two blocks that meet there the first, unless the range is empty.
    pub(super) fn find_end(&self, end: usize, first: &Place) -> Place {
        let start = self.utf16_before(first.index) + first.offset;
        let place = self.find(end);
        if place.offset == 0 && place.index > first.index && end > start {
            let index = place.index - 1;
            return Place { index, offset: self.list.get(index).map_or(0, |block| block.utf16) };
        }
        place
    }

    pub(super) fn utf16_before(&self, index: usize) -> usize {
        let group = index / GROUP;
        let groups: usize = self.groups.iter().take(group).sum();
        let blocks = self.list.get(group * GROUP..index).unwrap_or_default();
        groups + blocks.iter().map(|block| block.utf16).sum::<usize>()
    }

    /// The byte of its block at which a place lies; `None` between the halves of a surrogate pair.
    pub(super) fn byte_offset(&self, place: &Place) -> Option<usize> {
        match self.list.get(place.index) {
            Some(block) if block.utf16 == block.text.len() => Some(place.offset),
            Some(block) => wtf8::byte_offset(&block.text, place.offset),
            None => Some(0),
        }
    }

    /// The first of the blocks in front of block `index` whose pieces looked at its byte `offset` or beyond, and how many bytes
    /// lie between their start and that of block `index`.
    pub(super) fn walk_back(&self, index: usize, offset: usize) -> (usize, usize) {
        let (mut start, mut bytes) = (index, 0);
        for block in self.list.get(..index).unwrap_or_default().iter().rev() {
            if block.reach <= offset + bytes {
                break;
            }
            (start, bytes) = (start - 1, bytes + block.text.len());
        }
        (start, bytes)
    }

    /// Puts blocks with the text of `spans` in the place of those in `range`.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &[u8], spans: &[Span]) {
        let mut new = spans.iter();
        let group = range.start / GROUP;
        let mut changed = 0;
        for block in self.list.get_mut(range.clone()).into_iter().flatten() {
            self.totals.subtract(block);
            if let Some(span) = new.next() {
                block.fill(text, span);
                self.totals.add(block);
                changed += 1;
            }
        }
        if changed == range.len() && new.len() == 0 {
            self.sum_groups(group, (range.end.max(1) - 1) / GROUP + 1);
            return;
        }
        let added = new.map(|span| {
            let mut block = Block::default();
            block.fill(text, span);
            block
        });
        let added: Vec<Block> = added.collect();
        added.iter().for_each(|block| self.totals.add(block));
        self.list.splice(range.start + changed..range.end, added);
        let groups = self.list.len().div_ceil(GROUP);
        self.groups.resize(groups, 0);
        self.sum_groups(group, groups);
    }

    fn sum_groups(&mut self, from: usize, to: usize) {
        for (index, group) in self.groups.iter_mut().enumerate().take(to).skip(from) {
            let blocks = self.list.iter().skip(index * GROUP).take(GROUP);
            *group = blocks.map(|block| block.utf16).sum();
        }
    }
}
