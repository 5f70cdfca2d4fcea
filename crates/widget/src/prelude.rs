//! What the standard library's prelude has and `no_std` lacks.

pub(crate) use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec,
    vec::Vec,
};
