//! Long pieces in linear time and bounded space.
//!
//! A piece is encoded in stretches that fit into the processor's cache. Where two stretches meet, the last tokens of the first are
//! given back and encoded together with the second until the tokens beside the border stay apart; then, and only then, what was
//! encoded separately is what the whole piece encodes to (see [`Merges::stay_apart`]).

mod queue;

use super::{Merges, NONE};
use queue::Queue;

/// Bytes encoded at a time.
const STRETCH: usize = 4096;

/// A stretch was cut anywhere, so its last tokens are given back to begin with.
const GIVE_BACK: usize = 2;

/// The working space for long pieces; it is kept, so that nothing is allocated for the next one.
#[derive(Default)]
pub(crate) struct LongPieces {
    queue: Queue,
    nodes: Vec<Node>,
    tokens: Vec<u32>,
    stretch: Vec<u32>,
}

/// A token in the list of those that a stretch consists of at the moment.
#[derive(Clone, Copy)]
struct Node {
    token: u32,
    /// The merge of this token with the next one.
    rank: u32,
    previous: u32,
    next: u32,
}

impl LongPieces {
    pub(super) fn count(&mut self, merges: &Merges, piece: &[u8]) -> u32 {
        self.tokens.clear();
        let mut done = 0;
        while done < piece.len() {
            let end = piece.len().min(done + STRETCH);
            let mut start = done;
            let mut give_back = GIVE_BACK;
            loop {
                for _ in 0..give_back {
                    start -= self.tokens.pop().map_or(0, |token| merges.length(token));
                }
                self.encode(merges, piece.get(start..end).unwrap_or_default());
                match (self.tokens.last(), self.stretch.first()) {
                    (Some(&left), Some(&right)) if !merges.stay_apart(left, right) => give_back *= 2,
                    _ => break,
                }
            }
            self.tokens.append(&mut self.stretch);
            done = end;
        }
        let count = self.tokens.len();
        // What one giant piece needed is not kept for ever.
        self.tokens.clear();
        self.tokens.shrink_to(STRETCH);
        count as u32
    }

    /// Encodes `text` alone into `self.stretch`.
    fn encode(&mut self, merges: &Merges, text: &[u8]) {
        self.nodes.clear();
        let following = text.iter().skip(1).map(Some).chain([None]);
        for ((&byte, next), at) in text.iter().zip(following).zip(0_u32..) {
            let rank = next.map_or(NONE, |&next| merges.byte_pair(byte, next));
            let next = if next.is_some() { at + 1 } else { NONE };
            self.nodes.push(Node { token: merges.byte(byte), rank, previous: at.wrapping_sub(1), next });
            if rank != NONE {
                self.queue.push(rank, at);
            }
        }
        while let Some((rank, at)) = self.queue.pop() {
            self.merge(merges, rank, at);
        }
        self.stretch.clear();
        let mut at = 0;
        while let Some(node) = self.nodes.get(at as usize) {
            self.stretch.push(node.token);
            at = node.next;
        }
    }

    fn merge(&mut self, merges: &Merges, rank: u32, at: u32) {
        let Some(&Node { rank: current, previous, next, .. }) = self.nodes.get(at as usize) else { return };
        if current != rank {
            // A neighbour has been merged meanwhile.
            return;
        }
        let mut after = NONE;
        if let Some(next) = self.nodes.get_mut(next as usize) {
            after = next.next;
            next.rank = NONE;
        }
        let mut with_next = NONE;
        if let Some(node) = self.nodes.get_mut(after as usize) {
            node.previous = at;
            with_next = merges.pair(rank, node.token);
        }
        if let Some(node) = self.nodes.get_mut(at as usize) {
            *node = Node { token: rank, rank: with_next, previous, next: after };
        }
        if let Some(node) = self.nodes.get_mut(previous as usize) {
            node.rank = merges.pair(node.token, rank);
            if node.rank != NONE {
                self.queue.push(node.rank, previous);
            }
        }
        if with_next != NONE {
            self.queue.push(with_next, at);
        }
    }
}
