//! `VisitorCap` against a list of runs, and the browser's count against the server's.

use proptest::prelude::{Just, Strategy, prop_oneof};
use scrip::{Error, VisitorCap, Window};

use crate::runner::{Step, WINDOW, at, sequences, steps};

#[derive(Clone, Debug)]
enum Action {
    Take,
    TakeElsewhere,
    GiveBack(usize),
    SetLimit(Option<u32>),
    Restore,
    Reconcile,
}

fn actions() -> impl Strategy<Value = (Step, Action)> {
    let action = prop_oneof![
        8 => Just(Action::Take),
        3 => Just(Action::TakeElsewhere),
        2 => (0_usize..40).prop_map(Action::GiveBack),
        1 => prop_oneof![Just(None), (0_u32..6).prop_map(Some)].prop_map(Action::SetLimit),
        1 => Just(Action::Restore),
        2 => Just(Action::Reconcile),
    ];
    (steps(), action)
}

/// All runs that were not given back.
struct Model {
    limit: Option<u32>,
    window: Option<i64>,
    clock: i64,
    runs: Vec<i64>,
}

impl Model {
    fn out(&self, now: i64) -> Vec<i64> {
        let now = now.max(self.clock);
        self.runs.iter().copied().filter(|at| self.window.is_none_or(|window| at + window > now)).collect()
    }

    fn remaining(&self, now: i64) -> Option<u32> {
        let out = u32::try_from(self.out(now).len()).unwrap();
        self.limit.map(|limit| limit.saturating_sub(out))
    }

    fn resets_at(&self, now: i64) -> Option<i64> {
        self.window.and_then(|window| self.out(now).into_iter().min().map(|at| at + window))
    }
}

fn agree(cap: &VisitorCap, model: &Model, now: i64) {
    let decision = cap.check(at(now));
    assert_eq!(decision.limit, model.limit);
    assert_eq!(decision.remaining, model.remaining(now));
    assert_eq!(decision.allowed, model.remaining(now) != Some(0));
    assert_eq!(decision.resets_at.map(|at| at.as_millis()), model.resets_at(now));
}

fn take(cap: &mut VisitorCap, model: &mut Model, now: i64) {
    let (allowed, resets_at) = (model.remaining(now) != Some(0), model.resets_at(now).map(at));
    let outcome = cap.take(at(now));
    if allowed {
        model.clock = now.max(model.clock);
        model.runs.push(model.clock);
        assert_eq!(outcome, Ok(at(model.clock)));
    } else {
        assert_eq!(outcome, Err(Error::VisitorCapReached { limit: model.limit.unwrap(), resets_at }));
    }
}

fn check(window: Option<Window>, operations: Vec<(Step, Action)>) {
    let start = 1_700_000_000_000;
    let mut now = start;
    let mut model = Model { limit: Some(3), window: window.map(|_| WINDOW), clock: start, runs: Vec::new() };
    // The server's count, which the model follows, and the browser's, which knows only its own runs.
    let mut server = VisitorCap::new(Some(3), window, at(start));
    let mut browser = server.clone();
    for (step, action) in operations {
        now = step.from(now, model.resets_at(now));
        match action {
            Action::Take => {
                take(&mut server, &mut model, now);
                drop(browser.take(at(now)));
            }
            Action::TakeElsewhere => take(&mut server, &mut model, now),
            Action::GiveBack(which) => {
                let Some(taken_at) = model.runs.get(which).copied() else { continue };
                let ledger = now.max(model.clock);
                let counted = model.window.is_none_or(|window| taken_at + window > ledger);
                assert_eq!(server.give_back(at(taken_at), at(now)), counted);
                model.clock = ledger;
                if counted {
                    model.runs.remove(which);
                }
            }
            Action::SetLimit(limit) => {
                server.set_limit(limit, at(now));
                browser.set_limit(limit, at(now));
                model.clock = now.max(model.clock);
                model.limit = limit;
            }
            Action::Restore => {
                let restored = VisitorCap::restore(model.limit, window, server.clock(), server.runs()).unwrap();
                agree(&restored, &model, now);
            }
            Action::Reconcile => reconcile(&mut browser, &server, now),
        }
        agree(&server, &model, now);
    }
}

/// After the server has spoken, the browser says what the server says.
fn reconcile(browser: &mut VisitorCap, server: &VisitorCap, now: i64) {
    let said = server.check(at(now));
    // A closed embed has no run to come back, whatever was run before it closed.
    let Some(remaining) = said.remaining.filter(|_| said.limit != Some(0)) else { return };
    // The browser's clock may have been ahead: its own runs then lie in the server's future.
    let now = now.max(browser.clock().as_millis()).max(server.clock().as_millis());
    let said = if server.check(at(now)) == said { said } else { return };
    browser.reconcile(remaining, said.resets_at, at(now)).unwrap();
    assert_eq!(browser.check(at(now)), said);
}

#[test]
fn a_visitor_cap_does_what_a_list_of_runs_says() {
    sequences(actions(), |operations| check(Some(Window::THIRTY_DAYS), operations));
}

#[test]
fn a_cap_whose_runs_never_return_does_what_a_list_of_runs_says() {
    sequences(actions(), |operations| check(None, operations));
}
