//! The events of a run's stream. Their ids are places in the words, so that a stored run can go on where a live one broke off.

use axum::response::sse;
use scrip::{Credits, Decision};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ids::RunId,
    wire::{Amount, Time},
};

/// The id of the last event.
const END: &str = "end";

/// Where in a stream an event stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The words up to here, in bytes.
    At(usize),
    /// After everything.
    End,
}

impl Place {
    /// From a `Last-Event-ID`; an unknown one is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == END { Some(Self::End) } else { text.parse().ok().map(Self::At) }
    }
}

/// An event of a stream.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: &'static str,
    /// Its place.
    pub place: Place,
    /// JSON text.
    pub data: String,
}

impl Event {
    /// The first event.
    pub(crate) fn run(opening: &Opening) -> Self {
        Self { name: "run", place: Place::At(0), data: text(opening) }
    }

    /// Some words, ending at a place.
    pub(crate) fn delta(words: &str, ends_at: usize) -> Self {
        Self { name: "delta", place: Place::At(ends_at), data: text(&Delta { text: words }) }
    }

    /// A proper end.
    pub(crate) fn done(result: &RunResult) -> Self {
        Self { name: "done", place: Place::End, data: text(result) }
    }

    /// An end that is a problem.
    pub(crate) fn error(document: &serde_json::Value) -> Self {
        Self { name: "error", place: Place::End, data: document.to_string() }
    }

    /// As it goes over the wire.
    pub fn to_sse(&self) -> sse::Event {
        let id = match self.place {
            Place::At(bytes) => bytes.to_string(),
            Place::End => END.to_owned(),
        };
        sse::Event::default().event(self.name).id(id).data(&self.data)
    }
}

fn text(value: &impl Serialize) -> String {
    // These structs hold strings and numbers alone: writing them cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

#[derive(Serialize)]
struct Delta<'a> {
    text: &'a str,
}

/// What is held for a run.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Held {
    /// At most this much will be charged.
    pub amount: Amount,
}

/// The `run` event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Opening {
    /// The run.
    pub id: RunIdText,
    /// What is held.
    pub debit: Held,
    /// Runs this visitor has left.
    pub remaining: Option<u32>,
    /// When the next one comes back.
    pub resets_at: Option<Time>,
}

impl Opening {
    /// Of a run as stored.
    #[must_use]
    pub fn new(id: RunId, held: Credits, cap: Option<Decision>) -> Self {
        let (remaining, resets_at) = cap_members(cap);
        Self { id: RunIdText(id), debit: Held { amount: Amount(held) }, remaining, resets_at }
    }
}

/// Runs left and when the next one returns.
#[must_use]
pub fn cap_members(cap: Option<Decision>) -> (Option<u32>, Option<Time>) {
    // Without a limit nothing has to come back.
    let cap = cap.filter(|cap| cap.limit.is_some());
    (cap.and_then(|cap| cap.remaining), cap.and_then(|cap| cap.resets_at).map(Time))
}

/// Tokens of a run.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// Read.
    pub input_tokens: u64,
    /// Written.
    pub output_tokens: u64,
}

/// The `done` event; with `output` the whole answer of the JSON form.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RunResult {
    /// The run.
    pub id: RunIdText,
    /// All words (JSON form only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// What it cost.
    pub charge: Amount,
    /// What the provider counted.
    pub usage: Option<Tokens>,
    /// From press to end.
    pub duration_ms: u64,
    /// Runs this visitor has left.
    pub remaining: Option<u32>,
    /// When the next one comes back.
    pub resets_at: Option<Time>,
    /// A stop ended it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
    /// The words are no longer kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub output_expired: bool,
}

/// A run's id as text.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(value_type = String, example = "run_01h455vb4pex5vsknk084sn02q")]
pub struct RunIdText(pub RunId);
