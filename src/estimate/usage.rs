use crate::{Quantity, TextLength, Unit};

/// What one call uses. Units are disjoint: input tokens are those that the supplier neither read from nor wrote to a cache.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Usage {
    /// How long a text is: in characters where the model prices these, else in input tokens.
    pub text: Option<TextLength>,
    /// Tokens of the prompt that are neither read from nor written to a cache.
    pub input_tokens: Option<Quantity>,
    /// Tokens of the prompt read from the supplier's cache.
    pub cached_input_tokens: Option<Quantity>,
    /// Tokens of the prompt written to the supplier's cache.
    pub cache_write_tokens: Option<Quantity>,
    /// Tokens of the answer.
    pub output_tokens: Option<Quantity>,
    /// Characters: Unicode scalar values.
    pub characters: Option<Quantity>,
    /// Seconds of sound or film.
    pub seconds: Option<Quantity>,
    /// The same in minutes of 60 seconds.
    pub minutes: Option<Quantity>,
    /// Images.
    pub images: Option<Quantity>,
    /// Pages.
    pub pages: Option<Quantity>,
    /// Calls to the model, when it was not one.
    pub requests: Option<Quantity>,
}

impl Usage {
    /// What is given in a unit of its own, with the member's name.
    pub(super) const fn direct(&self) -> [(&'static str, Unit, Option<Quantity>); 9] {
        [
            ("input_tokens", Unit::InputToken, self.input_tokens),
            ("cached_input_tokens", Unit::CachedInputToken, self.cached_input_tokens),
            ("cache_write_tokens", Unit::CacheWriteToken, self.cache_write_tokens),
            ("output_tokens", Unit::OutputToken, self.output_tokens),
            ("characters", Unit::Character, self.characters),
            ("seconds", Unit::Second, self.seconds),
            ("images", Unit::Image, self.images),
            ("pages", Unit::Page, self.pages),
            ("requests", Unit::Request, self.requests),
        ]
    }
}
