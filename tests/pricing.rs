//! The price book and the estimator, through the public API.
#![cfg(feature = "pricing")]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

mod pricing {
    mod afford;
    mod builtin;
    mod exactness;
    mod many;
    mod vectors;
}
