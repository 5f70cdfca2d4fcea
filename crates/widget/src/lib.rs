//! The rules behind `<scrip-pickaxe>`.
//!
//! A JS shell (`pkg-template/widget.js`) draws the form, so that it can be used at once. This module arrives behind it, adopts
//! the form and owns everything that is a rule: what a submission is, the cap, the idempotency key, the request, the stream,
//! the answer's nodes and the states. Nothing here writes HTML.
#![cfg_attr(not(test), no_std)]
#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, clippy::indexing_slicing))]

extern crate alloc;

mod answer;
mod attempt;
mod browser;
mod cap;
mod clock;
mod config;
mod error;
mod js;
mod listener;
mod lock;
mod page;
mod prelude;
mod request;
mod run;
mod served;
mod signal;
mod single;
mod sse;
mod state;
mod storage;
mod stream;
mod submission;
mod texts;
mod view;
mod visit;
mod watch;
mod widget;

use crate::prelude::*;
use alloc::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

use crate::state::{State, Step};
use crate::widget::{Widget, spawn};

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: scrip_heap::Heap = scrip_heap::Heap::new();

/// A fault of ours: the shell catches the trap. Its words would weigh 3 KB and reach nobody.
#[cfg(all(not(test), target_arch = "wasm32"))]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Lets go of every lock this page holds: after a panic nobody is left to do it one by one.
#[wasm_bindgen(js_name = releaseLocks)]
pub fn release_locks() {
    browser::release_all();
}

/// The handle that the element holds while it is in the page; freed when it leaves.
#[wasm_bindgen]
pub struct Pickaxe(Rc<Widget>);

#[wasm_bindgen]
impl Pickaxe {
    /// Adopts the form that the shell drew into `root` from `config`.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement, root: ShadowRoot, config: &JsValue, endpoint: String) -> Self {
        let widget = Widget::adopt(host, root, config, endpoint);
        widget.listen(watch::listeners(&widget));
        widget.step(Step::Adopt);
        let later = Rc::clone(&widget);
        // The element gets its handle before the page hears of anything.
        spawn(Box::pin(async move {
            if later.is_alive() {
                later.emit("scrip-ready", &js::object(&[("embed", later.host.get_attribute("embed").into())]));
                later.refresh();
                run::resume(&later).await;
                later.resumed();
            }
        }));
        Self(widget)
    }

    /// Takes over a newer description of the same form.
    pub fn configure(&self, config: &JsValue) {
        self.0.configure(config);
    }

    /// The button.
    pub fn submit(&self) {
        if self.0.may_press() {
            run::press(&self.0);
        }
    }

    /// Ends the run on its way.
    pub fn stop(&self) {
        watch::stop(&self.0);
    }

    /// Takes the answer away; not while it is coming.
    pub fn reset(&self) {
        if self.0.step(Step::Reset) {
            self.0.clear();
            self.0.refresh();
        }
    }

    /// The page's own answer, a text or a stream of texts. `false` when none was asked for.
    pub fn answer(&self, answer: JsValue) -> bool {
        let asked = self.0.state() == State::Running && self.0.is_page_run();
        if asked {
            self.0.page_answer.replace(Some(answer));
            self.0.wake.raise();
        }
        asked
    }

    /// Runs left; `null`: unlimited.
    #[wasm_bindgen(getter)]
    pub fn remaining(&self) -> JsValue {
        self.0.decision().remaining.map_or(JsValue::NULL, JsValue::from)
    }

    /// When the next run comes back, RFC 3339; `null`: none is out, or none returns.
    #[wasm_bindgen(getter, js_name = resetsAt)]
    pub fn resets_at(&self) -> JsValue {
        self.0.decision().resets_at.map_or(JsValue::NULL, |at| clock::iso(at).into())
    }

    /// `loading`, `ready`, `running`, `done`, `capped` or `failed`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        self.0.state().name().into()
    }
}

impl Drop for Pickaxe {
    fn drop(&mut self) {
        self.0.tear_down();
    }
}
