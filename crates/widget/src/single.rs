//! A static for a program without threads: what `thread_local!` is in the standard library.
#![allow(unsafe_code, reason = "a static must be Sync, and nothing here can be shared between threads")]

/// A value of the page's only thread.
pub(crate) struct Single<T>(T);

// SAFETY: a page runs this module in one thread; a worker that loads it gets a memory of its own.
unsafe impl<T> Sync for Single<T> {}

impl<T> Single<T> {
    /// A static's value.
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value.
    pub(crate) const fn get(&self) -> &T {
        &self.0
    }
}
