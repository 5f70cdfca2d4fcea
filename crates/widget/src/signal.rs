//! Waiting that something else may end.

use crate::prelude::*;
use alloc::rc::Rc;
use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::{Poll, Waker};

use web_sys::Event;

use crate::browser;
use crate::listener::{Listener, Timer};

#[derive(Debug, Default)]
struct Inner {
    raised: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A flag that one task waits for and anything may raise; waiting takes it down again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signal(Rc<Inner>);

impl Signal {
    /// Ends the waiting; where nobody waits, the next wait ends at once.
    pub(crate) fn raise(&self) {
        self.0.raised.set(true);
        let waker = self.0.waker.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits until the signal is raised.
    pub(crate) async fn raised(&self) {
        poll_fn(|context| {
            if self.0.raised.replace(false) {
                return Poll::Ready(());
            }
            *self.0.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Waits so many milliseconds, or until the signal is raised.
    pub(crate) async fn wait(&self, millis: f64) {
        let signal = self.clone();
        let _timer = Timer::after(millis, Box::new(move || signal.raise()));
        self.raised().await;
    }

    /// As [`wait`](Self::wait), but also until the browser is online again, and for as long as nobody looks at the page.
    pub(crate) async fn wait_for_connection(&self, millis: f64) {
        let Some(window) = web_sys::window() else { return };
        let raise = |signal: &Self| -> Box<dyn FnMut(Event)> {
            let signal = signal.clone();
            Box::new(move |_| signal.raise())
        };
        let _online = Listener::new(&window, "online", raise(self));
        self.wait(millis).await;
        if let Some(document) = window.document()
            && browser::is_hidden()
        {
            let _visible = Listener::new(&document, "visibilitychange", raise(self));
            self.raised().await;
        }
    }
}
