//! Runs: press, read, read on, stop.

use axum::{extract::State, http::HeaderMap, response::IntoResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    extract::{Id, Key, recalled},
    json::StrictJson,
    reply, stream,
};
use crate::{
    app::AppState,
    auth::{Debit, Read, Scope, Spender},
    charges::Price,
    ids::{PickaxeId, RunId},
    pickaxes::Pickaxe,
    problem::Problem,
    provider::Question,
    runs::{
        self, Begun, Job,
        events::{Place, RunIdText, RunResult, Tokens, cap_members},
    },
    store::{Action, Idempotency, Movement, Outcome, Run, RunState},
    wire::{Amount, Time},
};

/// A press of the button.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunBody {
    /// What was filled in, by field.
    #[serde(default)]
    fields: Map<String, Value>,
    /// Which pickaxe, when an owner presses; a visitor's token says it.
    #[serde(default)]
    pickaxe: Option<String>,
}

/// Run a pickaxe
///
/// A stream of server-sent events `run`, `delta`…, `done` or `error`; with `Accept: application/json` one document.
#[utoipa::path(post, path = "/v1/runs", tag = "For the embed", request_body = RunBody, responses((status = 200, content((String = "text/event-stream"), (RunResult = "application/json")))))]
pub(super) async fn create(
    State(app): State<AppState>,
    spender: Spender<Debit>,
    key: Key,
    headers: HeaderMap,
    body: StrictJson<RunBody>,
) -> reply::Result {
    let idempotency = key.scoped(body.hash, spender.visitor());
    let begun = match prepare(&app, &spender, idempotency.clone(), body.value).await {
        Ok(job) => runs::begin(app.clone(), job).await.map_err(|problem| spender.explain(problem))?,
        Err(problem) => match recalled(&app, spender.account(), &idempotency, problem).await? {
            Outcome::Run(run) => Begun { run, replayed: true },
            _ => return Err(Problem::internal("a run's key names no run")),
        },
    };
    let answer = if stream::wants_json(&headers) {
        if begun.replayed && app.hub.get(begun.run.id).is_some() {
            return Err(Problem::RequestInProgress);
        }
        stream::document(&app, begun.run.id).await
    } else {
        stream::events(&app, begun.run.id, None).await
    };
    // A run that was charged and broke off is a stored answer too.
    Ok(reply::replayed(answer.unwrap_or_else(IntoResponse::into_response), begun.replayed))
}

/// Checks everything that can be checked before credits are held.
async fn prepare(
    app: &AppState,
    spender: &Spender<Debit>,
    idempotency: Idempotency,
    body: RunBody,
) -> reply::Result<Job> {
    let id = which(spender, body.pickaxe)?;
    let document = app.store.pickaxe(id).await?;
    let pickaxe = Pickaxe::stored(&document.body)?;
    let account = spender.account();
    if document.account != account && !pickaxe.listed {
        return Err(Problem::NotFound("there is no such pickaxe"));
    }
    let prompt = pickaxe.fill(&body.fields)?;
    let profile = app.store.account(account).await?;
    let price =
        Price::new(&app.prices, profile.tariff, &pickaxe.model, &prompt, pickaxe.max_output_tokens, app.store.now())?;
    let run = RunId::generate();
    let (embed, cap, budget) = match spender {
        Spender::Owner(_) => (None, None, None),
        Spender::Visitor(at) => (Some(at.embed.settings.id), Some(at.rule()), at.settings.budget()),
    };
    let action = Action::StartRun {
        run,
        pickaxe: id,
        embed,
        cap,
        budget,
        hold: price.bound(),
        server: app.server,
        model: pickaxe.model.clone(),
    };
    Ok(Job {
        run,
        start: Movement { account, idempotency: Some(idempotency), action },
        question: Question {
            model: app.settings.provider_model(&pickaxe.model).to_owned(),
            prompt,
            max_output_tokens: pickaxe.max_output_tokens,
        },
        price,
    })
}

fn which(spender: &Spender<Debit>, named: Option<String>) -> reply::Result<PickaxeId> {
    match (spender, named) {
        (Spender::Visitor(at), None) => Ok(at.embed.pickaxe),
        (Spender::Visitor(_), Some(_)) => Err(Problem::Forbidden("a visitor runs the embed's own pickaxe")),
        (Spender::Owner(_), None) => Err(Problem::invalid("/pickaxe", "say which pickaxe to run")),
        (Spender::Owner(_), Some(text)) => text.parse().map_err(|_| Problem::NotFound("there is no such pickaxe")),
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateName {
    Running,
    Done,
    Void,
}

/// A run so far.
#[derive(Serialize, ToSchema)]
pub(super) struct RunView {
    id: RunIdText,
    state: StateName,
    output: Option<String>,
    charge: Option<Amount>,
    usage: Option<Tokens>,
    duration_ms: Option<u64>,
    model: String,
    stopped: bool,
    problem: Option<String>,
    remaining: Option<u32>,
    resets_at: Option<Time>,
    created_at: Time,
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        let (remaining, resets_at) = cap_members(run.cap);
        Self {
            id: RunIdText(run.id),
            state: match run.state {
                RunState::Running => StateName::Running,
                RunState::Done => StateName::Done,
                RunState::Void => StateName::Void,
            },
            output: run.output,
            charge: run.charge.map(Amount),
            usage: run.usage.map(|(input_tokens, output_tokens)| Tokens { input_tokens, output_tokens }),
            duration_ms: run.duration_ms,
            model: run.model,
            stopped: run.stopped,
            problem: run.problem,
            remaining,
            resets_at,
            created_at: Time(run.created_at),
        }
    }
}

/// A run of whoever asks: the visitor who pressed it, or the account that pays.
async fn own<S: Scope>(app: &AppState, spender: &Spender<S>, id: RunId) -> reply::Result<Run> {
    let run = app.store.run(id).await?;
    let own = match spender {
        Spender::Owner(owner) => run.account == owner.account,
        Spender::Visitor(at) => run.embed == Some(at.embed.settings.id) && run.visitor.as_ref() == Some(&at.visitor),
    };
    if own { Ok(run) } else { Err(Problem::NotFound("there is no such run")) }
}

/// A run's state and its words so far
#[utoipa::path(get, path = "/v1/runs/{run}", tag = "For the embed", responses((status = 200, body = RunView)))]
pub(super) async fn show(State(app): State<AppState>, spender: Spender<Read>, Id(id): Id<RunId>) -> reply::Result {
    let mut run = own(&app, &spender, id).await?;
    if run.state == RunState::Running {
        run.output = app.hub.get(id).map(|live| live.output());
    }
    Ok(reply::ok(&RunView::from(run)))
}

/// The rest of a run's stream, after `Last-Event-ID`
#[utoipa::path(get, path = "/v1/runs/{run}/events", tag = "For the embed", params(("Last-Event-ID" = Option<String>, Header)), responses((status = 200, content_type = "text/event-stream", body = String)))]
pub(super) async fn events(
    State(app): State<AppState>,
    spender: Spender<Read>,
    Id(id): Id<RunId>,
    headers: HeaderMap,
) -> reply::Result {
    own(&app, &spender, id).await?;
    let last = headers.get("last-event-id").and_then(|value| Place::parse(value.to_str().ok()?));
    stream::events(&app, id, last).await
}

/// What a stopped run cost.
#[derive(Serialize, ToSchema)]
pub(super) struct Stopped {
    id: RunIdText,
    charge: Amount,
}

/// Stop a run; charged if words came
#[utoipa::path(post, path = "/v1/runs/{run}/stop", tag = "For the embed", responses((status = 200, body = Stopped)))]
pub(super) async fn stop(State(app): State<AppState>, spender: Spender<Debit>, Id(id): Id<RunId>) -> reply::Result {
    own(&app, &spender, id).await?;
    if let Some(live) = app.hub.get(id) {
        live.stop();
    }
    let run = stream::ended(&app, id).await?;
    Ok(reply::ok(&Stopped { id: RunIdText(id), charge: Amount(stream::charge(&run)) }))
}
