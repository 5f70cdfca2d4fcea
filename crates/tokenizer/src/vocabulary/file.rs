//! The file of a vocabulary: the two halves of every merge, in the order of the merges' ranks.
//!
//! ```text
//! 8 bytes   "SCRIPV1" and the number of the encoding
//! 2n bytes  bits 10–17 of both halves of the first merge, of the second …
//! 2n bytes  bits 2–9 likewise
//! n bytes   bits 0–1 of the left half, and in bits 2–3 those of the right half
//! ```
//!
//! The order makes it small after brotli: what resembles each other lies together. With the halves given, no merge is searched for
//! when a vocabulary is read.

use super::VocabularyError;
use crate::encoding::Encoding;

const MAGIC: &[u8; 7] = b"SCRIPV1";
const HEADER: usize = MAGIC.len() + 1;

pub(super) fn read(bytes: &[u8]) -> Result<(Encoding, Vec<(u32, u32)>), VocabularyError> {
    let (encoding, planes) = match bytes.strip_prefix(MAGIC) {
        Some([number, planes @ ..]) => (Encoding::ALL.get(usize::from(*number)).copied(), planes),
        _ => (None, bytes),
    };
    let encoding = encoding.ok_or(VocabularyError::NotAVocabulary)?;
    let merges = encoding.merges();
    let expected = HEADER + 5 * merges;
    let length = VocabularyError::Length { encoding, expected, found: bytes.len() };
    if bytes.len() != expected {
        return Err(length);
    }
    let (high, rest) = planes.split_at_checked(2 * merges).ok_or(length)?;
    let (middle, low) = rest.split_at_checked(2 * merges).ok_or(length)?;
    let both = |plane: &[u8]| match plane {
        [left, right] => (u32::from(*left), u32::from(*right)),
        _ => (0, 0),
    };
    let halves: Vec<(u32, u32)> = high
        .chunks_exact(2)
        .zip(middle.chunks_exact(2))
        .zip(low)
        .map(|((high, middle), low)| {
            let ((left_high, right_high), (left, right), low) = (both(high), both(middle), u32::from(*low));
            (left_high << 10 | left << 2 | low & 3, right_high << 10 | right << 2 | low >> 2)
        })
        .collect();
    if checksum(&halves) == encoding.checksum() {
        Ok((encoding, halves))
    } else {
        Err(VocabularyError::Damaged { encoding })
    }
}

/// The vocabulary file of an encoding, of the two halves of each merge in the order of their ranks.
///
/// # Errors
/// The checksum found, when these are not the encoding's merges.
pub fn write(encoding: Encoding, halves: &[(u32, u32)]) -> Result<Vec<u8>, u64> {
    let found = checksum(halves);
    if found != encoding.checksum() {
        return Err(found);
    }
    let number = Encoding::ALL.iter().position(|one| *one == encoding).unwrap_or_default() as u8;
    let mut file = Vec::with_capacity(HEADER + 5 * halves.len());
    file.extend_from_slice(MAGIC);
    file.push(number);
    file.extend(halves.iter().flat_map(|(left, right)| [(left >> 10) as u8, (right >> 10) as u8]));
    file.extend(halves.iter().flat_map(|(left, right)| [(left >> 2) as u8, (right >> 2) as u8]));
    file.extend(halves.iter().map(|(left, right)| (left & 3 | (right & 3) << 2) as u8));
    Ok(file)
}

/// FNV-1a over the halves, 64 bits wide: it finds damage and strange files; it is no defence against a forger, who could do no more
/// than make this page count wrongly.
fn checksum(halves: &[(u32, u32)]) -> u64 {
    let numbers = halves.iter().flat_map(|(left, right)| [*left, *right]);
    numbers
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, number| (hash ^ u64::from(number)).wrapping_mul(0x0000_0100_0000_01b3))
}
