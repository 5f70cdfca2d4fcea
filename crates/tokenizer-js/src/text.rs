//! A text that is being edited.

use std::cell::RefCell;

use js_sys::JsString;
use scrip_tokenizer::Counter;
use wasm_bindgen::prelude::*;

use crate::error;

/// What a text counts after every edit. Without a vocabulary (as constructed here; see `Counts.text`) all but its tokens.
#[wasm_bindgen]
pub struct EditedText(RefCell<Counter>);

impl EditedText {
    pub(crate) fn of(counter: Counter) -> Self {
        Self(RefCell::new(counter))
    }
}

#[wasm_bindgen]
impl EditedText {
    /// An empty text.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::of(Counter::without_vocabulary())
    }

    /// Replaces all of it. Returns what [`EditedText::count`] does.
    ///
    /// # Errors
    /// `invalid_text` beyond [`LONGEST`] code units, the text is unchanged.
    pub fn set(&self, text: &JsString) -> Result<f64, JsValue> {
        let mut counter = self.0.borrow_mut();
        room(0, 0, text)?;
        let text = Text::of(text);
        match text {
            Text::Whole(text) => counter.set_text(&text),
            Text::Units(units) => counter.set_utf16(&units),
        }
        Ok(count(&counter))
    }

    /// Replaces UTF-16 code units. Returns what [`EditedText::count`] does.
    ///
    /// # Errors
    /// `invalid_edit`, or `invalid_text` beyond [`LONGEST`] code units; the text is unchanged.
    pub fn edit(&self, start: f64, end: f64, inserted: &JsString) -> Result<f64, JsValue> {
        let mut counter = self.0.borrow_mut();
        let (Some(start), Some(end)) = (position(start), position(end)) else {
            return Err(error::object("invalid_edit", &"expected whole code units from 0"));
        };
        room(counter.utf16_length(), end.saturating_sub(start) as u64, inserted)?;
        let inserted = Text::of(inserted);
        let edited = match inserted {
            Text::Whole(text) => counter.edit(start, end, &text),
            Text::Units(units) => counter.edit_utf16(start, end, &units),
        };
        edited.map_err(|fault| error::object(fault.code(), &fault))?;
        Ok(count(&counter))
    }

    /// The number of tokens; of characters without a vocabulary.
    #[must_use]
    pub fn count(&self) -> f64 {
        count(&self.0.borrow())
    }

    /// The number of Unicode scalar values.
    #[must_use]
    pub fn characters(&self) -> f64 {
        self.0.borrow().characters() as f64
    }

    /// The length in bytes of UTF-8.
    #[must_use]
    pub fn bytes(&self) -> f64 {
        self.0.borrow().bytes() as f64
    }

    /// Whether no half of a surrogate pair is in it.
    #[wasm_bindgen(js_name = isExact)]
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.0.borrow().is_exact()
    }
}

impl Default for EditedText {
    fn default() -> Self {
        Self::new()
    }
}

fn count(counter: &Counter) -> f64 {
    counter.tokens().unwrap_or(counter.characters()) as f64
}

/// The longest text that is taken, in UTF-16 code units: what the estimates take.
const LONGEST: u64 = 1 << 24;

fn room(length: u64, removed: u64, inserted: &JsString) -> Result<(), JsValue> {
    let length = length.saturating_sub(removed).saturating_add(u64::from(inserted.length()));
    let too_long = || error::object("invalid_text", &"a text of more than 16777216 UTF-16 units is not taken");
    if length > LONGEST { Err(too_long()) } else { Ok(()) }
}

/// A whole position.
fn position(number: f64) -> Option<usize> {
    (number >= 0.0 && number.fract() == 0.0).then_some(number as usize)
}

/// What came from JavaScript.
enum Text {
    Whole(String),
    /// With half a surrogate pair, which a conversion would have replaced.
    Units(Vec<u16>),
}

impl Text {
    fn of(text: &JsString) -> Self {
        let whole = String::from(text);
        // Only if U+FFFD is in it, it may have stood for something else.
        if whole.contains('\u{fffd}') && !text.is_valid_utf16() {
            return Self::Units(text.iter().collect());
        }
        Self::Whole(whole)
    }
}
