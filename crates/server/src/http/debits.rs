//! The debit endpoint, alone: for sites that run their own model.

use axum::extract::State;
use scrip::{Credits, PricingError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    extract::{Id, Key, recalled},
    json::{MaybeJson, StrictJson},
    reply,
    transactions::{self, Receipt},
};
use crate::{
    app::AppState,
    auth::{self, Debit, Owner, Spender},
    charges,
    ids::{EmbedId, TransactionId, Visitor},
    metrics::Metrics,
    prices::Cost,
    problem::Problem,
    store::{Action, CapRule, Movement, Outcome, StoreError, Tariff, Transaction, TransactionKind},
    wire::Amount,
};

const MAX_NOTE: usize = 500;
const MAX_CALLS: usize = 1000;

/// What kind of job was run.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum JobKind {
    /// Several models, one after the other.
    Pipeline,
    /// Every model over every row.
    Benchmark,
}

/// What is spent: an `amount`, a `usage` (metered), or nothing at all: one prompt run.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DebitBody {
    amount: Option<Amount>,
    /// Calls: `{"model", "input_tokens", "output_tokens", "characters", "seconds", …}`, counts as decimal strings.
    usage: Option<Vec<Map<String, Value>>>,
    kind: Option<JobKind>,
    /// The embed it belongs to.
    embed: Option<String>,
    /// The visitor whose limit counts; needs `embed`.
    visitor: Option<String>,
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Spend credits
#[utoipa::path(post, path = "/v1/debits", tag = "Debits", request_body = DebitBody, responses((status = 201, body = Receipt)))]
pub(super) async fn create(
    State(app): State<AppState>,
    spender: Spender<Debit>,
    key: Key,
    body: StrictJson<DebitBody>,
) -> reply::Result {
    let idempotency = key.scoped(body.hash, spender.visitor());
    let (account, by_owner) = (spender.account(), matches!(spender, Spender::Owner(_)));
    let (outcome, replayed) = match prepare(&app, &spender, body.value).await {
        Ok((action, message)) => {
            let movement = Movement { account, idempotency: Some(idempotency), action };
            let answer = app.store.submit(movement).await;
            let answer = answer.map_err(|error| Problem::from(error).with_limit_message(&message))?;
            (answer.outcome, answer.replayed)
        }
        Err(problem) => (recalled(&app, account, &idempotency, problem).await?, true),
    };
    Metrics::count(&app.metrics.debits);
    Ok(reply::replayed(reply::created(&Receipt::out(transaction(outcome)?, by_owner)), replayed))
}

/// The debit, and what a visitor reads when the limit is reached.
async fn prepare(app: &AppState, spender: &Spender<Debit>, body: DebitBody) -> reply::Result<(Action, String)> {
    let Place { embed, cap, budget, message } = place(app, spender, &body).await?;
    let kind = match body.kind {
        None => TransactionKind::Debit,
        Some(JobKind::Pipeline) => TransactionKind::Pipeline,
        Some(JobKind::Benchmark) => TransactionKind::Benchmark,
    };
    let Cost { amount, items } = cost(app, spender.account(), &body).await?;
    if body.note.as_ref().is_some_and(|note| note.chars().count() > MAX_NOTE) {
        return Err(Problem::invalid("/note", "at most 500 characters"));
    }
    Ok((Action::Debit { kind, amount, items, embed, cap, budget, note: body.note }, message))
}

/// The row of a movement.
pub(super) fn transaction(outcome: Outcome) -> reply::Result<Transaction> {
    match outcome {
        Outcome::Transaction(row) => Ok(row),
        _ => Err(Problem::internal("the store answered something else than a transaction")),
    }
}

/// Which embed a debit belongs to, and what limits it there.
#[derive(Default)]
struct Place {
    embed: Option<EmbedId>,
    cap: Option<CapRule>,
    budget: Option<Credits>,
    /// What a visitor reads at the limit.
    message: String,
}

/// Which embed it belongs to, and whose limit counts.
async fn place(app: &AppState, spender: &Spender<Debit>, body: &DebitBody) -> reply::Result<Place> {
    if let Spender::Visitor(at) = spender {
        let own = at.embed.settings.id.to_string();
        let other_embed = body.embed.as_ref().is_some_and(|embed| *embed != own);
        let other_visitor = body.visitor.as_ref().is_some_and(|visitor| visitor != at.visitor.as_str());
        if body.amount.is_some() || body.usage.is_some() || body.kind.is_some() || other_embed || other_visitor {
            return Err(Problem::Forbidden("a visitor's debit is one prompt run: it names nothing"));
        }
        return Ok(Place {
            embed: Some(at.embed.settings.id),
            cap: Some(at.rule()),
            budget: at.settings.budget(),
            message: at.settings.limit_message.clone(),
        });
    }
    let unknown = || Problem::invalid("/embed", "the account has no such embed");
    let Some(name) = &body.embed else {
        return match body.visitor {
            None => Ok(Place::default()),
            Some(_) => Err(Problem::invalid("/embed", "a visitor is counted by an embed: name it")),
        };
    };
    let id: EmbedId = name.parse().map_err(|_| unknown())?;
    let embed = match app.store.embed(id).await {
        Err(StoreError::NotFound) => return Err(unknown()),
        other => other?,
    };
    if embed.settings.account != spender.account() {
        return Err(unknown());
    }
    let (_, settings) = auth::load_embed(app, id).await?;
    let rule = |name: &String| -> reply::Result<CapRule> {
        let visitor: Visitor =
            name.parse().map_err(|_| Problem::invalid("/visitor", "1 to 128 visible ASCII characters"))?;
        Ok(settings.rule(id, visitor))
    };
    let cap = body.visitor.as_ref().map(rule).transpose()?;
    Ok(Place { embed: Some(id), cap, budget: settings.budget(), message: settings.limit_message })
}

async fn cost(app: &AppState, account: crate::ids::AccountId, body: &DebitBody) -> reply::Result<Cost> {
    let tariff = app.store.account(account).await?.tariff;
    if body.kind.is_some() && body.usage.is_none() {
        return Err(Problem::invalid("/kind", "only a usage has a kind"));
    }
    match (&body.amount, &body.usage, tariff) {
        (Some(_), Some(_), _) => Err(Problem::invalid("/usage", "either an amount or a usage")),
        (Some(Amount(Credits::ZERO)), None, _) => Err(Problem::invalid("/amount", "must be greater than 0")),
        (Some(Amount(amount)), None, _) => Ok(Cost { amount: *amount, items: vec![charges::plain(*amount)] }),
        (None, Some(_), Tariff::PromptRun) => {
            Err(Problem::invalid("/usage", "a prompt_run account is not priced by usage; send {} or an amount"))
        }
        (None, Some(calls), Tariff::Metered) => usage_cost(app, calls),
        (None, None, Tariff::Metered) => {
            Err(Problem::invalid("", "a metered account is charged by amount or usage: name one"))
        }
        (None, None, Tariff::PromptRun) => {
            let item = charges::one_run("prompt-run", "owner");
            Ok(Cost { amount: item.amount, items: vec![item] })
        }
    }
}

/// What named calls cost.
pub(super) fn usage_cost(app: &AppState, calls: &[Map<String, Value>]) -> reply::Result<Cost> {
    if calls.is_empty() || calls.len() > MAX_CALLS {
        return Err(Problem::invalid("/usage", "from 1 to 1000 calls"));
    }
    let calls =
        calls.iter().enumerate().map(|(place, call)| read_call(place, call)).collect::<reply::Result<Vec<_>>>()?;
    let cost = app.prices.cost(&calls, app.store.now());
    let cost = cost.map_err(|(place, error)| {
        let member = if error.code() == "unknown_model" { "/model" } else { error.path() };
        Problem::unpriced(format!("/usage/{place}{member}"), &error)
    })?;
    if cost.amount.is_zero() { Err(Problem::invalid("/usage", "this usage costs nothing")) } else { Ok(cost) }
}

fn read_call(place: usize, call: &Map<String, Value>) -> reply::Result<(String, scrip::Usage)> {
    let mut call = call.clone();
    let model = match call.remove("model") {
        Some(Value::String(model)) => model,
        _ => return Err(Problem::invalid(format!("/usage/{place}/model"), "expected a price-book id")),
    };
    let fault = |error: PricingError| Problem::unpriced(format!("/usage/{place}{}", error.path()), &error);
    let json = Value::Object(call).to_string();
    let value = scrip::wire::Value::parse(&json).map_err(fault)?;
    let usage = scrip::Usage::from_text_value(&value).map_err(fault)?;
    Ok((model, usage))
}

/// How much is given back; nothing: all that is left.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RefundBody {
    amount: Option<Amount>,
}

/// Give a debit back, wholly or in part
#[utoipa::path(post, path = "/v1/debits/{txn}/refunds", tag = "Debits", request_body = RefundBody, responses((status = 201, body = transactions::Receipt)))]
pub(super) async fn refund(
    State(app): State<AppState>,
    owner: Owner<Debit>,
    Id(id): Id<TransactionId>,
    key: Key,
    body: MaybeJson<RefundBody>,
) -> reply::Result {
    let amount = body.value.amount.map(|amount| amount.0);
    if amount.is_some_and(Credits::is_zero) {
        return Err(Problem::invalid("/amount", "must be greater than 0"));
    }
    let action = Action::Refund { transaction: id, amount };
    let movement = Movement { account: owner.account, idempotency: Some(key.scoped(body.hash, None)), action };
    let answer = app.store.submit(movement).await?;
    let row = transaction(answer.outcome)?;
    Ok(reply::replayed(reply::created(&Receipt::back(row)), answer.replayed))
}
