//! `Allowance` against a list of spends that is added up anew for every question.

use proptest::prelude::{Just, Strategy, prop_oneof};
use scrip::{Allowance, Credits, Error, Window};

use crate::runner::{Step, WINDOW, at, nanos, sequences, steps, wide};

#[derive(Clone, Debug)]
enum Action {
    Spend(u64),
    Refund { which: usize, amount: u64 },
    SetCapacity(u64),
    Restore,
    Forget,
}

fn actions() -> impl Strategy<Value = (Step, Action)> {
    let action = prop_oneof![
        8 => (0_u64..6).prop_map(Action::Spend),
        4 => (0_usize..40, 0_u64..6).prop_map(|(which, amount)| Action::Refund { which, amount }),
        2 => (0_u64..40).prop_map(Action::SetCapacity),
        1 => Just(Action::Restore),
        1 => Just(Action::Forget),
    ];
    (steps(), action)
}

/// Everything that ever happened.
struct Model {
    capacity: i128,
    window: Option<i64>,
    clock: i64,
    /// When, how much, how much of it was refunded.
    spends: Vec<(i64, i128, i128)>,
}

impl Model {
    fn returned(&self, spent_at: i64, now: i64) -> bool {
        self.window.is_some_and(|window| spent_at + window <= now)
    }

    fn spent(&self, now: i64) -> i128 {
        let now = now.max(self.clock);
        let out = self.spends.iter().filter(|(at, ..)| !self.returned(*at, now));
        out.map(|(_, amount, refunded)| amount - refunded).sum()
    }

    fn available(&self, now: i64) -> i128 {
        (self.capacity - self.spent(now)).max(0)
    }

    fn left(&self, spent_at: i64) -> i128 {
        let there = self.spends.iter().filter(|(at, ..)| *at == spent_at);
        there.map(|(_, amount, refunded)| amount - refunded).sum()
    }

    fn returns(&self, now: i64) -> Vec<(i64, i128)> {
        let Some(window) = self.window else { return Vec::new() };
        let now = now.max(self.clock);
        let mut moments: Vec<i64> = self.spends.iter().map(|(at, ..)| *at).filter(|at| at + window > now).collect();
        moments.sort_unstable();
        moments.dedup();
        moments.into_iter().map(|at| (at + window, self.left(at))).filter(|(_, left)| *left > 0).collect()
    }
}

fn check(window: Option<Window>, operations: Vec<(Step, Action)>) {
    let mut now = 1_700_000_000_000;
    let mut model = Model { capacity: 20, window: window.map(|_| WINDOW), clock: now, spends: Vec::new() };
    let mut allowance = Allowance::new(nanos(20), window, at(now));
    for (step, action) in operations {
        now = step.from(now, model.returns(now).first().map(|(at, _)| *at));
        apply(&mut model, &mut allowance, &action, now);
        let balance = allowance.balance(at(now));
        assert_eq!(wide(balance.available), model.available(now));
        assert_eq!(wide(balance.spent), model.spent(now));
        assert_eq!(wide(balance.over_by), (model.spent(now) - model.capacity).max(0));
        let returns: Vec<_> = allowance.returns(at(now)).map(|(at, sum)| (at.as_millis(), wide(sum))).collect();
        assert_eq!(returns, model.returns(now));
        if window.is_some() {
            // Conservation: what is out is what will come back.
            assert_eq!(returns.iter().map(|(_, sum)| sum).sum::<i128>(), wide(balance.spent));
        }
    }
}

fn apply(model: &mut Model, allowance: &mut Allowance, action: &Action, now: i64) {
    let ledger = now.max(model.clock);
    match action {
        Action::Spend(amount) => {
            let (available, asked) = (model.available(now), i128::from(*amount));
            let outcome = allowance.spend(nanos(*amount), at(now));
            if asked > available {
                let available = nanos(u64::try_from(available).unwrap());
                assert_eq!(outcome, Err(Error::InsufficientCredits { available, required: nanos(*amount) }));
            } else {
                assert_eq!(outcome, Ok(at(ledger)));
                if asked > 0 {
                    model.clock = ledger;
                    model.spends.push((ledger, asked, 0));
                }
            }
        }
        Action::Refund { which, amount } => {
            let Some(spent_at) = model.spends.get(*which).map(|(at, ..)| *at) else { return };
            let (left, asked) = (model.left(spent_at), i128::from(*amount));
            let outcome = allowance.refund(nanos(*amount), at(spent_at), at(now));
            if asked == 0 {
                assert_eq!(outcome, Ok(Credits::ZERO));
                return;
            }
            model.clock = ledger;
            if asked > left {
                let (left, asked) = (nanos(u64::try_from(left).unwrap()), nanos(*amount));
                assert_eq!(outcome, Err(Error::RefundExceedsDebit { left, asked }));
                return;
            }
            let released = if model.returned(spent_at, ledger) { 0 } else { *amount };
            assert_eq!(outcome, Ok(nanos(released)));
            let mut rest = asked;
            for (_, amount, refunded) in model.spends.iter_mut().filter(|(at, ..)| *at == spent_at) {
                let part = rest.min(*amount - *refunded);
                *refunded += part;
                rest -= part;
            }
        }
        Action::SetCapacity(capacity) => {
            allowance.set_capacity(nanos(*capacity), at(now)).unwrap();
            model.clock = ledger;
            model.capacity = i128::from(*capacity);
        }
        Action::Restore => {
            let (capacity, window) = (nanos(u64::try_from(model.capacity).unwrap()), allowance.window());
            let restored = Allowance::restore(capacity, window, allowance.clock(), allowance.history()).unwrap();
            assert_eq!(&restored, allowance);
        }
        Action::Forget => {
            allowance.forget_returned();
            let clock = model.clock;
            let window = model.window;
            model.spends.retain(|(at, ..)| window.is_none_or(|window| at + window > clock));
        }
    }
}

#[test]
fn a_rolling_allowance_does_what_a_list_of_spends_says() {
    sequences(actions(), |operations| check(Some(Window::THIRTY_DAYS), operations));
}

#[test]
fn an_allowance_that_never_returns_does_what_a_list_of_spends_says() {
    sequences(actions(), |operations| check(None, operations));
}
