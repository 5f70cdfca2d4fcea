use alloc::vec::Vec;

use crate::{
    Conversions, Encoding, Quantity,
    pricing_error::{Fault, Kind, PricingError},
    quantity::too_much,
    said::said,
    wide::Round,
};

/// How long a text is: all that an estimate needs to know of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TextLength {
    /// Unicode scalar values.
    pub characters: u64,
    /// Bytes of UTF-8.
    pub bytes: u64,
    /// How many halves of surrogate pairs are in it: JavaScript's text may hold them. Each counts as U+FFFD.
    pub torn: u64,
    /// How many tokens it is, where they were counted, and in which encoding.
    pub tokens: Option<(Encoding, u64)>,
}

impl TextLength {
    /// Nothing.
    pub const EMPTY: Self = Self { characters: 0, bytes: 0, torn: 0, tokens: None };
    /// The longest text that is taken, in bytes of UTF-8, or in UTF-16 code units where it comes in these.
    pub const LIMIT: usize = 1 << 24;

    /// The length of a text whose tokens were not counted.
    ///
    /// # Errors
    /// `invalid_text` beyond [`LIMIT`](Self::LIMIT) bytes.
    pub fn of(text: &str) -> Result<Self, PricingError> {
        if text.len() > Self::LIMIT {
            return Err(too_long());
        }
        Ok(Self { characters: text.chars().count() as u64, bytes: text.len() as u64, ..Self::EMPTY })
    }

    /// How many tokens it has at least, probably and at most, where they were not counted.
    ///
    /// # Errors
    /// `overflow` when a quantity cannot hold it.
    pub fn likely_tokens(&self, conversions: &Conversions) -> Result<[Quantity; 3], PricingError> {
        let whole = |count: u64| Quantity::from_count(count).ok_or_else(too_much);
        let over = |count: Quantity, rate: Quantity| {
            count.scaled(Quantity::ONE, rate, Round::Up).ok_or_else(too_much)?.rounded_up()
        };
        // No public vocabulary holds a token of more than 128 bytes, and none a token of less than one.
        let most = whole(self.bytes)?;
        let least = over(most, Quantity::from_whole(128))?;
        let likely = over(whole(self.characters)?, conversions.characters_per_token)?;
        Ok([least, likely.clamp(least, most), most])
    }

    fn of_units(units: &[u16]) -> Self {
        let mut length = Self::EMPTY;
        for char in char::decode_utf16(units.iter().copied()) {
            length.torn = length.torn.saturating_add(u64::from(char.is_err()));
            length.characters = length.characters.saturating_add(1);
            length.bytes = length.bytes.saturating_add(char.unwrap_or(char::REPLACEMENT_CHARACTER).len_utf8() as u64);
        }
        length
    }

    fn changed(self, old: Self, new: Self) -> Self {
        // Added first: halves of a pair at the edges of what was counted count for more there than in the whole.
        let change = |whole: u64, old: u64, new: u64| whole.saturating_add(new).saturating_sub(old);
        Self {
            characters: change(self.characters, old.characters, new.characters),
            bytes: change(self.bytes, old.bytes, new.bytes),
            torn: change(self.torn, old.torn, new.torn),
            tokens: None,
        }
    }
}

/// A text in UTF-16 that is being edited, and its length after each edit, counted only where the edit is.
///
/// ```
/// use scrip::EditedText;
/// let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
/// let mut text = EditedText::default();
/// text.edit(0, 0, &units("naïve 🤔"))?;
/// assert_eq!((text.length().characters, text.length().bytes), (7, 11));
/// text.edit(7, 8, &[])?;
/// assert_eq!(text.length().torn, 1);
/// assert_eq!(text.edit(3, 99, &[]).unwrap_err().code(), "invalid_edit");
/// # Ok::<(), scrip::PricingError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EditedText {
    units: Vec<u16>,
    length: TextLength,
}

impl Default for EditedText {
    fn default() -> Self {
        Self { units: Vec::new(), length: TextLength::EMPTY }
    }
}

impl EditedText {
    /// How long the text is now.
    #[must_use]
    pub fn length(&self) -> TextLength {
        self.length
    }

    /// Replaces the whole text.
    ///
    /// # Errors
    /// `invalid_text` beyond [`TextLength::LIMIT`] code units; the text is unchanged then.
    pub fn set(&mut self, text: &[u16]) -> Result<(), PricingError> {
        self.edit(0, self.units.len(), text)
    }

    /// Replaces the code units from `start` to before `end` by `inserted`.
    ///
    /// # Errors
    /// `invalid_edit` where there are no such units, `invalid_text` beyond [`TextLength::LIMIT`] of them; the text is unchanged then.
    pub fn edit(&mut self, start: usize, end: usize, inserted: &[u16]) -> Result<(), PricingError> {
        let Some(removed) = end.checked_sub(start).filter(|_| end <= self.units.len()) else {
            let number = |units: usize| units as u64;
            let (start, end, length) = (number(start), number(end), number(self.units.len()));
            let detail = said(&[&"cannot replace code units ", &start, &" to ", &end, &" of a text of ", &length]);
            return Err(Fault::told(Kind::InvalidEdit, detail));
        };
        let length = self.units.len().saturating_sub(removed).saturating_add(inserted.len());
        if length > TextLength::LIMIT {
            return Err(too_long());
        }
        // One unit to each side: halves of a pair may be torn there, or meet.
        let from = start.saturating_sub(1);
        let old = self.counted(from, end.saturating_add(1));
        self.units.splice(start..end, inserted.iter().copied());
        let new = self.counted(from, start.saturating_add(inserted.len()).saturating_add(1));
        self.length = self.length.changed(old, new);
        Ok(())
    }

    fn counted(&self, from: usize, to: usize) -> TextLength {
        TextLength::of_units(self.units.get(from..to.min(self.units.len())).unwrap_or_default())
    }
}

fn too_long() -> Fault {
    Fault::new(Kind::InvalidText, "a text of more than 16777216 bytes or UTF-16 units is not taken")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit() -> impl Strategy<Value = u16> {
        prop_oneof![any::<u16>(), Just(0xd83e), Just(0xdd14), Just(u16::from(b'a')), 0xd7f0_u16..0xe010]
    }

    proptest! {
        #[test]
        fn after_every_edit_the_length_is_that_of_the_text_counted_anew(
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, prop::collection::vec(unit(), 0..6)), 1..40),
        ) {
            let mut text = EditedText::default();
            let mut units: Vec<u16> = Vec::new();
            for (start, removed, inserted) in edits {
                let start = start.index(units.len() + 1);
                let end = (start + removed).min(units.len());
                text.edit(start, end, &inserted).unwrap();
                units.splice(start..end, inserted);
                prop_assert_eq!(text.length(), TextLength::of_units(&units));
                let lossy = String::from_utf16_lossy(&units);
                let expected = TextLength::of(&lossy).unwrap();
                prop_assert_eq!((text.length().characters, text.length().bytes), (expected.characters, expected.bytes));
            }
        }
    }

    #[test]
    fn an_edit_outside_the_text_or_beyond_the_limit_changes_nothing() {
        let mut text = EditedText::default();
        text.set(&[97; 10]).unwrap();
        let before = text.clone();
        for (start, end) in [(11, 11), (0, 11), (3, 2), (usize::MAX, usize::MAX), (0, usize::MAX)] {
            assert_eq!(text.edit(start, end, &[98]).unwrap_err().code(), "invalid_edit", "{start} {end}");
        }
        let room = TextLength::LIMIT - 10;
        assert_eq!(text.edit(10, 10, &vec![98; room + 1]).unwrap_err().code(), "invalid_text");
        assert_eq!(text, before);
        text.edit(10, 10, &vec![98; room]).unwrap();
        assert_eq!(text.length().characters, TextLength::LIMIT as u64);
    }
}
