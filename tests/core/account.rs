//! `Account`, with a store's queue beside it, against a list of all movements that is added up anew for every question.

use std::collections::BTreeMap;

use proptest::prelude::{Just, Strategy, prop_oneof};
use scrip::{Account, Command, Credits, Debited, Error, Legs, Timestamp, Transition};

use crate::runner::{Step, WINDOW, at, nanos, sequences, steps, wide};

#[derive(Clone, Debug)]
enum Action {
    Debit(u64),
    Hold(u64),
    Settle { which: usize, amount: u64 },
    Void(usize),
    Refund { which: usize, amount: u64 },
    TopUp(u64),
    TakeBack(u64),
    SetCapacity(u64),
    Restore,
}

fn amounts() -> impl Strategy<Value = u64> {
    prop_oneof![12 => 0_u64..8, 1 => Just(Credits::MAX.nanos()), 1 => Just(Credits::MAX.nanos() - 20)]
}

fn actions() -> impl Strategy<Value = (Step, Action)> {
    let which = || 0_usize..30;
    let action = prop_oneof![
        8 => amounts().prop_map(Action::Debit),
        4 => amounts().prop_map(Action::Hold),
        4 => (0_usize..4, amounts()).prop_map(|(which, amount)| Action::Settle { which, amount }),
        2 => (0_usize..4).prop_map(Action::Void),
        4 => (which(), amounts()).prop_map(|(which, amount)| Action::Refund { which, amount }),
        2 => amounts().prop_map(Action::TopUp),
        1 => amounts().prop_map(Action::TakeBack),
        1 => prop_oneof![8 => 0_u64..40, 1 => amounts()].prop_map(Action::SetCapacity),
        1 => Just(Action::Restore),
    ];
    (steps(), action)
}

#[derive(Clone)]
struct Debit {
    at: i64,
    allowance: i128,
    prepaid: i128,
    asked_back: i128,
}

#[derive(Default)]
struct Model {
    capacity: i128,
    clock: i64,
    bought: i128,
    taken_back: i128,
    debits: Vec<Debit>,
    holds: Vec<(i128, i128)>,
}

impl Model {
    fn spent(&self, now: i64) -> i128 {
        let out = self.debits.iter().filter(|debit| debit.at + WINDOW > now);
        out.map(|debit| debit.allowance - (debit.asked_back - debit.prepaid).max(0)).sum()
    }

    fn prepaid(&self) -> i128 {
        let gone: i128 = self.debits.iter().map(|debit| debit.prepaid - debit.asked_back.min(debit.prepaid)).sum();
        self.bought - self.taken_back - gone
    }

    fn held(&self) -> (i128, i128) {
        (self.holds.iter().map(|hold| hold.0).sum(), self.holds.iter().map(|hold| hold.1).sum())
    }

    fn allowance_available(&self, now: i64) -> i128 {
        (self.capacity - self.spent(now) - self.held().0).max(0)
    }

    fn available(&self, now: i64) -> i128 {
        self.allowance_available(now) + self.prepaid() - self.held().1
    }

    fn next_return(&self, now: i64) -> Option<i64> {
        self.debits
            .iter()
            .filter(|debit| debit.allowance > 0)
            .map(|debit| debit.at + WINDOW)
            .filter(|at| *at > now)
            .min()
    }
}

/// The account with the queue a store would keep.
struct Stored {
    account: Account,
    returns: BTreeMap<Timestamp, Credits>,
}

impl Stored {
    fn apply(&mut self, command: Command, now: i64) -> Result<Transition, Error> {
        let now = at(now);
        let ledger = self.account.ledger_time(now);
        while let Some(first) = self.returns.first_entry().filter(|first| *first.key() <= ledger) {
            self.account.replenish(first.remove(), now).unwrap();
        }
        let before = self.account.clone();
        let outcome = self.account.apply(command, now);
        match (&outcome, command) {
            (Ok(done), Command::Debit { .. } | Command::Settle { .. }) if !done.legs.allowance.is_zero() => {
                let queued = self.returns.entry(done.returns_at).or_default();
                *queued = queued.plus(done.legs.allowance).unwrap();
            }
            (Ok(done), Command::Refund { debit, .. }) if !done.legs.allowance.is_zero() => {
                let returns_at = Account::WINDOW.after(debit.spent_at).unwrap();
                let queued = self.returns.get_mut(&returns_at).unwrap();
                *queued = queued.minus(done.legs.allowance).unwrap();
                if queued.is_zero() {
                    self.returns.remove(&returns_at);
                }
            }
            (Err(_), _) => assert_eq!(self.account, before, "a refusal changes nothing"),
            _ => {}
        }
        outcome
    }
}

fn legs(allowance: i128, prepaid: i128) -> Legs {
    let amount = |amount: i128| nanos(u64::try_from(amount).unwrap());
    Legs { allowance: amount(allowance), prepaid: amount(prepaid) }
}

fn check(operations: Vec<(Step, Action)>) {
    let mut now = 1_700_000_000_000;
    let mut model = Model { capacity: 20, clock: now, ..Model::default() };
    let mut stored = Stored { account: Account::new(nanos(20), at(now)), returns: BTreeMap::new() };
    for (step, action) in operations {
        now = step.from(now, model.next_return(now.max(model.clock)));
        apply(&mut model, &mut stored, &action, now);
        compare(&model, &stored);
    }
}

fn compare(model: &Model, stored: &Stored) {
    let (balance, held) = (stored.account.balance(), model.held());
    assert_eq!(stored.account.snapshot().clock, at(model.clock));
    // Sums of both places end at the largest amount, which no debit can exceed: a capacity that went down leaves its holds.
    let shown = |sum: i128| sum.min(wide(Credits::MAX));
    assert_eq!(wide(balance.available), shown(model.available(model.clock)));
    assert_eq!(wide(balance.prepaid), model.prepaid());
    assert_eq!(wide(balance.held), shown(held.0 + held.1));
    assert_eq!(wide(balance.allowance.spent), model.spent(model.clock));
    assert_eq!(wide(balance.allowance.over_by), (model.spent(model.clock) - model.capacity).max(0));
    let queued: i128 = stored.returns.values().map(|amount| wide(*amount)).sum();
    assert_eq!(queued, model.spent(model.clock), "what is spent is what is queued to return");
}

fn apply(model: &mut Model, stored: &mut Stored, action: &Action, now: i64) {
    let ledger = now.max(model.clock);
    let available = model.available(ledger);
    let most = wide(Credits::MAX);
    let (command, expected) = match *action {
        Action::Debit(amount) => (Command::Debit { amount: nanos(amount) }, i128::from(amount) <= available),
        Action::Hold(amount) => (Command::Hold { amount: nanos(amount) }, i128::from(amount) <= available),
        Action::Settle { which, amount } => {
            let Some(hold) = model.holds.get(which) else { return };
            let fits = i128::from(amount) <= hold.0 + hold.1;
            (Command::Settle { hold: legs(hold.0, hold.1), amount: nanos(amount) }, fits)
        }
        Action::Void(which) => {
            let Some(hold) = model.holds.get(which) else { return };
            (Command::Void { hold: legs(hold.0, hold.1) }, true)
        }
        Action::Refund { which, amount } => {
            let Some(debit) = model.debits.get(which) else { return };
            let refunded = nanos(u64::try_from(debit.asked_back).unwrap());
            let named = Debited { legs: legs(debit.allowance, debit.prepaid), refunded, spent_at: at(debit.at) };
            let fits = i128::from(amount) <= debit.allowance + debit.prepaid - debit.asked_back;
            let released = released_prepaid(debit, i128::from(amount));
            let overflows = model.capacity + model.prepaid() + released > most;
            (Command::Refund { debit: named, amount: nanos(amount) }, fits && !overflows)
        }
        Action::TopUp(amount) => {
            let fits = model.capacity + model.prepaid() + i128::from(amount) <= most;
            (Command::TopUp { amount: nanos(amount) }, amount > 0 && fits)
        }
        Action::TakeBack(amount) => (Command::TakeBack { amount: nanos(amount) }, true),
        Action::SetCapacity(capacity) => {
            let fits = i128::from(capacity) + model.prepaid() <= most;
            (Command::SetCapacity { capacity: nanos(capacity) }, fits)
        }
        Action::Restore => {
            assert_eq!(Account::restore(stored.account.snapshot()).as_ref(), Ok(&stored.account));
            return;
        }
    };
    let due = stored.returns.keys().next().is_some_and(|first| *first <= at(ledger));
    let outcome = stored.apply(command, now);
    assert_eq!(outcome.is_ok(), expected, "{command:?}: {outcome:?}");
    if due || outcome.is_ok() {
        // What was due has been given back, whatever became of the command.
        model.clock = ledger;
    }
    if let Ok(done) = outcome {
        assert_eq!(done.at, at(ledger));
        assert_eq!(done.legs, follow(model, action, ledger));
    }
}

fn released_prepaid(debit: &Debit, asked: i128) -> i128 {
    (debit.asked_back + asked).min(debit.prepaid) - debit.asked_back.min(debit.prepaid)
}

/// Writes a successful movement into the model and returns the legs it must have had.
fn follow(model: &mut Model, action: &Action, now: i64) -> Legs {
    match *action {
        Action::Debit(amount) => {
            let allowance = i128::from(amount).min(model.allowance_available(now));
            let prepaid = i128::from(amount) - allowance;
            model.debits.push(Debit { at: now, allowance, prepaid, asked_back: 0 });
            legs(allowance, prepaid)
        }
        Action::Hold(amount) => {
            let allowance = i128::from(amount).min(model.allowance_available(now));
            let hold = (allowance, i128::from(amount) - allowance);
            model.holds.push(hold);
            legs(hold.0, hold.1)
        }
        Action::Settle { which, amount } => {
            let hold = model.holds.remove(which);
            let allowance = i128::from(amount).min(hold.0);
            let prepaid = i128::from(amount) - allowance;
            model.debits.push(Debit { at: now, allowance, prepaid, asked_back: 0 });
            legs(allowance, prepaid)
        }
        Action::Void(which) => {
            let hold = model.holds.remove(which);
            legs(hold.0, hold.1)
        }
        Action::Refund { which, amount } => {
            let debit = &mut model.debits[which];
            let prepaid = released_prepaid(debit, i128::from(amount));
            debit.asked_back += i128::from(amount);
            let allowance = if debit.at + WINDOW <= now { 0 } else { i128::from(amount) - prepaid };
            legs(allowance, prepaid)
        }
        Action::TopUp(amount) => {
            model.bought += i128::from(amount);
            legs(0, i128::from(amount))
        }
        Action::TakeBack(amount) => {
            let taken = i128::from(amount).min(model.prepaid() - model.held().1);
            model.taken_back += taken;
            legs(0, taken)
        }
        Action::SetCapacity(capacity) => {
            model.capacity = i128::from(capacity);
            Legs::ZERO
        }
        Action::Restore => Legs::ZERO,
    }
}

#[test]
fn an_account_does_what_the_list_of_its_movements_says() {
    sequences(actions(), check);
}

#[test]
fn a_snapshot_that_no_movements_lead_to_is_refused() {
    let sound = Account::new(Credits::MAX, at(0)).snapshot();
    let more_held = scrip::Snapshot { held: legs(0, 1), ..sound };
    let too_large = scrip::Snapshot { prepaid: nanos(1), ..sound };
    for snapshot in [more_held, too_large] {
        assert_eq!(Account::restore(snapshot).unwrap_err().code(), "invalid_state");
    }
    let mut account = Account::restore(sound).unwrap();
    assert_eq!(account.replenish(nanos(1), at(0)).unwrap_err().code(), "invalid_state");
    assert_eq!(account.apply(Command::Void { hold: legs(1, 0) }, at(0)).unwrap_err().code(), "invalid_state");
}
