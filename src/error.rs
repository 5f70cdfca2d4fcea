use core::fmt;

use crate::{Credits, Timestamp};

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
        match self {
            Self::InvalidDecimal => f.write_str(
                "expected a plain decimal such as \"0.024\": no sign, no exponent, no blanks, no leading zeros, at most 9 \
                 fractional digits",
            ),
            Self::Overflow => f.write_str("the result is beyond 9000000000 credits or outside the range of times"),
            Self::InvalidTime => f.write_str("the time or the window is outside its range"),
            Self::InsufficientCredits { available, required } => {
                write!(f, "{required} credits are required, {available} are available")
            }
            Self::ZeroAmount => f.write_str("the amount must be greater than 0"),
            Self::SettleExceedsHold { held, asked } => {
                write!(f, "{asked} credits cannot be settled, the hold reserved {held}")
            }
            Self::RefundExceedsDebit { left, asked } => {
                write!(f, "{asked} credits cannot be refunded, {left} of the debit are left")
            }
            Self::VisitorCapReached { limit, .. } => write!(f, "all {limit} runs of this visitor are used"),
            Self::InvalidState(what) => write!(f, "the stored state is damaged: {what}"),
        }
    }
}

impl core::error::Error for Error {}
