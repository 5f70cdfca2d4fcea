//! The answer as it grows: one text node, written once a frame. No HTML sink anywhere.

use crate::prelude::*;
use alloc::rc::Rc;
use core::cell::RefCell;

use js_sys::JsString;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::listener::Timer;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = web_sys::Node)]
    #[derive(Clone)]
    type CharacterData;
    #[wasm_bindgen(constructor, js_class = "Text")]
    fn new() -> CharacterData;
    #[wasm_bindgen(method, js_name = appendData)]
    fn append_data(this: &CharacterData, text: &JsString);
}

/// How close to its end a reader must be for the answer to scroll on by itself.
const NEAR_THE_END_PIXELS: i32 = 48;

/// The place where the answer stands.
#[derive(Clone)]
pub(crate) struct Answer(Rc<Inner>);

struct Inner {
    output: HtmlElement,
    state: RefCell<Pending>,
}

#[derive(Default)]
struct Pending {
    node: Option<CharacterData>,
    /// What came since the last frame; stays on JavaScript's side, where it is needed.
    text: Option<JsString>,
    frame: Option<Timer>,
}

impl Answer {
    /// Writes into `output`.
    pub(crate) fn new(output: HtmlElement) -> Self {
        Self(Rc::new(Inner { output, state: RefCell::default() }))
    }

    /// Forgets everything shown.
    pub(crate) fn clear(&self) {
        *self.0.state.borrow_mut() = Pending::default();
        self.0.output.set_text_content(None);
    }

    /// Adds text; it shows with the next frame.
    pub(crate) fn push(&self, text: &JsString) {
        let mut state = self.0.state.borrow_mut();
        state.text = Some(match state.text.take() {
            Some(before) => before.concat(text),
            None => text.clone(),
        });
        if state.frame.is_none() {
            // Weak: a widget that is gone is not kept by a frame that a hidden page never paints.
            let weak = Rc::downgrade(&self.0);
            state.frame = Some(Timer::next_frame(Box::new(move || {
                if let Some(inner) = weak.upgrade() {
                    Self(inner).flush();
                }
            })));
        }
    }

    /// Shows everything now.
    pub(crate) fn flush(&self) {
        // Taken out first, and dropped last: the frame's own callback may be what runs here.
        let (text, node, _frame) = {
            let mut state = self.0.state.borrow_mut();
            let Some(text) = state.text.take() else { return };
            let node = state.node.get_or_insert_with(|| {
                let node = CharacterData::new();
                // Appending a new text node to an element cannot fail.
                let _ = self.0.output.append_child(&node);
                node
            });
            (text, node.clone(), state.frame.take())
        };
        let output = &self.0.output;
        let below = output.scroll_height() - output.scroll_top() - output.client_height();
        node.append_data(&text);
        if below < NEAR_THE_END_PIXELS {
            output.set_scroll_top(output.scroll_height());
        }
    }

    /// All of it, as text.
    pub(crate) fn text(&self) -> String {
        self.flush();
        self.0.output.text_content().unwrap_or_default()
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn answer() -> (Answer, HtmlElement) {
        let document = web_sys::window().and_then(|window| window.document()).expect("a document");
        let output: HtmlElement = document.create_element("div").expect("an element").unchecked_into();
        (Answer::new(output.clone()), output)
    }

    #[wasm_bindgen_test]
    fn deltas_become_one_text_node_and_markup_stays_text() {
        let (answer, output) = answer();
        for delta in ["<img src=x ", "onerror=alert(1)>", " Grüße 🦀"] {
            answer.push(&delta.into());
            answer.flush();
        }
        assert_eq!(answer.text(), "<img src=x onerror=alert(1)> Grüße 🦀");
        assert_eq!(output.child_nodes().length(), 1);
        assert_eq!(output.child_element_count(), 0);
        answer.clear();
        assert_eq!(answer.text(), "");
    }

    #[wasm_bindgen_test]
    async fn text_shows_with_the_next_frame_by_itself() {
        let (answer, output) = answer();
        answer.push(&"one ".into());
        answer.push(&"two".into());
        assert_eq!(output.text_content().as_deref(), Some(""), "not before the frame");
        crate::signal::Signal::default().wait(200.0).await;
        assert_eq!(output.text_content().as_deref(), Some("one two"));
    }
}
