//! What every export answers: text, mostly JSON; or a fault, which begins with an exclamation mark as neither JSON nor a number does:
//! `!code`, the path (`-` where there is none) and the message, a line each.

use alloc::string::String;

use scrip::{Error, PricingError, Timestamp};

/// What may be at fault somewhere inside an argument.
pub(crate) fn placed(answer: Result<String, PricingError>) -> String {
    answer.unwrap_or_else(|fault| said(fault.code(), fault.path(), &fault.message()))
}

/// What has no inside.
pub(crate) fn plain(answer: Result<String, Error>) -> String {
    answer.unwrap_or_else(|error| said(error.code(), "-", &error.message()))
}

fn said(code: &str, path: &str, message: &str) -> String {
    ["!", code, "\n", path, "\n", message].concat()
}

/// A moment in milliseconds, as `Date` counts them.
pub(crate) fn moment(millis: f64) -> Result<Timestamp, Error> {
    #[expect(clippy::cast_possible_truncation, reason = "what does not survive the cast is refused")]
    let whole = millis as i64;
    #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "every moment of a Date is below 2⁵³")]
    let survives = whole as f64 == millis;
    if survives { Timestamp::from_millis(whole) } else { Err(Error::InvalidTime) }
}
