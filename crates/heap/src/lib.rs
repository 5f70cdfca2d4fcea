//! A small allocator: blocks of powers of two, kept in lists when they are freed.
//!
//! The standard one weighs 8 KB, three of them after compression, for guarantees a page does not need. Memory in use never
//! exceeds twice what is asked for, rounded up per size; it is not given back to the browser, as Wasm memory never is.
//!
//! Empty anywhere but in Wasm.
#![no_std]
#![cfg(target_arch = "wasm32")]
#![allow(unsafe_code, reason = "an allocator hands out raw memory; that is all this crate does")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::cell::UnsafeCell;
use core::ptr;

const PAGE: usize = 65_536;
/// The smallest block holds the link of a free list, and what `f64` and `u64` need to be aligned.
const SMALLEST: usize = 16;

struct State {
    /// For each power of two the first free block; each holds the address of the next.
    free: [*mut *mut u8; 32],
    /// Where untouched memory begins, and where it ends.
    next: usize,
    end: usize,
}

/// The heap of a module: its `#[global_allocator]`.
pub struct Heap(UnsafeCell<State>);

// SAFETY: this module is built without threads, so no two calls overlap.
unsafe impl Sync for Heap {}

impl Heap {
    /// A heap that owns nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(UnsafeCell::new(State { free: [ptr::null_mut(); 32], next: 0, end: 0 }))
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

fn block(layout: Layout) -> usize {
    layout.size().max(layout.align()).max(SMALLEST).next_power_of_two()
}

impl State {
    fn fresh(&mut self, size: usize) -> *mut u8 {
        // A block is aligned to its size up to a page, which no layout of this module exceeds.
        let mut start = self.next.next_multiple_of(size.min(PAGE));
        if self.end < start.saturating_add(size) {
            let pages = size.div_ceil(PAGE).saturating_add(1);
            let grown = wasm32::memory_grow(0, pages);
            if grown == usize::MAX {
                return ptr::null_mut();
            }
            let begin = grown.saturating_mul(PAGE);
            if begin != self.end {
                // Somebody else grew the memory in between, or this is the first block: go on behind that.
                start = begin;
            }
            self.end = begin.saturating_add(pages.saturating_mul(PAGE));
        }
        self.next = start.saturating_add(size);
        ptr::with_exposed_provenance_mut(start)
    }
}

// SAFETY: `alloc` gives memory that no live block overlaps: it is untouched, or it comes from the list of freed blocks of
// exactly its size. Blocks are aligned to their size (up to a page), which is at least the layout's alignment.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = block(layout);
        // SAFETY: no threads, and nothing below calls back into the allocator.
        let state = unsafe { &mut *self.0.get() };
        match state.free.get_mut(size.trailing_zeros() as usize) {
            Some(first) if !first.is_null() => {
                let found = *first;
                // SAFETY: a freed block holds the link that `dealloc` wrote, and is at least as large.
                *first = unsafe { *found }.cast();
                found.cast()
            }
            _ => state.fresh(size),
        }
    }

    unsafe fn dealloc(&self, block_start: *mut u8, layout: Layout) {
        // SAFETY: as above.
        let state = unsafe { &mut *self.0.get() };
        if let Some(first) = state.free.get_mut(block(layout).trailing_zeros() as usize) {
            let freed: *mut *mut u8 = block_start.cast();
            // SAFETY: the caller gives the block back, and it is at least as large as a link.
            unsafe { *freed = first.cast() };
            *first = freed;
        }
    }

    unsafe fn realloc(&self, block_start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the new size, rounded up, does not overflow.
        let grown = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if block(grown) == block(layout) {
            return block_start;
        }
        // SAFETY: the new block is another one and holds what is copied; the old one is given back once.
        unsafe {
            let moved = self.alloc(grown);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block_start, moved, layout.size().min(size));
                self.dealloc(block_start, layout);
            }
            moved
        }
    }
}
