//! The `scrip` binary.
fn main() {}
