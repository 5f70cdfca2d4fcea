//! The Scrip server: HTTP in front, the core in the middle, a store behind.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod app;
pub mod auth;
pub mod charges;
pub mod cli;
pub mod config;
pub mod crypto;
pub mod embeds;
pub mod http;
pub mod ids;
pub mod limits;
pub mod metrics;
pub mod operator;
pub mod passwords;
pub mod pickaxes;
pub mod plans;
pub mod prices;
pub mod prices_cli;
pub mod problem;
pub mod provider;
pub mod runs;
pub mod serve;
pub mod static_files;
pub mod store;
pub mod tokens;
pub mod wire;
