/// What a price counts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Unit {
    /// A token of the prompt that is neither read from nor written to the supplier's cache.
    InputToken,
    /// A token of the prompt read from the supplier's cache.
    CachedInputToken,
    /// A token of the prompt written to the supplier's cache.
    CacheWriteToken,
    /// A token of the answer.
    OutputToken,
    /// A character: one Unicode scalar value.
    Character,
    /// A second of sound or film.
    Second,
    /// An image.
    Image,
    /// A page.
    Page,
    /// A call to the model. One usage is one call unless it says otherwise.
    Request,
    /// A run. One usage is one run.
    Run,
}

pub(crate) const UNITS: [(&str, Unit); 10] = [
    ("input_token", Unit::InputToken),
    ("cached_input_token", Unit::CachedInputToken),
    ("cache_write_token", Unit::CacheWriteToken),
    ("output_token", Unit::OutputToken),
    ("character", Unit::Character),
    ("second", Unit::Second),
    ("image", Unit::Image),
    ("page", Unit::Page),
    ("request", Unit::Request),
    ("run", Unit::Run),
];

impl Unit {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InputToken => "input_token",
            Self::CachedInputToken => "cached_input_token",
            Self::CacheWriteToken => "cache_write_token",
            Self::OutputToken => "output_token",
            Self::Character => "character",
            Self::Second => "second",
            Self::Image => "image",
            Self::Page => "page",
            Self::Request => "request",
            Self::Run => "run",
        }
    }

    /// Whether only whole numbers of it exist: all but seconds and pages.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        !matches!(self, Self::Second | Self::Page)
    }

    /// Whether it is one of the three kinds of tokens that a prompt is made of.
    #[must_use]
    pub const fn is_input(self) -> bool {
        matches!(self, Self::InputToken | Self::CachedInputToken | Self::CacheWriteToken)
    }
}
