//! The visitor's runs in this browser: the core's [`VisitorCap`], stored, under a lock.
//!
//! A courtesy that saves the visitor a round trip. Who clears the storage starts anew here, but not on the server, whose
//! count replaces this one at every contact.

use crate::prelude::*;
use scrip::{Decision, Timestamp, VisitorCap, Window};
use wasm_bindgen::JsValue;

use crate::storage::Store;
use crate::{clock, js, lock};

const NAME: &str = "cap";

/// What the server said of the visitor's runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// Runs left.
    pub(crate) remaining: Option<u32>,
    /// When the next one comes back.
    pub(crate) resets_at: Option<Timestamp>,
}

impl Count {
    /// Reads `remaining` and `resets_at`; no `remaining` is no count.
    pub(crate) fn read(value: &JsValue) -> Self {
        Self { remaining: js::count(value, "remaining"), resets_at: js::time(value, "resets_at") }
    }
}

/// The limits the cap is kept by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Runs; `None`: unlimited.
    pub(crate) runs: Option<u32>,
    /// How long a run stays away.
    pub(crate) window: Option<Window>,
}

/// Reads the cap without changing anything. Damaged or missing state is a visitor who has run nothing.
pub(crate) fn load(store: &Store, limits: Limits, now: Timestamp) -> VisitorCap {
    let stored = store.get(NAME).and_then(|text| read(&text, limits));
    stored.unwrap_or_else(|| VisitorCap::new(limits.runs, limits.window, now))
}

/// What the visitor may do now.
pub(crate) fn check(store: &Store, limits: Limits) -> Decision {
    let now = clock::now();
    load(store, limits, now).check(now)
}

/// Changes the cap with no other tab in between, and stores it.
///
/// The change is a `dyn` one and the lock's future a boxed one, or all of this would be compiled anew for each kind of change.
pub(crate) async fn update(store: &Store, limits: Limits, change: &mut dyn FnMut(&mut VisitorCap, Timestamp)) {
    let _guard = lock::hold(&store.key(NAME)).await;
    let now = clock::now();
    let mut cap = load(store, limits, now);
    change(&mut cap, now);
    store.set(NAME, &write(&cap));
}

/// `clock` and then `time:count` for each run that counts, the oldest first, all in milliseconds and parted by commas.
fn read(text: &str, limits: Limits) -> Option<VisitorCap> {
    let mut parts = text.split(',');
    let clock = Timestamp::from_millis(js::number(parts.next()?)?).ok()?;
    let mut runs = Vec::new();
    for part in parts {
        let (at, count) = part.split_once(':')?;
        runs.push((Timestamp::from_millis(js::number(at)?).ok()?, u32::try_from(js::number(count)?).ok()?));
    }
    VisitorCap::restore(limits.runs, limits.window, clock, runs).ok()
}

fn write(cap: &VisitorCap) -> String {
    let mut text = cap.clock().as_millis().to_string();
    for (at, count) in cap.runs() {
        for part in [",", &at.as_millis().to_string(), ":", &count.to_string()] {
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod text_tests {
    use super::*;

    #[test]
    fn a_cap_reads_as_it_was_written() {
        let limits = Limits { runs: Some(3), window: Some(Window::THIRTY_DAYS) };
        let at = |millis| Timestamp::from_millis(millis).expect("a time");
        let mut cap = VisitorCap::new(limits.runs, limits.window, at(5));
        assert_eq!(read(&write(&cap), limits), Some(cap.clone()));
        for now in [7, 7, 9] {
            cap.take(at(now)).expect("a run");
        }
        assert_eq!(write(&cap), "9,7:2,9:1");
        assert_eq!(read("9,7:2,9:1", limits), Some(cap));
    }

    #[test]
    fn damage_is_no_cap() {
        let limits = Limits { runs: Some(3), window: None };
        for damaged in ["", "x", "{}", "9,", "9,7", "9,7:x", "9,9:1,7:1", "5,9:1", "9,7:-1", "99999999999999999"] {
            assert_eq!(read(damaged, limits), None, "{damaged}");
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const TWO_A_MONTH: Limits = Limits { runs: Some(2), window: Some(Window::THIRTY_DAYS) };

    fn emptied(prefix: &str) -> Store {
        let store = Store::open(prefix.into());
        store.names("").iter().for_each(|name| store.remove(name));
        store
    }

    async fn take(store: &Store, limits: Limits) -> Option<Timestamp> {
        let mut taken = None;
        update(store, limits, &mut |cap, now| taken = cap.take(now).ok()).await;
        taken
    }

    #[wasm_bindgen_test]
    async fn the_cap_is_never_passed_and_survives_a_reload() {
        let store = emptied("scrip-test-cap-a:");
        let first = take(&store, TWO_A_MONTH).await.expect("the first run");
        take(&store, TWO_A_MONTH).await.expect("the second run");
        assert!(take(&store, TWO_A_MONTH).await.is_none());
        let decision = check(&Store::open("scrip-test-cap-a:".into()), TWO_A_MONTH);
        assert_eq!(decision.remaining, Some(0));
        assert_eq!(decision.resets_at, Window::THIRTY_DAYS.after(first).ok());
    }

    #[wasm_bindgen_test]
    async fn a_moved_slider_acts_on_what_was_already_run() {
        let store = emptied("scrip-test-cap-b:");
        take(&store, TWO_A_MONTH).await.expect("a run");
        let more = Limits { runs: Some(5), ..TWO_A_MONTH };
        assert_eq!(check(&store, more).remaining, Some(4));
        assert!(!check(&store, Limits { runs: Some(1), ..TWO_A_MONTH }).allowed);
        assert!(check(&store, Limits { runs: None, ..TWO_A_MONTH }).allowed);
    }

    #[wasm_bindgen_test]
    fn a_damaged_cap_is_one_that_has_run_nothing() {
        let store = emptied("scrip-test-cap-c:");
        for damaged in ["", "{", "0,5:1"] {
            store.set(NAME, damaged);
            assert_eq!(check(&store, TWO_A_MONTH).remaining, Some(2), "{damaged}");
        }
    }

    #[wasm_bindgen_test]
    async fn two_takers_at_once_do_not_pass_the_last_run_twice() {
        let store = emptied("scrip-test-cap-d:");
        let one = Limits { runs: Some(1), ..TWO_A_MONTH };
        let (a, b) = (store.clone(), store.clone());
        let taken = alloc::rc::Rc::new(core::cell::Cell::new(0));
        let done = crate::signal::Signal::default();
        for store in [a, b] {
            let (taken, done) = (alloc::rc::Rc::clone(&taken), done.clone());
            js_sys::futures::spawn_local(async move {
                if take(&store, one).await.is_some() {
                    taken.set(taken.get() + 1);
                }
                done.raise();
            });
        }
        done.wait(1000.0).await;
        done.wait(100.0).await;
        assert_eq!(taken.get(), 1);
    }
}
