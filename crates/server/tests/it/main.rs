//! The server as its clients see it: the real router, the real store, a provider that breaks on demand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    unreachable_pub
)]

mod accounts;
mod bad_input;
mod binary;
mod cors;
mod debits;
mod embeds;
mod holds;
mod idempotency;
mod openapi;
mod owner;
mod pickaxes;
mod prices_cli;
mod provider;
mod runs;
mod sessions;
mod static_files;
mod store;
mod streams;
mod support;
mod tokens;
mod vectors;
