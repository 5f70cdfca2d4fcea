//! Buying credits. The test provider's purchases succeed at once, so a top-up and its row in the ledger share their number.

use axum::extract::State;
use scrip::Credits;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    debits,
    extract::{Id, Key},
    json::StrictJson,
    reply,
};
use crate::{
    app::AppState,
    auth::{Admin, Owner, Read},
    config::Payments,
    ids::{TopUpId, TransactionId},
    problem::Problem,
    store::{Action, Movement, Tariff, Transaction, TransactionKind},
    wire::Amount,
};

/// How many credits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopUpBody {
    credits: Amount,
}

/// An amount of money.
#[derive(Serialize, ToSchema)]
pub(super) struct Money {
    currency: &'static str,
    /// With the currency's digits.
    #[schema(example = "20.00")]
    value: String,
}

/// How a purchase stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    Succeeded,
}

/// A purchase.
#[derive(Serialize, ToSchema)]
pub(super) struct TopUp {
    id: String,
    status: Status,
    credits: Amount,
    amount: Money,
    checkout_url: Option<String>,
}

/// A metered credit is a dollar, a prompt run's five cents; parts of a cent are rounded up.
fn price(tariff: Tariff, credits: Credits) -> Money {
    let cents_each: u128 = match tariff {
        Tariff::Metered => 100,
        Tariff::PromptRun => 5,
    };
    let one = u128::from(Credits::ONE.nanos());
    let cents = (u128::from(credits.nanos()) * cents_each).div_ceil(one);
    Money { currency: "usd", value: format!("{}.{:02}", cents / 100, cents % 100) }
}

fn view(row: &Transaction, tariff: Tariff) -> reply::Result<TopUp> {
    let id = TopUpId::from_slice(row.id.as_bytes()).map_err(Problem::internal)?;
    Ok(TopUp {
        id: id.to_string(),
        status: Status::Succeeded,
        credits: Amount(row.amount),
        amount: price(tariff, row.amount),
        checkout_url: None,
    })
}

/// Buy credits
#[utoipa::path(post, path = "/v1/topups", tag = "Payments", request_body = TopUpBody, responses((status = 201, body = TopUp)))]
pub(super) async fn create(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    key: Key,
    body: StrictJson<TopUpBody>,
) -> reply::Result {
    if app.settings.payments == Payments::Off {
        return Err(Problem::PaymentsDisabled);
    }
    let Amount(amount) = body.value.credits;
    if amount.is_zero() {
        return Err(Problem::invalid("/credits", "must be greater than 0"));
    }
    let action = Action::TopUp { kind: TransactionKind::TopUp, top_up: None, amount, note: None };
    let movement = Movement { account: owner.account, idempotency: Some(key.scoped(body.hash, None)), action };
    let answer = app.store.submit(movement).await.map_err(|error| match Problem::from(error) {
        Problem::Invalid(mut faults) => {
            faults.iter_mut().for_each(|fault| "/credits".clone_into(&mut fault.pointer));
            Problem::Invalid(faults)
        }
        other => other,
    })?;
    let row = debits::transaction(answer.outcome)?;
    let tariff = app.store.account(owner.account).await?.tariff;
    Ok(reply::replayed(reply::created(&view(&row, tariff)?), answer.replayed))
}

/// A purchase
#[utoipa::path(get, path = "/v1/topups/{top}", tag = "Payments", responses((status = 200, body = TopUp)))]
pub(super) async fn show(State(app): State<AppState>, owner: Owner<Read>, Id(id): Id<TopUpId>) -> reply::Result {
    let row = TransactionId::from_slice(id.as_bytes()).map_err(Problem::internal)?;
    let row = app.store.transaction(owner.account, row).await?;
    if row.kind != TransactionKind::TopUp {
        return Err(Problem::NotFound("there is no such top-up"));
    }
    let tariff = app.store.account(owner.account).await?.tariff;
    Ok(reply::ok(&view(&row, tariff)?))
}
