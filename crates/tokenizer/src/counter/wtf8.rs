//! UTF-8 in which half a surrogate pair may stand, as the three bytes that its code point would have.
//!
//! U+FFFD has three bytes too, so lengths in bytes and characters are those of the text in which it replaces the half.

const REPLACEMENT: [u8; 3] = [0xef, 0xbf, 0xbd];

/// The number of lone surrogates.
pub(super) fn lone(text: &[u8]) -> usize {
    text.iter().zip(text.iter().skip(1)).filter(|(first, second)| **first == 0xed && **second >= 0xa0).count()
}

/// Puts U+FFFD in the place of each lone surrogate.
pub(super) fn replace_lone(text: &mut [u8]) {
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|pair| matches!(pair, [0xed, second] if *second >= 0xa0)) {
        let Some((_, found)) = rest.split_at_mut_checked(at) else { return };
        let Some((lone, behind)) = found.split_first_chunk_mut() else { return };
        *lone = REPLACEMENT;
        rest = behind;
    }
}

/// UTF-16 of any kind, in which pairs have found each other.
pub(super) fn from_utf16(units: impl Iterator<Item = u16>) -> Vec<u8> {
    let mut text = Vec::new();
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(character) => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(lone) => {
                let code_point = lone.unpaired_surrogate();
                text.extend([0xed, 0x80 | (code_point >> 6 & 0x3f) as u8, 0x80 | (code_point & 0x3f) as u8]);
            }
        }
    }
    text
}

pub(super) fn to_utf16(text: &[u8]) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len());
    let mut bytes = text.iter().map(|&byte| u32::from(byte));
    while let Some(first) = bytes.next() {
        let mut tail = || bytes.next().unwrap_or(0) & 0x3f;
        match first {
            0..0x80 => units.push(first as u16),
            0x80..0xe0 => units.push(((first & 0x1f) << 6 | tail()) as u16),
            0xe0..0xf0 => units.push(((first & 0x0f) << 12 | tail() << 6 | tail()) as u16),
            _ => {
                let code_point = (first & 0x07) << 18 | tail() << 12 | tail() << 6 | tail();
                let beyond = code_point.wrapping_sub(0x1_0000);
                units.push(0xd800 | (beyond >> 10 & 0x3ff) as u16);
                units.push(0xdc00 | (beyond & 0x3ff) as u16);
            }
        }
    }
    units
}

/// The byte at which the UTF-16 code unit `offset` starts; `None` between the halves of a pair.
pub(super) fn byte_offset(text: &[u8], offset: usize) -> Option<usize> {
    let mut units = 0;
    for (at, &byte) in text.iter().enumerate() {
        if byte & 0xc0 == 0x80 {
            continue;
        }
        if units >= offset {
            return (units == offset).then_some(at);
        }
        units += if byte >= 0xf0 { 2 } else { 1 };
    }
    (units == offset).then_some(text.len())
}
