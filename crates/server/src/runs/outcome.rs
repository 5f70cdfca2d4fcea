use scrip::Credits;

use super::events::{Event, Opening, Place, RunIdText, RunResult, Tokens, cap_members};
use crate::{
    problem::Problem,
    store::{Run, RunState},
    wire::Amount,
};

/// How a stored run ended, for its client.
#[derive(Clone, Debug)]
pub enum Ended {
    /// With an answer, or stopped.
    Well(Box<RunResult>),
    /// With a problem.
    Badly(Problem),
}

/// What a run came to. Its words are in the result (or the problem) while they are kept.
#[must_use]
pub fn result_of(run: &Run) -> Ended {
    let charge = run.charge.unwrap_or(Credits::ZERO);
    if run.problem.is_some() || (run.state == RunState::Void && !run.stopped) {
        return Ended::Badly(problem_of(run, charge));
    }
    let (remaining, resets_at) = cap_members(run.cap);
    // A run that was charged had words; when there are none they are no longer kept.
    let expired = run.state == RunState::Done && run.output.is_none();
    Ended::Well(Box::new(RunResult {
        id: RunIdText(run.id),
        output: (!expired).then(|| run.output.clone().unwrap_or_default()),
        charge: Amount(charge),
        usage: run.usage.map(|(input_tokens, output_tokens)| Tokens { input_tokens, output_tokens }),
        duration_ms: run.duration_ms.unwrap_or(0),
        remaining,
        resets_at,
        stopped: run.stopped,
        output_expired: expired,
    }))
}

fn problem_of(run: &Run, charge: Credits) -> Problem {
    if run.problem.as_deref() == Some("overloaded") {
        return Problem::Overloaded;
    }
    let detail = match run.problem {
        Some(_) if charge.is_zero() => "the model's provider failed; nothing was charged",
        Some(_) => "the model's provider broke the answer off; what it used was charged",
        None => "the server stopped while the run was under way; nothing was charged",
    };
    let output = Some(run.output.clone().unwrap_or_default());
    Problem::ProviderFailed { detail: detail.to_owned(), output, charge }
}

/// The document of an `error` event: a problem and what was charged.
pub(super) fn error_event(problem: &Problem, charge: Credits) -> Event {
    let mut document = problem.document();
    if let Some(members) = document.as_object_mut() {
        members.remove("output");
        members.insert("charge".to_owned(), serde_json::json!(Amount(charge)));
    }
    Event::error(&document)
}

/// The last event of a run that has ended.
pub(super) fn last_event(ended: Ended, charge: Credits) -> Event {
    match ended {
        Ended::Well(result) => Event::done(&RunResult { output: None, ..*result }),
        Ended::Badly(problem) => error_event(&problem, charge),
    }
}

/// The events of a run that has ended, told again after a place; an unknown place is the start.
#[must_use]
pub fn told_again(run: &Run, last: Option<Place>) -> Vec<Event> {
    if last == Some(Place::End) {
        return Vec::new();
    }
    let words = run.output.as_deref().unwrap_or_default();
    let rest = match last {
        Some(Place::At(seen)) => words.get(seen..),
        _ => None,
    };
    let mut events = Vec::with_capacity(3);
    if rest.is_none() {
        events.push(Event::run(&Opening::new(run.id, run.held, run.cap)));
    }
    let rest = rest.unwrap_or(words);
    if !rest.is_empty() {
        events.push(Event::delta(rest, words.len()));
    }
    events.push(last_event(result_of(run), run.charge.unwrap_or(Credits::ZERO)));
    events
}
