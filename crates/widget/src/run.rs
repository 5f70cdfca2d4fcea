//! One press, from the form to its outcome, through every loss of the connection.

use crate::prelude::*;
use alloc::rc::Rc;

use scrip::VisitorCap;
use wasm_bindgen::JsValue;

use crate::attempt::{self, Attempt};
use crate::cap::Count;
use crate::error::Problem;
use crate::lock::{self, Guard};
use crate::request::{self, Call, Lost, Response};
use crate::state::Step;
use crate::submission;
use crate::texts::en;
use crate::view::Tone;
use crate::visit::NoVisit;
use crate::widget::{Boxed, Widget, spawn};
use crate::{browser, clock, js};

/// How often an answer that leaves the outcome open is asked for again before the visitor is asked.
const TRIES_OF_A_BROKEN_SERVER: u32 = 4;
/// How often a server that never replied is tried before the visitor is asked.
const TRIES_OF_A_SILENT_SERVER: u32 = 3;
/// Pauses between two tries at which an attempt of an earlier page is claimed: its lock may linger while that page goes.
const CLAIM_PAUSES_MILLIS: [f64; 3] = [0.0, 300.0, 1500.0];

/// What follows a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// The outcome is known, or handed to the visitor.
    Over,
    /// Ask again at once.
    Again,
    /// Ask again after a pause.
    Later,
}

/// A press on its way.
pub(crate) struct Run {
    pub(crate) widget: Rc<Widget>,
    pub(crate) attempt: Attempt,
    /// Held as long as this tab looks after the attempt.
    guard: Option<Guard>,
    /// It was sent before, maybe by an earlier page: the counts in its events may be those of that time.
    pub(crate) again: bool,
    /// Ask for the rest of a known run instead of sending the press again.
    following: bool,
    pub(crate) last_event: String,
    refused_token: Option<String>,
    heard_from: bool,
    tries: u32,
}

/// The button: checks the form and the cap, writes the attempt down, and sends it.
pub(crate) fn press(widget: &Rc<Widget>) {
    let config = widget.config();
    let typed = js::get(&widget.host, "fields");
    let checked = submission::check(&config, &typed, |place| widget.view.is_bad_number(place));
    for place in 0..config.fields.len() {
        let fault = checked.as_ref().err().and_then(|faults| faults.iter().find(|(faulty, _)| *faulty == place));
        let kind = config.fields.get(place).map(|field| field.kind);
        let text = fault.zip(kind).map(|((_, fault), kind)| fault.explain(kind)).unwrap_or_default();
        widget.view.fault(place, &text);
    }
    let fields = match checked {
        Ok(submission) => submission.fields,
        Err(faults) => {
            if let Some((first, _)) = faults.first() {
                widget.view.focus(*first);
            }
            return;
        }
    };
    if !widget
        .state()
        .after(Step::Start)
        .is_some_and(|_| widget.emit("scrip-submit", &js::object(&[("fields", fields.clone())])))
    {
        return;
    }
    // The page's listener may have pressed too: only one of them starts.
    if widget.step(Step::Start) {
        let widget = Rc::clone(widget);
        spawn(Box::pin(admit(widget, fields)));
    }
}

/// Counts the press and writes it down, both before anything leaves.
async fn admit(widget: Rc<Widget>, fields: JsValue) {
    let body =
        if widget.is_page_run() { "{}".into() } else { js::stringify(&js::object(&[("fields", fields.clone())])) };
    let fields = js::stringify(&fields);
    widget.stopping.set(false);
    widget.run.take();
    widget.page_answer.take();
    if let Some((mut attempt, guard)) = widget.kept.take() {
        if attempt.body == body && attempt::is_stored(&widget.store, &attempt) {
            attempt.fields = fields;
            return Run::new(widget, attempt, guard, true).perform().await;
        }
        // The visitor asks for something else and no longer waits for that answer.
        attempt.remove(&widget.store);
    }
    let key = clock::new_key();
    let mut attempt = Attempt { key, body, fields, taken_at: clock::now(), run: None };
    let guard = lock::hold(&attempt.lock(&widget.store)).await;
    let mut taken = false;
    let mut take = |cap: &mut VisitorCap, now| {
        if let Ok(at) = cap.take(now) {
            taken = true;
            attempt.taken_at = at;
            attempt.store(&widget.store);
        }
    };
    widget.update(&mut take).await;
    if !widget.is_alive() {
        return;
    }
    if taken { Run::new(widget, attempt, guard, false).perform().await } else { widget.cap() }
}

/// Takes up an attempt that an earlier page left: the same press, so the same run and the same charge.
pub(crate) async fn resume(widget: &Rc<Widget>) {
    for attempt in attempt::unfinished(&widget.store) {
        if (attempt.body == "{}") != widget.is_page_run() {
            continue;
        }
        for pause in CLAIM_PAUSES_MILLIS {
            widget.wake.wait(pause).await;
            if !widget.is_alive() || !attempt::is_stored(&widget.store, &attempt) {
                break;
            }
            let Some(guard) = lock::try_hold(&attempt.lock(&widget.store)).await else { continue };
            if !widget.is_alive() || !attempt::is_stored(&widget.store, &attempt) {
                break;
            }
            if widget.step(Step::Start) {
                widget.resumed();
                js::set(&widget.host, "fields", &js::parse(&attempt.fields).unwrap_or(JsValue::NULL));
                Run::new(Rc::clone(widget), attempt, guard, true).perform().await;
            }
            return;
        }
    }
}

impl Run {
    fn new(widget: Rc<Widget>, attempt: Attempt, guard: Guard, again: bool) -> Self {
        Self {
            widget,
            attempt,
            guard: Some(guard),
            again,
            following: false,
            last_event: String::new(),
            refused_token: None,
            heard_from: false,
            tries: 0,
        }
    }

    /// Asks until the outcome is known.
    fn perform(self) -> Boxed<'static, ()> {
        Box::pin(self.ask_on())
    }

    async fn ask_on(mut self) {
        self.widget.clear();
        self.widget.view.begin();
        self.widget.refresh_all();
        self.widget.view.announce(en::WORKING);
        loop {
            let next = self.ask().await;
            if !self.widget.is_alive() || next == Next::Over {
                return;
            }
            if next == Next::Later && !self.pause().await {
                return;
            }
        }
    }

    /// One request, and whatever its reply leads to.
    async fn ask(&mut self) -> Next {
        let abort = self.widget.abortable();
        let token = match self.widget.token(self.refused_token.as_deref(), &abort).await {
            Ok(token) => token,
            Err(NoVisit::Lost) => return Next::Later,
            Err(NoVisit::Refused(problem)) => return self.refused(problem).await,
        };
        let events = self.following.then_some(self.attempt.run.as_deref()).flatten();
        let url = match events {
            Some(run) => self.widget.url(&["runs/", run, "/events"]),
            None => self.widget.url(&[if self.widget.is_page_run() { "debits" } else { "runs" }]),
        };
        let call = match events {
            Some(_) => Call { last_event: Some(&self.last_event), ..Call::default() },
            None => Call { key: Some(&self.attempt.key), body: Some(&self.attempt.body), ..Call::default() },
        };
        match request::send(Call { url: &url, token: Some(&token), ..call }, &abort).await {
            Ok(response) => self.replied(&response, token).await,
            Err(Lost) => Next::Later,
        }
    }

    async fn replied(&mut self, response: &Response, token: String) -> Next {
        self.heard_from = true;
        let status = response.status();
        if status < 300 {
            self.widget.view.notice("", Tone::Plain);
            let next =
                if self.widget.is_page_run() { self.debited(response).await } else { self.stream(response).await };
            self.following = self.attempt.run.is_some() && !self.widget.is_page_run();
            return next;
        }
        let problem = request::problem(response).await;
        match status {
            401 if self.refused_token.is_none() => {
                self.refused_token = Some(token);
                Next::Again
            }
            409 if problem.code == "request_in_progress" => {
                self.following = self.attempt.run.is_some();
                Next::Later
            }
            // The run's words are gone; the press itself still knows what it cost.
            404 if self.following => {
                self.attempt.run = None;
                self.following = false;
                Next::Again
            }
            _ if problem.is_unknown(status) && self.tries < TRIES_OF_A_BROKEN_SERVER => Next::Later,
            _ if problem.is_unknown(status) => self.give_up(&problem),
            _ => self.refused(problem).await,
        }
    }

    /// Waits before the next try; `false` when the visitor has to decide.
    async fn pause(&mut self) -> bool {
        let online = browser::is_online();
        let unnamed = self.attempt.run.is_none();
        if self.widget.stopping.get() && unnamed {
            self.give_up(&Problem::local("interrupted"));
            return false;
        }
        if online && !self.heard_from && self.tries >= TRIES_OF_A_SILENT_SERVER {
            self.give_up(&Problem::local("unreachable"));
            return false;
        }
        let text = if online { en::RECONNECTING } else { en::OFFLINE };
        self.widget.view.notice(text, Tone::Plain);
        if self.tries == 0 {
            self.widget.view.announce(text);
        }
        let longest = 500.0 * f64::from(1_u32 << self.tries.min(5));
        // Between a half and the whole of it, so that the visitors of a restarted server do not all come at once.
        let millis = longest * (0.5 + f64::from(clock::random_byte()) / 512.0);
        self.tries += u32::from(online);
        self.widget.wake.wait_for_connection(millis).await;
        self.widget.is_alive()
    }

    /// The outcome stays unknown: the attempt is kept for the next press, or the next page.
    fn give_up(&mut self, problem: &Problem) -> Next {
        if let Some(guard) = self.guard.take() {
            *self.widget.kept.borrow_mut() = Some((self.attempt.clone(), guard));
        }
        self.widget.fail(problem);
        Next::Over
    }

    /// The server turned the press down: nothing was charged, nothing counts.
    async fn refused(&mut self, problem: Problem) -> Next {
        let count = Count::read(&problem.detail);
        let capped = problem.code == "visitor_cap_reached";
        if !capped {
            self.widget.give_back(&self.attempt).await;
        }
        self.attempt.remove(&self.widget.store);
        if capped {
            let nothing_left = Count { remaining: Some(0), ..count };
            self.widget.reconcile(nothing_left, &self.attempt.key).await;
            self.widget.view.show_answer(false);
            self.widget.cap();
        } else {
            self.widget.fail(&problem);
        }
        Next::Over
    }

    /// Tries start anew once words come.
    pub(crate) fn is_going_well(&mut self) {
        self.tries = 0;
    }
}
