//! Rows that nearly every request reads and hardly any changes. This process is the only writer, so what is kept is true
//! until it is cleared.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{PoisonError, RwLock},
};

/// More than that, and it starts anew.
const LIMIT: usize = 10_000;

/// A cache that never takes in what was read before it was last cleared.
pub(super) struct Cache<K, V> {
    kept: RwLock<(u64, HashMap<K, V>)>,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    pub(super) fn new() -> Self {
        Self { kept: RwLock::new((0, HashMap::new())) }
    }

    /// What is kept, or else the generation to give back with what is read now.
    pub(super) fn get(&self, key: &K) -> Result<V, u64> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.1.get(key).cloned().ok_or(kept.0)
    }

    /// Keeps a value, unless the cache was cleared since its reading began.
    pub(super) fn keep(&self, generation: u64, key: K, value: V) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != generation {
            return;
        }
        if kept.1.len() >= LIMIT {
            kept.1.clear();
        }
        kept.1.insert(key, value);
    }

    /// Forgets everything: something changed.
    pub(super) fn clear(&self) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.0 = kept.0.wrapping_add(1);
        kept.1.clear();
    }
}
