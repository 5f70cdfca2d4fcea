//! The file of a vocabulary: the two halves of every merge, in the order of the merges' ranks.
//!
//! ```text
//! 2n bytes  bits 10–17 of both halves of the first merge, of the second …
//! n bytes   bits 2–9 of the left halves
//! n bytes   bits 2–9 of the right halves
//! n bytes   bits 0–1 of the left half, and in bits 2–3 those of the right half
//! 8 bytes   "SCRIPV1" and the number of the encoding
//! ```
//!
//! The order makes it small after brotli, measured among a dozen others: what resembles each other lies together, and nothing
//! stands in front that would shift it (eight bytes there cost 4,000 at the end). With the halves given, no merge is searched for
//! when a vocabulary is read.

use super::VocabularyError;
use crate::encoding::Encoding;

const MAGIC: &[u8; 7] = b"SCRIPV1";
const MARK: usize = MAGIC.len() + 1;

pub(super) fn read(bytes: &[u8]) -> Result<(Encoding, Vec<(u32, u32)>), VocabularyError> {
    let encoding = marked(bytes).ok_or(VocabularyError::NotAVocabulary { found: bytes.len() })?;
    let merges = encoding.merges();
    let expected = size(encoding);
    let length = VocabularyError::Length { encoding, expected, found: bytes.len() };
    if bytes.len() != expected {
        return Err(length);
    }
    let (high, rest) = bytes.split_at_checked(2 * merges).ok_or(length)?;
    let (left, rest) = rest.split_at_checked(merges).ok_or(length)?;
    let (right, low) = rest.split_at_checked(merges).ok_or(length)?;
    let halves: Vec<(u32, u32)> = (high.chunks_exact(2).zip(left).zip(right).zip(low))
        .map(|(((high, left), right), low)| {
            let [left_high, right_high] = high.first_chunk().map_or([0; 2], |high| high.map(u32::from));
            let low = u32::from(*low);
            (left_high << 10 | u32::from(*left) << 2 | low & 3, right_high << 10 | u32::from(*right) << 2 | low >> 2)
        })
        .collect();
    if checksum(&halves) == encoding.checksum() {
        Ok((encoding, halves))
    } else {
        Err(VocabularyError::Damaged { encoding })
    }
}

/// What the mark at the end says.
fn marked(bytes: &[u8]) -> Option<Encoding> {
    let (_, [magic @ .., number]) = bytes.split_last_chunk::<MARK>()?;
    if magic == MAGIC { Encoding::ALL.get(usize::from(*number)).copied() } else { None }
}

fn size(encoding: Encoding) -> usize {
    5 * encoding.merges() + MARK
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
    let mut file = Vec::with_capacity(size(encoding));
    file.extend(halves.iter().flat_map(|(left, right)| [(left >> 10) as u8, (right >> 10) as u8]));
    file.extend(halves.iter().map(|(left, _)| (left >> 2) as u8));
    file.extend(halves.iter().map(|(_, right)| (right >> 2) as u8));
    file.extend(halves.iter().map(|(left, right)| (left & 3 | (right & 3) << 2) as u8));
    file.extend_from_slice(MAGIC);
    file.push(number);
    Ok(file)
}

/// FNV-1a over the halves, 64 bits wide: it finds damage and strange files; it is no defence against a forger, who could do no more
/// than make this page count wrongly.
fn checksum(halves: &[(u32, u32)]) -> u64 {
    let numbers = halves.iter().flat_map(|(left, right)| [*left, *right]);
    numbers
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, number| (hash ^ u64::from(number)).wrapping_mul(0x0000_0100_0000_01b3))
}
