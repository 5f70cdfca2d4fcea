//! The server as its parts meet: the stores, and the HTTP API on top of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod store;
