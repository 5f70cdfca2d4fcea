use alloc::string::String;
use core::fmt;

use crate::{
    Credits, Timestamp,
    said::{Say, said},
};

/// Everything that can go wrong in the core, with every number needed to understand it.
///
/// [`code`](Self::code) is stable and the same in Rust, JavaScript and HTTP.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Text that is not a plain non-negative decimal with at most nine fractional digits.
    InvalidDecimal,
    /// A result beyond [`Credits::MAX`] or beyond the range of [`Timestamp`].
    Overflow,
    /// A time or a window outside its range.
    InvalidTime,
    /// Less is available than is asked for.
    InsufficientCredits {
        /// What could be spent at that moment.
        available: Credits,
        /// What was asked for.
        required: Credits,
    },
    /// A movement of nothing, where something has to move.
    ZeroAmount,
    /// A settlement above what was held. The hold stays open.
    SettleExceedsHold {
        /// What the hold reserved.
        held: Credits,
        /// What was asked for.
        asked: Credits,
    },
    /// A refund above what is left of its debit.
    RefundExceedsDebit {
        /// What is left to refund.
        left: Credits,
        /// What was asked for.
        asked: Credits,
    },
    /// The visitor has used all runs of the window.
    VisitorCapReached {
        /// The limit in runs.
        limit: u32,
        /// When the next run comes back, if it ever does.
        resets_at: Option<Timestamp>,
    },
    /// State that no sequence of commands can produce: a damaged or foreign snapshot.
    InvalidState(&'static str),
}

impl Error {
    /// What is wrong, in words. `Display` says the same; this does without the formatting of the standard library.
    #[must_use]
    pub fn message(&self) -> String {
        said(&[self])
    }

    /// The stable code of this error, shared by Rust, JavaScript and HTTP.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidDecimal => "invalid_decimal",
            Self::Overflow => "overflow",
            Self::InvalidTime => "invalid_options",
            Self::InsufficientCredits { .. } => "insufficient_credits",
            Self::ZeroAmount => "zero_amount",
            Self::SettleExceedsHold { .. } => "settle_exceeds_hold",
            Self::RefundExceedsDebit { .. } => "refund_exceeds_debit",
            Self::VisitorCapReached { .. } => "visitor_cap_reached",
            Self::InvalidState(_) => "invalid_state",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&said(&[self]))
    }
}

impl Say for Error {
    fn say(&self, text: &mut String) {
        let parts: [&dyn Say; 4] = match self {
            Self::InvalidDecimal => [
                &"expected a plain decimal such as \"0.024\": no sign, no exponent, no blanks, no leading zeros, at most 9 \
                  fractional digits",
                &"",
                &"",
                &"",
            ],
            Self::Overflow => [&"the result is beyond 9000000000 credits or outside the range of times", &"", &"", &""],
            Self::InvalidTime => [&"the time or the window is outside its range", &"", &"", &""],
            Self::InsufficientCredits { available, required } => {
                [required, &" credits are required, ", available, &" are available"]
            }
            Self::ZeroAmount => [&"the amount must be greater than 0", &"", &"", &""],
            Self::SettleExceedsHold { held, asked } => {
                [asked, &" credits cannot be settled, the hold reserved ", held, &""]
            }
            Self::RefundExceedsDebit { left, asked } => {
                [asked, &" credits cannot be refunded, ", left, &" of the debit are left"]
            }
            Self::VisitorCapReached { limit, .. } => {
                [&"all ", &u64::from(*limit), &" runs of this visitor are used", &""]
            }
            Self::InvalidState(what) => [&"the stored state is damaged: ", what, &"", &""],
        };
        parts.iter().for_each(|part| part.say(text));
    }
}

impl core::error::Error for Error {}
