//! One tab at a time, by the browser's lock manager where there is one.

use crate::prelude::*;
use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::browser;
use crate::widget::Boxed;

/// A held lock; dropped, the next one gets it.
pub(crate) struct Guard {
    release: Option<Function>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // Resolving a promise does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits for a lock.
pub(crate) async fn hold(name: &str) -> Guard {
    acquire(name, false).await.unwrap_or(Guard { release: None })
}

/// Takes a lock only if nobody holds it.
pub(crate) async fn try_hold(name: &str) -> Option<Guard> {
    acquire(name, true).await
}

fn acquire(name: &str, if_available: bool) -> Boxed<'_, Option<Guard>> {
    Box::pin(async move {
        let release = browser::lock(name, if_available).await.ok()?;
        Some(Guard { release: Some(release.dyn_into().ok()?) })
    })
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn a_held_lock_is_nobody_elses_until_it_is_dropped() {
        let held = hold("scrip-test-lock").await;
        assert!(try_hold("scrip-test-lock").await.is_none());
        drop(held);
        // The browser hands a lock on in its own time.
        crate::signal::Signal::default().wait(20.0).await;
        assert!(try_hold("scrip-test-lock").await.is_some());
    }
}
