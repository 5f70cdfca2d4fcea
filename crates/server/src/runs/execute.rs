use std::{sync::Arc, time::Duration};

use scrip::Credits;
use tokio::time::Instant;

use super::{
    Event, Live,
    events::Opening,
    hub::Signal,
    outcome::{last_event, result_of},
};
use crate::{
    app::AppState,
    charges::Price,
    ids::{AccountId, RunId},
    metrics::Metrics,
    problem::Problem,
    provider::{Failure, Piece, Question, Usage},
    store::{Action, Movement, Outcome, Run, RunEnd, StoreError},
};

/// Words beyond this are not kept, so the run ends.
const MAX_OUTPUT_BYTES: usize = 1024 * 1024;
/// The longest run.
const MAX_DURATION: Duration = Duration::from_secs(15 * 60);
/// How often a settlement is tried again while the store is busy.
const MAX_ATTEMPTS: u32 = 60;

/// A run that was checked and can start.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub run: RunId,
    /// What the ledger is asked: a [`Action::StartRun`] of this id.
    pub start: Movement,
    /// What the provider is asked.
    pub question: Question,
    /// How it is paid.
    pub price: Price,
}

/// A run that the ledger knows.
#[derive(Debug)]
pub struct Begun {
    /// As stored.
    pub run: Run,
    /// The same key was here before.
    pub replayed: bool,
}

/// Holds the credits and starts the task that owns the run; from here on no lost connection matters.
///
/// # Errors
/// Every refusal of the ledger; the provider was not called.
pub async fn begin(app: AppState, job: Job) -> Result<Begun, Problem> {
    // A task of its own: a client that leaves while the hold is committed must not leave a run without an owner.
    let begun = tokio::spawn(start(app, job)).await;
    begun.map_err(Problem::internal)?
}

async fn start(app: AppState, job: Job) -> Result<Begun, Problem> {
    let started = Instant::now();
    let live = app.hub.open(job.run);
    let answer = app.store.submit(job.start.clone()).await;
    let (run, replayed) = match answer.map(|answer| (answer.outcome, answer.replayed)) {
        Ok((Outcome::Run(run), replayed)) => (run, replayed),
        Ok(_) => {
            app.hub.close(job.run);
            return Err(Problem::internal("the store answered something else than a run"));
        }
        Err(error) => {
            app.hub.close(job.run);
            return Err(error.into());
        }
    };
    if replayed {
        app.hub.close(job.run);
        return Ok(Begun { run, replayed });
    }
    live.push(Event::run(&Opening::new(run.id, run.held, run.cap)));
    tokio::spawn(own(app, live, job, run.clone(), started));
    Ok(Begun { run, replayed })
}

/// What came of asking the provider.
#[derive(Debug, Default)]
struct Collected {
    output: String,
    usage: Option<Usage>,
}

#[derive(Debug)]
enum End {
    Finished,
    Stopped,
    Shutdown,
    Failed(Failure),
}

/// Owns a run from the hold to its settlement.
async fn own(app: AppState, live: Arc<Live>, job: Job, run: Run, started: Instant) {
    // A panic in there ends that task only; the run is then void.
    let asked = tokio::spawn(ask(app.clone(), Arc::clone(&live), job.question.clone())).await;
    let (collected, end) = asked.unwrap_or_else(|_| (Collected::default(), End::Failed(Failure::Garbage)));
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let finish = conclude(&app, &job, &run, collected, &end, duration_ms);
    let ended = settle(&app, run.account, run.id, finish).await.map(Box::new);
    match &ended {
        Ok(run) => {
            let charged = run.charge.is_some();
            Metrics::count(if charged { &app.metrics.runs_done } else { &app.metrics.runs_void });
            tracing::info!(run = %run.id, charged, duration_ms, problem = run.problem, stopped = run.stopped, "run ended");
            live.end(last_event(result_of(run), run.charge.unwrap_or(Credits::ZERO)), ended.clone());
        }
        Err(problem) => live.end(super::outcome::error_event(problem, Credits::ZERO), ended.clone()),
    }
    app.hub.close(run.id);
}

async fn ask(app: AppState, live: Arc<Live>, question: Question) -> (Collected, End) {
    let mut collected = Collected::default();
    let end = tokio::select! {
        biased;
        signal = live.signalled() => if signal == Signal::Stop { End::Stopped } else { End::Shutdown },
        answer = tokio::time::timeout(MAX_DURATION, stream(&app, &live, &question, &mut collected)) => match answer {
            Ok(Ok(())) if collected.output.is_empty() => End::Failed(Failure::Empty),
            Ok(Ok(())) => End::Finished,
            Ok(Err(failure)) => End::Failed(failure),
            Err(_) => End::Failed(Failure::TooLong),
        },
    };
    (collected, end)
}

async fn stream(app: &AppState, live: &Live, question: &Question, collected: &mut Collected) -> Result<(), Failure> {
    let mut answer = app.provider.ask(question).await?;
    while let Some(piece) = answer.next().await? {
        match piece {
            Piece::Usage(usage) => collected.usage = Some(usage),
            Piece::Text(text) => {
                if collected.output.len().saturating_add(text.len()) > MAX_OUTPUT_BYTES {
                    return Err(Failure::TooLong);
                }
                collected.output.push_str(&text);
                live.say(&text);
            }
        }
    }
    Ok(())
}

/// What is charged, and what is kept.
fn conclude(app: &AppState, job: &Job, run: &Run, collected: Collected, end: &End, duration_ms: u64) -> RunEnd {
    let Collected { output, usage } = collected;
    let problem = match end {
        End::Finished | End::Stopped => None,
        End::Shutdown => Some("overloaded"),
        End::Failed(failure) => {
            tracing::warn!(run = %run.id, %failure, "the provider gave no whole answer");
            Some("provider_failed")
        }
    };
    let whole = matches!(end, End::Finished | End::Stopped);
    let cost = job.price.charge(&app.prices, &job.question.prompt, &output, usage, whole);
    let (charge, items) = cost.map_or((None, Vec::new()), |cost| (Some(cost.amount), cost.items));
    RunEnd {
        charge,
        items,
        usage: usage.map(|usage| (usage.input, usage.output)),
        duration_ms,
        output,
        stopped: matches!(end, End::Stopped),
        problem: problem.map(str::to_owned),
    }
}

/// Settles or voids; while the store is busy it is tried again, because the words have been given already.
async fn settle(app: &AppState, account: AccountId, run: RunId, end: RunEnd) -> Result<Run, Problem> {
    for attempt in 0..MAX_ATTEMPTS {
        let action = Action::FinishRun { run, end: end.clone() };
        match app.store.submit(Movement { account, idempotency: None, action }).await {
            Ok(answer) => match answer.outcome {
                Outcome::Run(run) => return Ok(run),
                _ => return Err(Problem::internal("the store answered something else than a run")),
            },
            Err(error @ (StoreError::Overloaded | StoreError::Database(_))) => {
                tracing::warn!(%run, %error, attempt, "a run could not be settled; it is tried again");
                tokio::time::sleep(Duration::from_millis(50 * u64::from(attempt.min(20)) + 50)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::internal("a run could not be settled"))
}
