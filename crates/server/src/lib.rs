//! The Scrip server: HTTP in front, the core in the middle, a store behind.
#![forbid(unsafe_code)]

pub mod ids;
pub mod store;
