//! The stored texts of one embed on one server.

use crate::browser;
use crate::prelude::*;

/// The keys of one embed. Blocked storage (a sandboxed frame, a visitor's setting) is no error: memory stands in, shared by
/// all widgets of the page.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    prefix: String,
}

impl Store {
    /// The texts whose keys begin so.
    pub(crate) const fn open(prefix: String) -> Self {
        Self { prefix }
    }

    /// The beginning of every key, to recognise a `storage` event by.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The whole key of a name; also the name of a lock.
    pub(crate) fn key(&self, name: &str) -> String {
        crate::js::concat(&[&self.prefix, name])
    }

    /// What is stored under a name.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        browser::load(&self.key(name))
    }

    /// Stores a text.
    pub(crate) fn set(&self, name: &str, text: &str) {
        browser::save(&self.key(name), text);
    }

    /// Forgets a text.
    pub(crate) fn remove(&self, name: &str) {
        browser::forget(&self.key(name));
    }

    /// The names that begin so.
    pub(crate) fn names(&self, start: &str) -> Vec<String> {
        let keys = browser::keys(&self.key(start));
        keys.lines().filter_map(|key| key.strip_prefix(&self.prefix)).map(Into::into).collect()
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_is_stored_is_there_for_the_next_page() {
        let store = Store::open("scrip-test-a:".into());
        store.set("x", "1");
        assert_eq!(Store::open("scrip-test-a:".into()).get("x").as_deref(), Some("1"));
        assert_eq!(store.names(""), ["x"]);
        store.remove("x");
        assert_eq!(store.get("x"), None);
    }

    #[wasm_bindgen_test]
    fn a_text_the_storage_refuses_is_kept_in_memory() {
        let store = Store::open("scrip-test-b:".into());
        store.set("big", "small");
        let beyond_quota = "x".repeat(12_000_000);
        store.set("big", &beyond_quota);
        assert_eq!(
            store.get("big").map(|text| text.len()),
            Some(12_000_000),
            "the newer text wins over the stored one"
        );
        assert_eq!(store.names("b"), ["big"]);
        store.set("big", "small again");
        assert_eq!(store.get("big").as_deref(), Some("small again"));
        store.remove("big");
        assert_eq!(store.get("big"), None);
    }

    #[wasm_bindgen_test]
    fn two_embeds_do_not_see_each_other() {
        let (one, two) = (Store::open("scrip-test-c:1:".into()), Store::open("scrip-test-c:2:".into()));
        one.set("x", "1");
        assert_eq!(two.get("x"), None);
        assert!(two.names("").is_empty());
        one.remove("x");
    }
}
