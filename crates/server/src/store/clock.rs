//! Where the server's time comes from: read in this one place, given to a store when it opens.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use scrip::Timestamp;

/// Tells the time. Tests give one that they move by hand.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's clock, in UTC.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis),
        };
        let ends = Timestamp::MIN.as_millis()..=Timestamp::MAX.as_millis();
        Timestamp::from_millis(millis.clamp(*ends.start(), *ends.end())).unwrap_or(Timestamp::MAX)
    })
}
