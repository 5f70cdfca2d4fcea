//! A visitor's cap from what a store counts. A decision needs the oldest run that is out and their number, not each one's
//! time; a run in flight will count from a later moment, so it counts as of now.

use scrip::{Error, Timestamp, VisitorCap, Window};

/// What counts: runs in the window, and those under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub(super) oldest: Option<Timestamp>,
    pub(super) runs: u32,
    pub(super) in_flight: u32,
}

/// Runs after this millisecond count.
pub(super) fn since(window: Option<Window>, now: Timestamp) -> i64 {
    let millis = window.map_or(i64::MAX, |window| i64::from(window.seconds()).saturating_mul(1000));
    now.as_millis().saturating_sub(millis)
}

/// The visitor's cap at `now`.
pub(super) fn cap(
    counted: Counted,
    limit: Option<u32>,
    window: Option<Window>,
    now: Timestamp,
) -> Result<VisitorCap, Error> {
    let Counted { oldest, runs, in_flight } = counted;
    let mut times = Vec::with_capacity(2);
    match oldest {
        Some(at) if at == now => times.push((at, runs.saturating_add(in_flight))),
        oldest => {
            times.extend(oldest.map(|at| (at, runs)));
            times.extend((in_flight > 0).then_some((now, in_flight)));
        }
    }
    VisitorCap::restore(limit, window, now, times)
}
