//! The core against models that are small, slow and obviously right.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

#[path = "core/account.rs"]
mod account;
#[path = "core/allowance.rs"]
mod allowance;
#[path = "core/runner.rs"]
mod runner;
#[path = "core/visitor_cap.rs"]
mod visitor_cap;
