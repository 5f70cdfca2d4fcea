//! Counting a text while it is edited.

mod block;
mod blocks;
mod split;
mod wtf8;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::tokenizer::Tokenizer;
use crate::vocabulary::Vocabulary;
use blocks::Blocks;
use split::Splitter;

/// A text that is being edited, and what it counts.
///
/// The text is kept in blocks of a few hundred bytes, each with its sums, and an edit re-splits from the block that it falls in
/// until the pre-tokenizer is in step with an old block again. So an edit costs the same anywhere in a text of any length, unless
/// it falls into one giant piece (a hundred thousand letters without a blank), which is read again, in linear time.
///
/// Positions are UTF-16 code units, as input events of browsers give them. After every edit the counts equal those of the same
/// text counted anew. A lone surrogate counts as U+FFFD and makes the count inexact ([`Counter::is_exact`]) until an edit mends it.
///
/// ```
/// use scrip_tokenizer::Counter;
///
/// // Without a vocabulary: everything but tokens.
/// let mut counter = Counter::without_vocabulary();
/// counter.set_text("naïve 🤔");
/// assert_eq!((counter.characters(), counter.bytes(), counter.utf16_length()), (7, 11, 8));
/// counter.edit(6, 8, "idea")?;
/// assert_eq!(counter.text(), "naïve idea");
/// assert_eq!(counter.tokens(), None);
/// assert!(counter.edit(9, 99, "").is_err());
/// # Ok::<(), scrip_tokenizer::OutOfRange>(())
/// ```
#[derive(Default)]
pub struct Counter {
    vocabulary: Option<Arc<Vocabulary>>,
    tokenizer: Tokenizer,
    blocks: Blocks,
    splitter: Splitter,
}

impl Counter {
    /// An empty text whose tokens are counted.
    #[must_use]
    pub fn new(vocabulary: &Arc<Vocabulary>) -> Self {
        Self { vocabulary: Some(Arc::clone(vocabulary)), ..Self::default() }
    }

    /// An empty text whose characters and bytes are counted; [`Counter::set_vocabulary`] may follow.
    #[must_use]
    pub fn without_vocabulary() -> Self {
        Self::default()
    }

    /// Counts tokens of this vocabulary, or none, from now on. The text stays.
    pub fn set_vocabulary(&mut self, vocabulary: Option<&Arc<Vocabulary>>) {
        self.vocabulary = vocabulary.map(Arc::clone);
        let text = self.blocks.concatenated();
        self.set(text);
    }

    /// Replaces the whole text.
    pub fn set_text(&mut self, text: &str) {
        self.set(text.as_bytes().to_vec());
    }

    /// Replaces the whole text by UTF-16, lone surrogates included.
    pub fn set_utf16(&mut self, units: &[u16]) {
        self.set(wtf8::from_utf16(units.iter().copied()));
    }

    /// Replaces the UTF-16 code units from `start` to before `end` by `inserted`.
    ///
    /// # Errors
    /// [`OutOfRange`] when there are no such code units; the text is unchanged then.
    pub fn edit(&mut self, start: usize, end: usize, inserted: &str) -> Result<(), OutOfRange> {
        let range = self.checked(start, end)?;
        if !self.edit_bytes(&range, inserted.as_bytes()) {
            self.edit_units(&range, &inserted.encode_utf16().collect::<Vec<_>>());
        }
        Ok(())
    }

    /// As [`Counter::edit`], with inserted text that may contain half a surrogate pair.
    ///
    /// # Errors
    /// [`OutOfRange`] when there are no such code units; the text is unchanged then.
    pub fn edit_utf16(&mut self, start: usize, end: usize, inserted: &[u16]) -> Result<(), OutOfRange> {
        let range = self.checked(start, end)?;
        let whole = String::from_utf16(inserted).is_ok_and(|inserted| self.edit_bytes(&range, inserted.as_bytes()));
        if !whole {
            self.edit_units(&range, inserted);
        }
        Ok(())
    }

    /// The number of tokens, special tokens read as plain text; `None` without a vocabulary.
    #[must_use]
    pub fn tokens(&self) -> Option<u64> {
        self.vocabulary.as_ref().map(|_| self.blocks.totals().tokens)
    }

    /// The number of characters: Unicode scalar values, a lone surrogate counted as U+FFFD.
    #[must_use]
    pub fn characters(&self) -> u64 {
        self.blocks.totals().characters
    }

    /// The length in bytes of UTF-8, a lone surrogate counted as U+FFFD.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.blocks.totals().bytes
    }

    /// The length in UTF-16 code units: the upper bound of positions.
    #[must_use]
    pub fn utf16_length(&self) -> u64 {
        self.blocks.totals().utf16
    }

    /// Whether the text is Unicode: it contains no half of a surrogate pair.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.blocks.totals().lone == 0
    }

    /// The text, with U+FFFD for each lone surrogate.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.blocks.concatenated();
        wtf8::replace_lone(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    fn checked(&self, start: usize, end: usize) -> Result<Range<usize>, OutOfRange> {
        let length = self.utf16_length();
        if start <= end && end as u64 <= length { Ok(start..end) } else { Err(OutOfRange { start, end, length }) }
    }

    fn set(&mut self, text: Vec<u8>) {
        self.blocks.clear();
        self.splitter.text = text;
        self.resplit(0, 0);
        self.splitter.release();
    }

    /// The ordinary edit: no half of a surrogate pair anywhere. Returns false, and does nothing, if that is not so.
    fn edit_bytes(&mut self, range: &Range<usize>, inserted: &[u8]) -> bool {
        if !self.is_exact() {
            return false;
        }
        let first = self.blocks.find(range.start);
        let last = self.blocks.find_end(range.end, &first);
        let (from, to) = (self.blocks.byte_offset(&first), self.blocks.byte_offset(&last));
        let (Some(from), Some(to)) = (from, to) else { return false };
        let (start, before) = self.blocks.walk_back(first.index, from);
        let text = &mut self.splitter.text;
        text.clear();
        self.blocks.append(start..first.index, text);
        debug_assert_eq!(text.len(), before);
        text.extend_from_slice(self.blocks.text(first.index).get(..from).unwrap_or_default());
        text.extend_from_slice(inserted);
        text.extend_from_slice(self.blocks.text(last.index).get(to..).unwrap_or_default());
        self.resplit(start, last.index + 1);
        true
    }

    /// Any edit: the blocks around it go through UTF-16, where halves of pairs can meet again.
    fn edit_units(&mut self, range: &Range<usize>, inserted: &[u16]) {
        let first = self.blocks.find(range.start);
        let last = self.blocks.find_end(range.end, &first);
        // The other half may be the first or the last of the next block.
        let (start, _) = self.blocks.walk_back(first.index.saturating_sub(1), 0);
        let end = self.blocks.len().min(last.index + 2);
        let mut text = Vec::new();
        self.blocks.append(start..end, &mut text);
        let units = wtf8::to_utf16(&text);
        let offset = self.blocks.utf16_before(start);
        let kept_before = units.get(..range.start - offset).unwrap_or_default();
        let kept_after = units.get(range.end - offset..).unwrap_or_default();
        let edited = [kept_before, inserted, kept_after];
        self.splitter.text = wtf8::from_utf16(edited.into_iter().flatten().copied());
        self.resplit(start, end);
    }

    /// Puts what the splitter's text is split into in the place of blocks from `start` to before `end`, and of as many more as it
    /// takes to be in step again.
    fn resplit(&mut self, start: usize, end: usize) {
        let vocabulary = self.vocabulary.as_deref();
        let end = self.splitter.split(&self.blocks, start, end, vocabulary, &mut self.tokenizer);
        self.blocks.replace(start..end.min(self.blocks.len()), &self.splitter.text, &self.splitter.made);
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counter")
            .field("vocabulary", &self.vocabulary)
            .field("totals", self.blocks.totals())
            .finish_non_exhaustive()
    }
}

/// An edit outside the text, or one that ends before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    /// The first code unit to be replaced.
    pub start: usize,
    /// The one behind the last.
    pub end: usize,
    /// How many code units the text has.
    pub length: u64,
}

impl OutOfRange {
    /// The stable code: `invalid_edit`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "invalid_edit"
    }
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, end, length } = self;
        write!(f, "cannot replace code units {start} to {end} of a text of {length}")
    }
}

impl std::error::Error for OutOfRange {}
