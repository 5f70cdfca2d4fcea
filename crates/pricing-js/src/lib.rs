//! The JavaScript API of the core. Every export parses its arguments, makes one call to the core and converts the answer;
//! `index.js` of the package gives it names, types and `ScripError`.
//!
//! Arguments and answers cross as text: one JSON each way crosses faster than a hundred objects, and the machinery that reads and
//! makes JavaScript values weighs more than a small JSON reader. See [`answer`] for what an answer looks like.
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;

mod allowance;
mod answer;
mod book;
mod preview;

use alloc::string::String;

pub use allowance::Rolling;
pub use book::Book;
pub use preview::Live;
use scrip::Credits;
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: scrip_heap::Heap = scrip_heap::Heap::new();

/// A fault of ours. Its words would weigh 6 KB and reach nobody.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// An amount of credits in its canonical form.
#[wasm_bindgen]
#[must_use]
pub fn amount(text: &str) -> String {
    answer::plain(text.parse().map(|amount: Credits| amount.to_text()))
}
