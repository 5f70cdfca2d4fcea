use alloc::vec::Vec;

use crate::{Allowance, Credits, Error, Spend, Timestamp, Window};

/// What a visitor may do at one moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Decision {
    /// Whether one more run may start.
    pub allowed: bool,
    /// The limit in runs; `None`: unlimited, `Some(0)`: closed.
    pub limit: Option<u32>,
    /// Runs left; `None`: unlimited.
    pub remaining: Option<u32>,
    /// When the next run comes back; `None` when none is out, or when none ever returns.
    pub resets_at: Option<Timestamp>,
}

/// "Prompt runs per user": the rolling allowance of one visitor on one embed, counted in runs.
///
/// The widget keeps it in the browser, the server in its store; where they differ the server's count wins
/// ([`reconcile`](Self::reconcile)).
///
/// ```
/// use scrip::{Timestamp, VisitorCap, Window};
/// let now = Timestamp::from_millis(0)?;
/// let mut cap = VisitorCap::new(Some(1), Some(Window::THIRTY_DAYS), now);
/// cap.take(now)?;
/// let decision = cap.check(now);
/// assert_eq!((decision.allowed, decision.remaining), (false, Some(0)));
/// assert_eq!(decision.resets_at, Some(Window::THIRTY_DAYS.after(now)?));
/// # Ok::<(), scrip::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VisitorCap {
    limit: Option<u32>,
    runs: Allowance,
}

impl VisitorCap {
    /// A visitor who has run nothing yet. `limit` `None`: unlimited; `window` `None`: a run never returns.
    #[must_use]
    pub fn new(limit: Option<u32>, window: Option<Window>, now: Timestamp) -> Self {
        Self { limit, runs: Allowance::new(capacity(limit), window, now) }
    }

    /// A visitor as stored: the times of the runs that count, each with how many there were in that millisecond.
    ///
    /// # Errors
    /// [`Error::InvalidState`] when the times are not strictly ascending or lie after `clock`.
    pub fn restore(
        limit: Option<u32>,
        window: Option<Window>,
        clock: Timestamp,
        runs: impl IntoIterator<Item = (Timestamp, u32)>,
    ) -> Result<Self, Error> {
        let spends = runs.into_iter().map(|(at, count)| Spend { at, amount: Credits::from_whole(count) });
        let mut runs = Allowance::restore(capacity(limit), window, clock, spends)?;
        runs.forget_returned();
        Ok(Self { limit, runs })
    }

    /// What the visitor may do at `now`.
    #[must_use]
    pub fn check(&self, now: Timestamp) -> Decision {
        let remaining = self.limit.map(|_| whole(self.runs.available(now)));
        Decision {
            allowed: remaining != Some(0),
            limit: self.limit,
            remaining,
            resets_at: self.runs.returns(now).next().map(|(at, _)| at),
        }
    }

    /// Counts one run and returns the time it counts as.
    ///
    /// # Errors
    /// [`Error::VisitorCapReached`] when none is left; nothing changes.
    pub fn take(&mut self, now: Timestamp) -> Result<Timestamp, Error> {
        let decision = self.check(now);
        if let (false, Some(limit)) = (decision.allowed, decision.limit) {
            return Err(Error::VisitorCapReached { limit, resets_at: decision.resets_at });
        }
        let at = self.runs.spend(Credits::ONE, now)?;
        self.runs.forget_returned();
        Ok(at)
    }

    /// Takes one run back that produced nothing; whether it was still counted.
    pub fn give_back(&mut self, taken_at: Timestamp, now: Timestamp) -> bool {
        let given = self.runs.refund(Credits::ONE, taken_at, now).is_ok_and(|released| !released.is_zero());
        self.runs.forget_returned();
        given
    }

    /// Changes the limit at once: a moved slider.
    pub fn set_limit(&mut self, limit: Option<u32>, now: Timestamp) {
        // The only failure is a state that the constructors refuse; the limit then stays as it was.
        if self.runs.set_capacity(capacity(limit), now).is_ok() {
            self.limit = limit;
        }
    }

    /// Takes over the server's count: `remaining` runs are left and the next one returns at `resets_at`.
    ///
    /// Runs the server does not know of are dropped, oldest first; runs only it knows of return at `resets_at`.
    ///
    /// # Errors
    /// [`Error::InvalidTime`] when `resets_at` cannot be one window after any moment.
    pub fn reconcile(&mut self, remaining: u32, resets_at: Option<Timestamp>, now: Timestamp) -> Result<(), Error> {
        let Some(limit) = self.limit else { return Ok(()) };
        let out = limit.saturating_sub(remaining);
        let now = now.max(self.runs.clock());
        let window = self.runs.window();
        let oldest = match (window, resets_at) {
            (Some(window), Some(at)) => spent_before(at, window)?.min(now),
            _ => now,
        };
        // The oldest of the runs that are out is the one the server dates; the newer ones keep their own times.
        let mut undated = out.saturating_sub(1);
        let mut newer: Vec<_> = self.runs().filter(|(at, _)| *at > oldest).collect();
        for (_, count) in newer.iter_mut().rev() {
            *count = (*count).min(undated);
            undated = undated.saturating_sub(*count);
        }
        newer.retain(|(_, count)| *count > 0);
        let dated = (out > 0).then_some((oldest, undated.saturating_add(1)));
        *self = Self::restore(self.limit, window, now, dated.into_iter().chain(newer))?;
        Ok(())
    }

    /// The runs that count, oldest first: what [`restore`](Self::restore) reads.
    pub fn runs(&self) -> impl Iterator<Item = (Timestamp, u32)> + '_ {
        self.runs.history().map(|spend| (spend.at, whole(spend.amount)))
    }

    /// The moment of the last change.
    #[must_use]
    pub const fn clock(&self) -> Timestamp {
        self.runs.clock()
    }
}

/// Unlimited visitors are counted too, against the largest number of runs there is.
fn capacity(limit: Option<u32>) -> Credits {
    Credits::from_whole(limit.unwrap_or(u32::MAX))
}

fn whole(amount: Credits) -> u32 {
    u32::try_from(amount.nanos().checked_div(Credits::ONE.nanos()).unwrap_or(0)).unwrap_or(u32::MAX)
}

fn spent_before(returns_at: Timestamp, window: Window) -> Result<Timestamp, Error> {
    let millis = i64::from(window.seconds()).saturating_mul(1000);
    Timestamp::from_millis(returns_at.as_millis().saturating_sub(millis))
}
