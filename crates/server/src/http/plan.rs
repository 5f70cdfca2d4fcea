//! Plan and packs, with the test provider: the change comes at once.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{accounts, json::StrictJson, reply};
use crate::{
    app::AppState,
    auth::{Admin, Owner},
    config::Payments,
    ids::AccountId,
    plans,
    problem::Problem,
    store::{Action, Movement, Tariff},
};

/// Another plan.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanBody {
    /// `free` or `gold`.
    plan: String,
}

/// Other packs: all that are wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PacksBody {
    /// `100`, `250`, each at most once.
    packs: Vec<String>,
}

/// Change the plan
#[utoipa::path(put, path = "/v1/account/plan", tag = "Account", request_body = PlanBody, responses((status = 200, body = accounts::Account)))]
pub(super) async fn set_plan(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    body: StrictJson<PlanBody>,
) -> reply::Result {
    change(&app, owner.account, "/plan", |_, packs| (body.value.plan, packs)).await
}

/// Change the packs
#[utoipa::path(put, path = "/v1/account/packs", tag = "Account", request_body = PacksBody, responses((status = 200, body = accounts::Account)))]
pub(super) async fn set_packs(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    body: StrictJson<PacksBody>,
) -> reply::Result {
    change(&app, owner.account, "/packs", |plan, _| (plan, body.value.packs)).await
}

async fn change(
    app: &AppState,
    account: AccountId,
    pointer: &str,
    to: impl FnOnce(String, Vec<String>) -> (String, Vec<String>),
) -> reply::Result {
    let profile = app.store.account(account).await?;
    if profile.tariff == Tariff::Metered {
        return Err(Problem::invalid(pointer, "a metered account lives on prepaid credits alone"));
    }
    let (plan, packs) = to(profile.plan, profile.packs);
    let capacity = plans::capacity(&plan, &packs)?;
    if app.settings.payments == Payments::Off {
        return Err(Problem::PaymentsDisabled);
    }
    let action = Action::SetPlan { plan, packs, capacity };
    app.store.submit(Movement { account, idempotency: None, action }).await?;
    let (profile, balance) = (app.store.account(account).await?, app.store.balance(account).await?);
    Ok(reply::ok(&accounts::view(profile, balance)))
}
