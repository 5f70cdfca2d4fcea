//! A press that may have reached the server: stored before it leaves, forgotten only when its outcome is known.

use crate::prelude::*;
use scrip::Timestamp;

use crate::storage::Store;
use crate::{clock, js};

const START: &str = "attempt:";

/// An attempt older than this is not sent again: nobody waits for its answer any more.
const LIFETIME_MILLIS: i64 = 86_400_000;

/// One press of the button.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Attempt {
    /// The idempotency key.
    pub(crate) key: String,
    /// The body, byte for byte as it is sent each time.
    pub(crate) body: String,
    /// What was typed, as JSON, to fill the form again after a reload.
    pub(crate) fields: String,
    /// The time under which the visitor's cap counts it.
    pub(crate) taken_at: Timestamp,
    /// The run, once the server named it.
    pub(crate) run: Option<String>,
}

impl Attempt {
    /// Writes it down.
    pub(crate) fn store(&self, store: &Store) {
        store.set(&name(&self.key), &self.write());
    }

    /// A line each: when it was counted, its run, the body, the fields. JSON text as the browser writes it has no line ends.
    fn write(&self) -> String {
        let taken = self.taken_at.as_millis().to_string();
        let run = self.run.as_deref().unwrap_or_default();
        js::concat(&[&taken, "\n", run, "\n", &self.body, "\n", &self.fields])
    }

    fn read(key: &str, text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let taken_at = Timestamp::from_millis(js::number(lines.next()?)?).ok()?;
        let run = Some(lines.next()?).filter(|run| !run.is_empty()).map(Into::into);
        Some(Self { key: key.into(), taken_at, run, body: lines.next()?.into(), fields: lines.next()?.into() })
    }

    /// Forgets it: its outcome is known.
    pub(crate) fn remove(&self, store: &Store) {
        store.remove(&name(&self.key));
    }

    /// The name of the lock that the tab looking after it holds.
    pub(crate) fn lock(&self, store: &Store) -> String {
        store.key(&name(&self.key))
    }
}

/// Whether it is still stored, that is, nobody has seen its outcome.
pub(crate) fn is_stored(store: &Store, attempt: &Attempt) -> bool {
    store.get(&name(&attempt.key)).is_some()
}

/// The attempts whose outcome is unknown, the newest first; damaged and outlived ones are removed.
pub(crate) fn unfinished(store: &Store) -> Vec<Attempt> {
    let now = clock::now().as_millis();
    let mut found: Vec<Attempt> = Vec::new();
    for name in store.names(START) {
        let key = name.strip_prefix(START).unwrap_or_default();
        match store.get(&name).and_then(|text| Attempt::read(key, &text)) {
            Some(attempt) if now.saturating_sub(attempt.taken_at.as_millis()) < LIFETIME_MILLIS => {
                // Keys are in time order. An insertion costs less code than a sort.
                let place = found.iter().position(|other| other.key < attempt.key).unwrap_or(found.len());
                found.insert(place, attempt);
            }
            _ => store.remove(&name),
        }
    }
    found
}

/// How many other presses the server may not have counted yet: those it has given no run.
pub(crate) fn uncounted_besides(store: &Store, key: &str) -> u32 {
    let others = unfinished(store).iter().filter(|attempt| attempt.key != key && attempt.run.is_none()).count();
    u32::try_from(others).unwrap_or(u32::MAX)
}

fn name(key: &str) -> String {
    js::concat(&[START, key])
}

#[cfg(test)]
mod text_tests {
    use super::*;

    #[test]
    fn an_attempt_reads_as_it_was_written_and_damage_is_no_attempt() {
        let taken_at = Timestamp::from_millis(1_700_000_000_000).expect("a time");
        let body = "{\"fields\":{\"a\":\"x\\ny\"}}";
        for run in [None, Some("run_1".to_owned())] {
            let attempt = Attempt { key: "k".into(), body: body.into(), fields: "{}".into(), taken_at, run };
            assert_eq!(Attempt::read("k", &attempt.write()), Some(attempt));
        }
        for damaged in ["", "x", "1", "1\n", "1\n\n{}", "99999999999999999\n\n{}\n{}", "{\"body\":1}"] {
            assert_eq!(Attempt::read("k", damaged), None, "{damaged}");
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn attempt(key: &str, age_millis: i64) -> Attempt {
        let taken_at = Timestamp::from_millis(clock::now().as_millis() - age_millis).expect("a time");
        Attempt { key: key.into(), body: "{\"fields\":{}}".into(), fields: "{}".into(), taken_at, run: None }
    }

    fn emptied(prefix: &str) -> Store {
        let store = Store::open(prefix.into());
        store.names("").iter().for_each(|name| store.remove(name));
        store
    }

    #[wasm_bindgen_test]
    fn an_attempt_survives_a_reload_until_it_is_removed() {
        let store = emptied("scrip-test-attempt-a:");
        let mut one = attempt("0001", 5);
        one.store(&store);
        one.run = Some("run_1".into());
        one.store(&store);
        assert_eq!(unfinished(&store), [one.clone()]);
        assert!(is_stored(&store, &one));
        one.remove(&store);
        assert!(unfinished(&store).is_empty());
    }

    #[wasm_bindgen_test]
    fn the_newest_attempt_comes_first_and_damaged_or_old_ones_go() {
        let store = emptied("scrip-test-attempt-b:");
        for (key, age) in [("0002", 5), ("0003", 5), ("0001", 5), ("0000", LIFETIME_MILLIS)] {
            attempt(key, age).store(&store);
        }
        store.set("attempt:0009", "{not json");
        let keys: Vec<_> = unfinished(&store).into_iter().map(|attempt| attempt.key).collect();
        assert_eq!(keys, ["0003", "0002", "0001"]);
        assert_eq!(store.names("attempt:").len(), 3);
        assert_eq!(uncounted_besides(&store, "0002"), 2);
    }
}
