//! What the parts that the shell drew show.

use crate::prelude::*;
use scrip::{Decision, Timestamp};
use wasm_bindgen::JsValue;
use web_sys::{HtmlElement, ShadowRoot};

use crate::config::Config;
use crate::texts::en;
use crate::{browser, clock, js};

/// How a notice looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    /// Something to know.
    Plain,
    /// Something went wrong.
    Trouble,
}

/// The shadow tree of one widget. Its parts are found by their ids; one that a foreign shell did not draw shows nothing.
pub(crate) struct View {
    host: HtmlElement,
    /// The tree.
    pub(crate) root: ShadowRoot,
}

impl View {
    /// Takes over a drawn tree.
    pub(crate) fn adopt(host: HtmlElement, root: ShadowRoot) -> Self {
        for (id, text) in
            [("stop", en::STOP), ("copy", en::COPY), ("answer-title", en::ANSWER), ("limit-link", en::MORE)]
        {
            browser::write(&root, id, text);
        }
        Self { host, root }
    }

    /// Shows whether a run is on its way.
    pub(crate) fn set_running(&self, running: bool) {
        browser::show(&self.root, "stop", running);
        browser::mark(&self.root, "submit", "aria-disabled", running.then_some("true"));
        browser::mark(&self.root, "answer", "aria-busy", running.then_some("true"));
    }

    /// Makes room for an answer that has not begun.
    pub(crate) fn begin(&self) {
        browser::show(&self.root, "answer", true);
        browser::show(&self.root, "copy", false);
    }

    /// Shows or hides a whole answer.
    pub(crate) fn show_answer(&self, shown: bool) {
        browser::show(&self.root, "answer", shown);
        browser::show(&self.root, "copy", shown);
    }

    /// Shows a notice; empty text takes it away.
    pub(crate) fn notice(&self, text: &str, tone: Tone) {
        browser::write(&self.root, "notice", text);
        browser::mark(&self.root, "notice", "data-tone", (tone == Tone::Trouble).then_some("trouble"));
        browser::show(&self.root, "notice", !text.is_empty());
    }

    /// Says something to those who do not see it.
    pub(crate) fn announce(&self, text: &str) {
        browser::write(&self.root, "status", text);
    }

    /// Shows how many runs are left and when the next one returns.
    pub(crate) fn remaining(&self, config: &Config, decision: &Decision) {
        let count = match (decision.limit, decision.remaining) {
            (Some(limit), Some(left)) if limit > 0 => {
                let noun = if limit == 1 { en::RUN_LEFT } else { en::RUNS_LEFT };
                js::concat(&[&left.min(limit).to_string(), en::OF, &limit.to_string(), noun])
            }
            _ => String::new(),
        };
        browser::write(&self.root, "remaining", &count);
        if let (false, Some(at)) = (count.is_empty(), decision.resets_at) {
            self.date(at, config);
        }
    }

    /// Shows that no runs are left, in the owner's words, or takes that away.
    pub(crate) fn limit(&self, config: &Config, decision: &Decision, shown: bool) {
        browser::show(&self.root, "limit", shown);
        // Dimmed and not disabled: a press looks again, and says once more why there is no run.
        browser::mark(&self.root, "submit", "data-spent", shown.then_some(""));
        if !shown {
            return;
        }
        browser::write(&self.root, "limit-message", limit_message(config, decision));
        browser::mark(&self.root, "limit-link", "href", config.limit_url.as_deref());
        browser::show(&self.root, "limit-link", config.limit_url.is_some());
    }

    /// Marks a field as faulty, or as mended by empty text.
    pub(crate) fn fault(&self, place: usize, text: &str) {
        browser::mark(&self.root, &id("f", place), "aria-invalid", (!text.is_empty()).then_some("true"));
        browser::write(&self.root, &id("e", place), text);
    }

    /// Writes below a field how many characters are left.
    pub(crate) fn counter(&self, place: usize, text: &str) {
        browser::write(&self.root, &id("c", place), text);
    }

    /// Whether a field holds something that the browser cannot read as a number.
    pub(crate) fn is_bad_number(&self, place: usize) -> bool {
        browser::is_bad_number(&self.root, &id("f", place))
    }

    /// What stands in a field.
    pub(crate) fn value(&self, place: usize) -> String {
        browser::value(&self.root, &id("f", place))
    }

    /// Moves the focus to a field.
    pub(crate) fn focus(&self, place: usize) {
        browser::focus(&self.root, &id("f", place));
    }

    /// Fires an event on the element; `false` when the page prevented what it announces.
    ///
    /// No borrow may be held here: the page's listener may call back into the element.
    pub(crate) fn emit(&self, name: &str, detail: &JsValue) -> bool {
        browser::emit(&self.host, name, detail)
    }

    /// The date stands in the language of the place where the widget is, else the embed's.
    fn date(&self, at: Timestamp, config: &Config) {
        let language = browser::language(&self.host).unwrap_or_else(|| config.locale.clone());
        browser::date(&self.root, "remaining", en::NEXT_RETURNS, clock::millis(at), &language);
    }
}

/// The owner's words for the limit, or ours.
pub(crate) fn limit_message<'a>(config: &'a Config, decision: &Decision) -> &'a str {
    match decision.limit {
        _ if !config.limit_message.is_empty() => &config.limit_message,
        Some(0) => en::CLOSED,
        _ => en::LIMIT,
    }
}

fn id(kind: &str, place: usize) -> String {
    js::concat(&[kind, &place.to_string()])
}
