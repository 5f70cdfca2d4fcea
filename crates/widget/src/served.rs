//! A run that the server carries out: its events, as they come.

use crate::prelude::*;
use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::cap::Count;
use crate::error::Problem;
use crate::listener::Timer;
use crate::request::{self, Call, Response};
use crate::run::{Next, Run};
use crate::sse::{Event, Parser};
use crate::state::Step;
use crate::stream::Chunks;
use crate::texts::en;
use crate::view::Tone;
use crate::widget::{Widget, spawn};
use crate::{browser, js, watch};

/// The server says something at least every 15 seconds; after three times as long the connection is taken for dead.
const SILENCE_MILLIS: f64 = 45_000.0;

impl Run {
    /// Reads events until the run ends or the connection does.
    pub(crate) async fn stream(&mut self, response: &Response) -> Next {
        let Some(mut chunks) = Chunks::of(&browser::texts(response)) else { return Next::Later };
        let mut parser = Parser::default();
        loop {
            let reader = chunks.reader();
            let silence = Timer::after(SILENCE_MILLIS, Box::new(move || reader.cancel()));
            let chunk = chunks.next().await;
            drop(silence);
            let Ok(Some(chunk)) = chunk else { return Next::Later };
            let mut events = Vec::new();
            let text = chunk.as_string().unwrap_or_default();
            parser.feed(&text, &mut |event| events.push(event));
            for event in events {
                if !self.widget.is_alive() || self.event(event).await == Next::Over {
                    return Next::Over;
                }
            }
        }
    }

    async fn event(&mut self, event: Event) -> Next {
        let Some(data) = js::parse(&event.data) else { return Next::Later };
        match event.name.as_str() {
            "run" => self.begun(&data).await,
            "delta" => self.delta(&data),
            "done" => {
                self.finished(data).await;
                return Next::Over;
            }
            "error" => {
                self.broken_off(Problem::read(data, None)).await;
                return Next::Over;
            }
            _ => {}
        }
        self.last_event = event.id;
        Next::Later
    }

    /// The run has a name and its credit is held. The stream tells it from the start, so what was shown starts anew too.
    async fn begun(&mut self, data: &JsValue) {
        self.is_going_well();
        self.widget.answer.clear();
        self.attempt.run = js::text(data, "id");
        self.attempt.store(&self.widget.store);
        self.widget.run.replace(self.attempt.run.clone());
        self.widget.reconcile(self.count(data), &self.attempt.key).await;
        if self.widget.stopping.get() {
            stop(&self.widget);
        }
    }

    fn delta(&mut self, data: &JsValue) {
        self.is_going_well();
        let text = js::get(data, "text");
        if let Some(text) = text.dyn_ref::<JsString>() {
            self.widget.answer.push(text);
            self.widget.emit("scrip-delta", data);
        }
    }

    /// The answer is whole, or ended by the visitor.
    pub(crate) async fn finished(&mut self, data: JsValue) {
        let output = self.widget.answer.text();
        let stopped = js::get(&data, "stopped").is_truthy();
        let expired = js::get(&data, "output_expired").is_truthy();
        let nothing = output.is_empty() && stopped && js::text(&data, "charge").as_deref() == Some("0");
        if nothing {
            self.widget.give_back(&self.attempt).await;
        }
        self.end(&data).await;
        if !self.widget.step(Step::Finish) {
            return;
        }
        let text = match () {
            () if expired => en::EXPIRED,
            () if nothing => en::STOPPED_EMPTY,
            () if stopped => en::STOPPED,
            () => en::DONE,
        };
        self.widget.view.show_answer(!output.is_empty());
        self.widget.view.notice(if expired || nothing { text } else { "" }, Tone::Plain);
        self.widget.view.announce(text);
        self.widget.refresh_all();
        js::set(&data, "output", &JsValue::from_str(&output));
        self.widget.emit("scrip-done", &data);
    }

    /// The provider, or the page's own model, broke off. What came stays shown.
    pub(crate) async fn broken_off(&mut self, problem: Problem) {
        if problem.is_free() {
            self.widget.give_back(&self.attempt).await;
        }
        self.end(&problem.detail).await;
        self.widget.fail(&problem);
    }

    /// The outcome is known.
    async fn end(&self, told: &JsValue) {
        self.attempt.remove(&self.widget.store);
        self.widget.reconcile(self.count(told), &self.attempt.key).await;
        if self.again {
            watch::visit(&self.widget, true);
        }
    }

    /// The server's count in an event. A run that is told again tells what was left when it was first told: since then the
    /// slider may have moved, or another run may have counted.
    fn count(&self, told: &JsValue) -> Count {
        if self.again { Count::default() } else { Count::read(told) }
    }
}

/// Asks the server to end the run. If that is lost, the stream is too, and its return asks again.
pub(crate) fn stop(widget: &alloc::rc::Rc<Widget>) {
    let Some(run) = widget.run.borrow().clone() else { return };
    let widget = alloc::rc::Rc::clone(widget);
    spawn(Box::pin(async move {
        let abort = request::AbortController::new();
        if let Ok(token) = widget.token(None, &abort).await {
            let url = widget.url(&["runs/", &run, "/stop"]);
            let call = Call { url: &url, token: Some(&token), body: Some("{}"), ..Call::default() };
            // The stream's own `done` tells how it ended.
            let _ = request::send(call, &abort).await;
        }
    }));
}
