use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::{Event, Place};
use crate::{ids::RunId, problem::Problem, store::Run};

/// The runs of this process.
#[derive(Debug, Default)]
pub struct Hub {
    runs: Mutex<HashMap<RunId, Arc<Live>>>,
}

/// What ends a run from outside.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Signal {
    Go,
    Stop,
    Shutdown,
}

/// What is known of a live run.
#[derive(Debug, Default)]
struct Log {
    events: Vec<Event>,
    output: String,
    ended: Option<Result<Box<Run>, Problem>>,
}

/// A run whose words are coming: everything so far, and a bell for what follows.
#[derive(Debug)]
pub struct Live {
    log: Mutex<Log>,
    bell: watch::Sender<()>,
    signal: watch::Sender<Signal>,
}

impl Default for Live {
    fn default() -> Self {
        Self { log: Mutex::default(), bell: watch::Sender::new(()), signal: watch::Sender::new(Signal::Go) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds these locks; if something did, the data would still be whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// A place for a run that is about to start.
    pub fn open(&self, id: RunId) -> Arc<Live> {
        let live = Arc::new(Live::default());
        lock(&self.runs).insert(id, Arc::clone(&live));
        live
    }

    /// The run has ended and is stored, or it never started.
    pub fn close(&self, id: RunId) {
        lock(&self.runs).remove(&id);
    }

    /// A run that has not ended.
    #[must_use]
    pub fn get(&self, id: RunId) -> Option<Arc<Live>> {
        lock(&self.runs).get(&id).cloned()
    }

    /// How many run now.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.runs).len()
    }

    /// Whether none runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The server is about to stop: every run ends now.
    pub fn shut_down(&self) {
        for live in lock(&self.runs).values() {
            live.signal.send_replace(Signal::Shutdown);
        }
    }
}

impl Live {
    pub(super) fn push(&self, event: Event) {
        lock(&self.log).events.push(event);
        self.bell.send_replace(());
    }

    pub(super) fn say(&self, words: &str) {
        let mut log = lock(&self.log);
        log.output.push_str(words);
        let ends_at = log.output.len();
        log.events.push(Event::delta(words, ends_at));
        drop(log);
        self.bell.send_replace(());
    }

    pub(super) fn end(&self, event: Event, ended: Result<Box<Run>, Problem>) {
        let mut log = lock(&self.log);
        log.events.push(event);
        log.ended = Some(ended);
        drop(log);
        self.bell.send_replace(());
    }

    pub(super) async fn signalled(&self) -> Signal {
        let mut signal = self.signal.subscribe();
        match signal.wait_for(|signal| *signal != Signal::Go).await {
            Ok(signal) => *signal,
            Err(_) => Signal::Shutdown,
        }
    }

    /// Ends the run.
    pub fn stop(&self) {
        self.signal.send_if_modified(|signal| {
            let first = *signal == Signal::Go;
            if first {
                *signal = Signal::Stop;
            }
            first
        });
    }

    /// How it ended, once it has.
    pub async fn ended(&self) -> Result<Box<Run>, Problem> {
        let mut bell = self.bell.subscribe();
        loop {
            bell.mark_unchanged();
            if let Some(ended) = lock(&self.log).ended.clone() {
                return ended;
            }
            if bell.changed().await.is_err() {
                return Err(Problem::internal("a run lost its task"));
            }
        }
    }

    /// The words so far.
    #[must_use]
    pub fn output(&self) -> String {
        lock(&self.log).output.clone()
    }

    /// How many events of the log a reader has who last saw this place; an unknown place is the start.
    fn seen(&self, last: Option<Place>) -> usize {
        let log = lock(&self.log);
        let found = last.and_then(|last| log.events.iter().position(|event| event.place == last));
        found.map_or(0, |index| index.saturating_add(1))
    }

    /// Every event after a place, as it comes; the stream ends with the run.
    pub fn events(self: Arc<Self>, last: Option<Place>) -> impl futures_util::Stream<Item = Event> + Send {
        let bell = self.bell.subscribe();
        let next = self.seen(last);
        futures_util::stream::unfold((self, bell, next), |(live, mut bell, next)| async move {
            loop {
                bell.mark_unchanged();
                let (event, over) = {
                    let log = lock(&live.log);
                    (log.events.get(next).cloned(), log.ended.is_some())
                };
                match event {
                    Some(event) => return Some((event, (live, bell, next.saturating_add(1)))),
                    None if over => return None,
                    None => bell.changed().await.ok()?,
                }
            }
        })
    }
}
