//! What the widget listens to.

use crate::prelude::*;
use alloc::rc::{Rc, Weak};

use web_sys::{Event, EventTarget};

use crate::listener::Listener;
use crate::state::State;
use crate::submission::nearly_full;
use crate::texts::en;
use crate::visit::Visit;
use crate::widget::{Widget, spawn};
use crate::{browser, js, served};

/// How long the copy button says that it copied.
const COPIED_MILLIS: f64 = 2000.0;

/// Listens to the parts, and to the page where it changes what is shown.
pub(crate) fn listeners(widget: &Rc<Widget>) -> Vec<Listener> {
    let on = |target: &EventTarget, name, act: fn(&Rc<Widget>, &Event)| {
        let weak: Weak<Widget> = Rc::downgrade(widget);
        let heard = move |event| {
            if let Some(widget) = weak.upgrade() {
                act(&widget, &event);
            }
        };
        Listener::new(target, name, Box::new(heard))
    };
    let root = &widget.view.root;
    let mut all = vec![
        on(root, "click", |widget, event| {
            let id = event.target().and_then(|target| js::text(&target, "id"));
            match id.as_deref() {
                Some("stop") => stop(widget),
                Some("copy") => copy(widget),
                _ => {}
            }
        }),
        on(root, "input", |widget, _| count(widget)),
        on(root, "focusin", |widget, _| prepare(widget)),
    ];
    if let Some(window) = web_sys::window() {
        all.push(on(&window, "storage", |widget, event| {
            // No key: the whole storage was cleared.
            let key = js::text(event, "key");
            if key.is_none_or(|key| key.starts_with(widget.store.prefix())) {
                widget.refresh();
            }
        }));
        all.extend(window.document().map(|document| on(&document, "visibilitychange", |widget, _| widget.refresh())));
    }
    all
}

/// Ends the run on its way.
pub(crate) fn stop(widget: &Rc<Widget>) {
    if widget.state() != State::Running || widget.stopping.replace(true) {
        return;
    }
    if widget.is_page_run() {
        let cut = widget.cut.take();
        if let Some(cut) = cut {
            cut();
        }
    } else {
        served::stop(widget);
    }
    widget.wake.raise();
}

/// Asks for the visitor's token when the visitor turns to the form, so that the press itself is one request.
fn prepare(widget: &Rc<Widget>) {
    if !widget.prepared.replace(true) {
        visit(widget, false);
    }
}

/// Asks for the visitor's token, `anew` also where there is one, as the server's present count comes with it.
pub(crate) fn visit(widget: &Rc<Widget>, anew: bool) {
    let known = if anew { Visit::stored(&widget.store) } else { None };
    let widget = Rc::clone(widget);
    spawn(Box::pin(async move {
        let abort = crate::request::AbortController::new();
        // Whatever goes wrong here is told when the button is pressed.
        let _ = widget.token(known.as_ref().map(|visit| visit.token.as_str()), &abort).await;
    }));
}

/// Shows how many characters are left where it is getting tight, and takes faults away that are mended.
fn count(widget: &Rc<Widget>) {
    let config = widget.config();
    for (place, field) in config.fields.iter().enumerate() {
        let text = widget.view.value(place);
        let hint = match nearly_full(field, &text) {
            Some(left) if left < 0 => js::concat(&[&left.unsigned_abs().to_string(), en::CHARACTERS_OVER]),
            Some(left) => js::concat(&[&left.to_string(), en::CHARACTERS_LEFT]),
            None => String::new(),
        };
        widget.view.counter(place, &hint);
        if !text.is_empty() {
            widget.view.fault(place, "");
        }
    }
}

fn copy(widget: &Rc<Widget>) {
    let widget = Rc::clone(widget);
    spawn(Box::pin(async move {
        // A page that may not write to the clipboard: the answer is selected for the visitor's own copy.
        if !browser::copy(&widget.view.root, "output").await.is_ok_and(|copied| copied.is_truthy()) {
            return;
        }
        browser::write(&widget.view.root, "copy", en::COPIED);
        widget.view.announce(en::COPIED);
        crate::signal::Signal::default().wait(COPIED_MILLIS).await;
        browser::write(&widget.view.root, "copy", en::COPY);
    }));
}
