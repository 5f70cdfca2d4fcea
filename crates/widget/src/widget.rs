//! One widget: what it is doing, what it knows, and what it shows.

use crate::prelude::*;
use alloc::rc::{Rc, Weak};
use core::cell::{Cell, RefCell};
use core::pin::Pin;

use scrip::{Decision, Timestamp, VisitorCap};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{HtmlElement, ShadowRoot};

use crate::answer::Answer;
use crate::attempt::{self, Attempt};
use crate::cap::{self, Count, Limits};
use crate::config::Config;
use crate::error::Problem;
use crate::listener::{Listener, Timer};
use crate::lock::Guard;
use crate::request::AbortController;
use crate::signal::Signal;
use crate::single::Single;
use crate::state::{State, Step};
use crate::storage::Store;
use crate::view::{Tone, View, limit_message};
use crate::visit::{self, NoVisit};
use crate::{clock, js};

/// The widgets of this page, so that one embed placed twice shows one count.
static WIDGETS: Single<RefCell<Vec<Weak<Widget>>>> = Single::new(RefCell::new(Vec::new()));

/// A future of which one copy serves all who wait for it. Inlined into each of them it would be compiled as often.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Starts a task. Boxed, for the same reason.
pub(crate) fn spawn(task: Boxed<'static, ()>) {
    js_sys::futures::spawn_local(task);
}

/// The state behind one element.
pub(crate) struct Widget {
    pub(crate) host: HtmlElement,
    pub(crate) view: View,
    pub(crate) answer: Answer,
    pub(crate) store: Store,
    /// Ends whatever the run is waiting for.
    pub(crate) wake: Signal,
    /// The visitor wants the run to end.
    pub(crate) stopping: Cell<bool>,
    /// The run on its way, once it has a name.
    pub(crate) run: RefCell<Option<String>>,
    /// An attempt whose outcome stayed unknown, with its lock: the next press takes it up again.
    pub(crate) kept: RefCell<Option<(Attempt, Guard)>>,
    /// What the page gave as its answer.
    pub(crate) page_answer: RefCell<Option<JsValue>>,
    /// The visitor's token was asked for when they turned to the form.
    pub(crate) prepared: Cell<bool>,
    /// Cuts off what is being received.
    pub(crate) cut: RefCell<Option<Box<dyn Fn()>>>,
    endpoint: String,
    embed: String,
    config: RefCell<Rc<Config>>,
    state: Cell<State>,
    alive: Cell<bool>,
    /// `Some` until it is known whether an earlier page left an attempt: a press then waits, in there.
    early: Cell<Option<bool>>,
    listeners: RefCell<Vec<Listener>>,
    return_timer: RefCell<Option<Timer>>,
}

impl Widget {
    /// Takes over a drawn form.
    pub(crate) fn adopt(host: HtmlElement, root: ShadowRoot, config: &JsValue, endpoint: String) -> Rc<Self> {
        let embed = host.get_attribute("embed").unwrap_or_default();
        let output = root.get_element_by_id("output").map_or_else(|| host.clone(), JsCast::unchecked_into);
        let view = View::adopt(host.clone(), root);
        let widget = Rc::new(Self {
            answer: Answer::new(output),
            store: Store::open(js::concat(&["scrip:", &endpoint, ":", &embed, ":"])),
            wake: Signal::default(),
            stopping: Cell::default(),
            run: RefCell::default(),
            kept: RefCell::default(),
            page_answer: RefCell::default(),
            prepared: Cell::default(),
            cut: RefCell::default(),
            config: RefCell::new(Rc::new(Config::read(config))),
            state: Cell::new(State::Loading),
            alive: Cell::new(true),
            early: Cell::new(Some(false)),
            listeners: RefCell::default(),
            return_timer: RefCell::default(),
            host,
            view,
            endpoint,
            embed,
        });
        let mut all = WIDGETS.get().borrow_mut();
        all.retain(|other| other.strong_count() > 0);
        all.push(Rc::downgrade(&widget));
        drop(all);
        widget
    }

    /// Listens to the page for as long as the widget lives.
    pub(crate) fn listen(&self, listeners: Vec<Listener>) {
        *self.listeners.borrow_mut() = listeners;
    }

    /// Lets everything go. A run on its way goes on at the server; its attempt stays stored.
    pub(crate) fn tear_down(&self) {
        self.alive.set(false);
        self.listeners.take();
        self.return_timer.take();
        if let Some(cut) = self.cut.take() {
            cut();
        }
        self.kept.take();
        self.wake.raise();
    }

    /// Whether the element is still in the page.
    pub(crate) fn is_alive(&self) -> bool {
        self.alive.get()
    }

    /// The embed's description as last heard.
    pub(crate) fn config(&self) -> Rc<Config> {
        Rc::clone(&self.config.borrow())
    }

    /// Takes over a newer description of the same form: a moved slider, another message.
    pub(crate) fn configure(self: &Rc<Self>, config: &JsValue) {
        *self.config.borrow_mut() = Rc::new(Config::read(config));
        self.refresh();
    }

    /// What it is doing.
    pub(crate) fn state(&self) -> State {
        self.state.get()
    }

    /// Takes a step; `false` when it does not apply.
    pub(crate) fn step(&self, step: Step) -> bool {
        let Some(next) = self.state.get().after(step) else { return false };
        self.state.set(next);
        self.view.set_running(next == State::Running);
        true
    }

    /// Whether a press may start now; if not, it is remembered.
    pub(crate) fn may_press(&self) -> bool {
        let waits = self.early.get().is_some();
        if waits {
            self.early.set(Some(true));
        }
        !waits
    }

    /// No attempt of an earlier page is left to look for. Performs the press that waited, unless that attempt runs.
    pub(crate) fn resumed(self: &Rc<Self>) {
        if self.early.take() == Some(true) && self.state() != State::Running {
            crate::run::press(self);
        }
    }

    /// Whether the site has its own model.
    pub(crate) fn is_page_run(&self) -> bool {
        self.host.get_attribute("run").as_deref() == Some("page")
    }

    /// An address of the API.
    pub(crate) fn url(&self, parts: &[&str]) -> String {
        [&self.endpoint, "/v1/", &parts.concat()].concat()
    }

    /// A controller for the next request; it is aborted when the element goes.
    pub(crate) fn abortable(&self) -> AbortController {
        let abort = AbortController::new();
        let copy = abort.clone();
        *self.cut.borrow_mut() = Some(Box::new(move || copy.abort()));
        abort
    }

    fn own_token(&self) -> Option<String> {
        self.host.get_attribute("visitor-token").filter(|token| !token.is_empty())
    }

    /// The limits that hold for this visitor.
    pub(crate) fn limits(&self) -> Limits {
        let config = self.config();
        let own = self.own_token().and_then(|token| visit::claimed_cap(&token));
        Limits { runs: own.or(config.limit), window: config.window }
    }

    /// A token to ask with. `refused` is one that the server no longer takes.
    pub(crate) fn token<'a>(
        self: &'a Rc<Self>,
        refused: Option<&'a str>,
        abort: &'a AbortController,
    ) -> Boxed<'a, Result<String, NoVisit>> {
        Box::pin(self.find_token(refused, abort))
    }

    async fn find_token(self: &Rc<Self>, refused: Option<&str>, abort: &AbortController) -> Result<String, NoVisit> {
        if let Some(token) = self.own_token() {
            let again = refused == Some(token.as_str());
            return if again { Err(NoVisit::Refused(Problem::local("unauthorized"))) } else { Ok(token) };
        }
        let visit =
            visit::current(&self.store, &self.url(&["embeds/", &self.embed, "/visits"]), refused, abort).await?;
        // A press of this widget that is still on its way is unknown to the server: no key is its own here.
        self.reconcile(visit.count, "").await;
        Ok(visit.token)
    }

    /// Takes over the server's count, which knew of the press `key` but maybe not of those of other tabs.
    pub(crate) async fn reconcile(self: &Rc<Self>, count: Count, key: &str) {
        let Some(remaining) = count.remaining else { return };
        self.update(&mut |cap, now| {
            let remaining = remaining.saturating_sub(attempt::uncounted_besides(&self.store, key));
            // A date that no run can have leaves the local count as it is.
            let _ = cap.reconcile(remaining, count.resets_at, now);
        })
        .await;
    }

    /// Gives the run of a press back that came to nothing.
    pub(crate) async fn give_back(self: &Rc<Self>, attempt: &Attempt) {
        self.update(&mut |cap, now| {
            // One that is not found was dated anew by the server, which dates the oldest.
            let found =
                cap.runs().map(|(at, _)| at).reduce(|found, at| if at == attempt.taken_at { at } else { found });
            if let Some(at) = found {
                cap.give_back(at, now);
            }
        })
        .await;
    }

    /// Changes the visitor's cap, and shows it.
    pub(crate) fn update<'a>(&'a self, change: &'a mut dyn FnMut(&mut VisitorCap, Timestamp)) -> Boxed<'a, ()> {
        Box::pin(async move {
            cap::update(&self.store, self.limits(), change).await;
            self.refresh_all();
        })
    }

    /// What the visitor may do now, as far as the browser knows.
    pub(crate) fn decision(&self) -> Decision {
        cap::check(&self.store, self.limits())
    }

    /// Shows the count in every widget of this embed on the page.
    pub(crate) fn refresh_all(&self) {
        let all: Vec<_> = WIDGETS.get().borrow().iter().filter_map(Weak::upgrade).collect();
        for widget in all {
            if widget.store.prefix() == self.store.prefix() {
                widget.refresh();
            }
        }
    }

    /// Shows the count and the limit, and turns capped or ready by it.
    pub(crate) fn refresh(self: &Rc<Self>) {
        if !self.is_alive() {
            return;
        }
        let decision = self.decision();
        let turned = match (decision.allowed, self.state()) {
            (true, State::Capped) => self.step(Step::Return),
            (false, State::Ready) => self.step(Step::Cap),
            _ => false,
        };
        self.show_count(&decision);
        self.return_timer.take();
        if let Some(at) = decision.resets_at {
            let weak = Rc::downgrade(self);
            let wait = clock::millis(at) - clock::millis(clock::now());
            *self.return_timer.borrow_mut() = Some(Timer::after(
                wait + 50.0,
                Box::new(move || {
                    if let Some(widget) = weak.upgrade() {
                        // Later, as refreshing drops the timer whose callback this is.
                        spawn(Box::pin(async move { widget.refresh() }));
                    }
                }),
            ));
        }
        if turned && self.state() == State::Capped {
            self.emit_capped(&decision);
        }
    }

    fn show_count(&self, decision: &Decision) {
        let config = self.config();
        self.view.remaining(&config, decision);
        self.view.limit(&config, decision, !decision.allowed && self.state() != State::Running);
    }

    /// Turns a press down because no runs are left.
    pub(crate) fn cap(self: &Rc<Self>) {
        let decision = self.decision();
        self.step(Step::Cap);
        self.show_count(&decision);
        self.view.announce(limit_message(&self.config(), &decision));
        self.emit_capped(&decision);
    }

    fn emit_capped(&self, decision: &Decision) {
        let config = self.config();
        let resets_at = decision.resets_at.map_or(JsValue::NULL, |at| clock::iso(at).into());
        self.emit(
            "scrip-capped",
            &js::object(&[
                ("cap", decision.limit.map_or(JsValue::NULL, JsValue::from)),
                ("remaining", decision.remaining.map_or(JsValue::NULL, JsValue::from)),
                ("resets_at", resets_at),
                ("message", JsValue::from_str(&config.limit_message)),
            ]),
        );
    }

    /// Says in plain words what went wrong. What was typed, and what already came, stays.
    pub(crate) fn fail(&self, problem: &Problem) {
        if !self.step(Step::Fail) {
            return;
        }
        let text = problem.explain();
        self.view.show_answer(!self.answer.text().is_empty());
        self.view.notice(&text, Tone::Trouble);
        self.view.announce(&text);
        let detail = &problem.detail;
        js::set(detail, "code", &JsValue::from_str(problem.code()));
        js::set(detail, "message", &JsValue::from_str(&text));
        self.show_count(&self.decision());
        self.emit("scrip-error", detail);
    }

    /// Fires an event on the element; `false` when the page prevented it.
    pub(crate) fn emit(&self, name: &str, detail: &JsValue) -> bool {
        self.view.emit(name, detail)
    }

    /// Takes answer, notices and faults away.
    pub(crate) fn clear(&self) {
        self.answer.clear();
        self.view.show_answer(false);
        self.view.notice("", Tone::Plain);
        self.view.announce("");
        for place in 0..self.config().fields.len() {
            self.view.fault(place, "");
        }
    }
}
