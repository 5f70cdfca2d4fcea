//! A run that the page carries out itself: the ledger's debit first, then the page's words.

use crate::prelude::*;
use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::error::Problem;
use crate::js;
use crate::request::{self, Response};
use crate::run::{Next, Run};
use crate::stream::Chunks;

impl Run {
    /// The debit stands. Tells the page to answer, and shows what it says.
    ///
    /// A page that went away in between is asked again after the reload, with the same debit.
    pub(crate) async fn debited(&mut self, response: &Response) -> Next {
        let Ok(debit) = request::json(response).await else { return Next::Later };
        self.attempt.run = js::text(&debit, "id");
        self.attempt.store(&self.widget.store);
        self.is_going_well();
        self.widget.refresh_all();
        let fields = js::parse(&self.attempt.fields).unwrap_or(JsValue::NULL);
        self.widget.emit("scrip-run", &js::object(&[("fields", fields), ("debit", debit.clone())]));
        let whole = match self.page_answer().await {
            Some(answer) => self.show(&answer).await,
            None => true,
        };
        if !self.widget.is_alive() {
            return Next::Over;
        }
        let charge = js::get(&debit, "amount");
        if whole {
            let stopped = self.widget.stopping.get().into();
            let members = [("id", js::get(&debit, "id")), ("charge", charge), ("debit", debit), ("stopped", stopped)];
            self.finished(js::object(&members)).await;
        } else {
            let code = JsValue::from_str("page_failed");
            let members = [("code", code), ("charge", charge), ("debit", debit)];
            self.broken_off(Problem::read(js::object(&members), None)).await;
        }
        Next::Over
    }

    /// Waits for `element.answer(…)`; `None` when the visitor, or the page, ended it first.
    async fn page_answer(&self) -> Option<JsValue> {
        loop {
            let answer = self.widget.page_answer.take();
            if answer.is_some() || self.widget.stopping.get() || !self.widget.is_alive() {
                return answer;
            }
            self.widget.wake.raised().await;
        }
    }

    /// Shows a text, or the texts of a stream; `false` when it broke off.
    async fn show(&mut self, answer: &JsValue) -> bool {
        let Some(mut chunks) = Chunks::of(answer) else {
            self.piece(answer);
            return answer.is_string();
        };
        let reader = chunks.reader();
        *self.widget.cut.borrow_mut() = Some(Box::new(move || reader.cancel()));
        loop {
            match chunks.next().await {
                Ok(Some(chunk)) => self.piece(&chunk),
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    fn piece(&self, text: &JsValue) {
        if let Some(text) = text.dyn_ref::<JsString>() {
            self.widget.answer.push(text);
            self.widget.emit("scrip-delta", &js::object(&[("text", text.into())]));
        }
    }
}
