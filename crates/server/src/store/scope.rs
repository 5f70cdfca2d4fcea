//! How a request is told from others: half a SHA-256 is enough for both of its parts.

use sha2::{Digest, Sha256};

use super::Idempotency;

/// Of its route and its visitor.
pub(super) fn of(request: &Idempotency) -> [u8; 16] {
    let visitor = request.visitor.as_ref().map_or("", |visitor| visitor.as_str());
    // A route has no line break and a visitor is visible ASCII: the two cannot run into each other.
    half(Sha256::digest(format!("{}\n{visitor}", request.route)).as_slice())
}

/// Of its body.
pub(super) fn body(request: &Idempotency) -> [u8; 16] {
    half(&request.body)
}

fn half(hash: &[u8]) -> [u8; 16] {
    let mut half = [0; 16];
    half.iter_mut().zip(hash).for_each(|(to, from)| *to = *from);
    half
}
