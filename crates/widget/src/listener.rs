//! Listeners and timers as values: dropped, they are gone.
//!
//! Callbacks come boxed: a generic one would be compiled, with its glue, once per caller.

use crate::prelude::*;
use core::fmt;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, millis: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn request_animation_frame(callback: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = cancelAnimationFrame)]
    fn cancel_animation_frame(id: &JsValue);
}

/// An event listener that removes itself when it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens on `target`.
    pub(crate) fn new(target: &EventTarget, name: &'static str, callback: Box<dyn FnMut(Event)>) -> Self {
        let callback = Closure::wrap(callback);
        // Only a missing callback throws.
        let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
        Self { target: target.clone(), name, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.name, self.callback.as_ref().unchecked_ref());
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The longest delay a browser takes; a longer one would fire at once.
const LONGEST_DELAY: f64 = 2_147_483_647.0;

/// A callback after a while, or in the next frame; called off when it is dropped.
pub(crate) struct Timer {
    id: JsValue,
    frame: bool,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls after so many milliseconds, at most 24.8 days.
    pub(crate) fn after(millis: f64, callback: Box<dyn FnMut()>) -> Self {
        let callback = Closure::wrap(callback);
        Self { id: set_timeout(callback.as_ref(), millis.clamp(0.0, LONGEST_DELAY)), frame: false, _callback: callback }
    }

    /// Calls before the next frame is painted.
    pub(crate) fn next_frame(callback: Box<dyn FnMut()>) -> Self {
        let callback = Closure::wrap(callback);
        Self { id: request_animation_frame(callback.as_ref()), frame: true, _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if self.frame { cancel_animation_frame(&self.id) } else { clear_timeout(&self.id) }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use alloc::rc::Rc;
    use core::cell::Cell;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_dropped_listener_hears_nothing() {
        let target = EventTarget::new().expect("an event target");
        let heard = Rc::new(Cell::new(0));
        let counter = Rc::clone(&heard);
        let listener = Listener::new(&target, "ping", Box::new(move |_| counter.set(counter.get() + 1)));
        let ping = Event::new("ping").expect("an event");
        target.dispatch_event(&ping).expect("dispatched");
        assert_eq!(heard.get(), 1);
        drop(listener);
        target.dispatch_event(&ping).expect("dispatched");
        assert_eq!(heard.get(), 1);
        assert_eq!(Rc::strong_count(&heard), 1, "the callback is freed with its listener");
    }

    #[wasm_bindgen_test]
    async fn a_dropped_timer_does_not_fire() {
        let fired = Rc::new(Cell::new(0));
        let (one, two) = (Rc::clone(&fired), Rc::clone(&fired));
        let kept = Timer::after(1.0, Box::new(move || one.set(one.get() + 1)));
        drop(Timer::after(1.0, Box::new(move || two.set(two.get() + 10))));
        crate::signal::Signal::default().wait(50.0).await;
        assert_eq!(fired.get(), 1);
        drop(kept);
    }
}
