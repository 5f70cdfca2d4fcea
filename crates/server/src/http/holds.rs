//! Holds: credits reserved for a cost that is not known yet.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    debits,
    extract::{Id, Key},
    json::{MaybeJson, StrictJson},
    reply,
    transactions::Receipt,
};
use crate::{
    app::AppState,
    auth::{Debit, Owner},
    charges,
    ids::HoldId,
    metrics::Metrics,
    prices::Cost,
    problem::Problem,
    store::{Action, Movement, Outcome, Tariff},
    wire::{Amount, Time},
};

const LONGEST_SECONDS: u32 = 86_400;

const fn five_minutes() -> u32 {
    300
}

/// What is reserved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldBody {
    amount: Amount,
    /// Seconds.
    #[serde(default = "five_minutes")]
    #[schema(minimum = 1, maximum = 86400)]
    expires_in: u32,
}

/// A hold.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldView {
    id: String,
    amount: Amount,
    expires_at: Time,
}

fn view(outcome: Outcome) -> reply::Result<HoldView> {
    match outcome {
        Outcome::Hold(hold) => {
            Ok(HoldView { id: hold.id.to_string(), amount: Amount(hold.amount), expires_at: Time(hold.expires_at) })
        }
        _ => Err(Problem::internal("the store answered something else than a hold")),
    }
}

/// Reserve credits
#[utoipa::path(post, path = "/v1/holds", tag = "Debits", request_body = HoldBody, responses((status = 201, body = HoldView)))]
pub(super) async fn create(
    State(app): State<AppState>,
    owner: Owner<Debit>,
    key: Key,
    body: StrictJson<HoldBody>,
) -> reply::Result {
    let HoldBody { amount: Amount(amount), expires_in } = body.value;
    if amount.is_zero() {
        return Err(Problem::invalid("/amount", "must be greater than 0"));
    }
    if !(1..=LONGEST_SECONDS).contains(&expires_in) {
        return Err(Problem::invalid("/expires_in", "from 1 to 86400 seconds"));
    }
    let action = Action::Hold { amount, expires_in_seconds: expires_in };
    let movement = Movement { account: owner.account, idempotency: Some(key.scoped(body.hash, None)), action };
    let answer = app.store.submit(movement).await?;
    Ok(reply::replayed(reply::created(&view(answer.outcome)?), answer.replayed))
}

/// What is spent of the hold; nothing: all of it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SettleBody {
    amount: Option<Amount>,
    /// As in a debit (metered).
    usage: Option<Vec<Map<String, Value>>>,
}

/// Spend what was reserved
#[utoipa::path(post, path = "/v1/holds/{hld}/settle", tag = "Debits", request_body = SettleBody, responses((status = 201, body = Receipt)))]
pub(super) async fn settle(
    State(app): State<AppState>,
    owner: Owner<Debit>,
    Id(hold): Id<HoldId>,
    key: Key,
    body: MaybeJson<SettleBody>,
) -> reply::Result {
    let (amount, items) = match (body.value.amount, body.value.usage) {
        (Some(_), Some(_)) => return Err(Problem::invalid("/usage", "either an amount or a usage")),
        (Some(Amount(amount)), None) if amount.is_zero() => {
            return Err(Problem::invalid("/amount", "must be greater than 0; void the hold instead"));
        }
        (Some(Amount(amount)), None) => (Some(amount), vec![charges::plain(amount)]),
        (None, Some(calls)) => {
            if app.store.account(owner.account).await?.tariff == Tariff::PromptRun {
                return Err(Problem::invalid("/usage", "a prompt_run account is not priced by usage"));
            }
            let Cost { amount, items } = debits::usage_cost(&app, &calls)?;
            (Some(amount), items)
        }
        (None, None) => (None, Vec::new()),
    };
    let action = Action::SettleHold { hold, amount, items };
    let movement = Movement { account: owner.account, idempotency: Some(key.scoped(body.hash, None)), action };
    let answer = app.store.submit(movement).await?;
    Metrics::count(&app.metrics.debits);
    let row = debits::transaction(answer.outcome)?;
    Ok(reply::replayed(reply::created(&Receipt::out(row, true)), answer.replayed))
}

/// Nothing.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Free what was reserved
#[utoipa::path(post, path = "/v1/holds/{hld}/void", tag = "Debits", request_body = Nothing, responses((status = 200, body = HoldView)))]
pub(super) async fn void(
    State(app): State<AppState>,
    owner: Owner<Debit>,
    Id(hold): Id<HoldId>,
    key: Key,
    body: MaybeJson<Nothing>,
) -> reply::Result {
    let Nothing {} = body.value;
    let action = Action::VoidHold { hold };
    let movement = Movement { account: owner.account, idempotency: Some(key.scoped(body.hash, None)), action };
    let answer = app.store.submit(movement).await?;
    Ok(reply::replayed(reply::ok(&view(answer.outcome)?), answer.replayed))
}
