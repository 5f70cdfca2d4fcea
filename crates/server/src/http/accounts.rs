//! Accounts: sign-up, balance, the schedule of returns.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{json::StrictJson, reply};
use crate::{
    app::AppState,
    auth::{Owner, Read},
    config::SignUp,
    operator::{self, NewOwner},
    problem::Problem,
    store::{AccountBalance, AccountProfile, Tariff},
    wire::{Amount, Return},
};

/// How runs are paid.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TariffName {
    /// One credit a run.
    #[default]
    PromptRun,
    /// What the price book says.
    Metered,
}

impl From<TariffName> for Tariff {
    fn from(name: TariffName) -> Self {
        match name {
            TariffName::PromptRun => Self::PromptRun,
            TariffName::Metered => Self::Metered,
        }
    }
}

impl From<Tariff> for TariffName {
    fn from(tariff: Tariff) -> Self {
        match tariff {
            Tariff::PromptRun => Self::PromptRun,
            Tariff::Metered => Self::Metered,
        }
    }
}

/// The credits of plan and packs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Allowance {
    capacity: Amount,
    spent: Amount,
    available: Amount,
    over_by: Amount,
}

/// An account's numbers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Balance {
    available: Amount,
    prepaid: Amount,
    held: Amount,
    allowance: Allowance,
    next_return: Option<Return>,
}

impl From<AccountBalance> for Balance {
    fn from(AccountBalance { balance, next_return }: AccountBalance) -> Self {
        let allowance = balance.allowance;
        Self {
            available: Amount(balance.available),
            prepaid: Amount(balance.prepaid),
            held: Amount(balance.held),
            allowance: Allowance {
                capacity: Amount(allowance.capacity),
                spent: Amount(allowance.spent),
                available: Amount(allowance.available),
                over_by: Amount(allowance.over_by),
            },
            next_return: next_return.map(Return::from),
        }
    }
}

/// When the owner is told.
#[derive(Serialize, ToSchema)]
pub(crate) struct Alerts {
    low_balance: Option<Amount>,
}

/// Buying credits by itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct AutoReload {
    below: Amount,
    credits: Amount,
    monthly_ceiling: Amount,
}

/// An account.
#[derive(Serialize, ToSchema)]
pub(crate) struct Account {
    id: String,
    email: String,
    tariff: TariffName,
    plan: String,
    packs: Vec<String>,
    byok: bool,
    balance: Balance,
    alerts: Alerts,
    auto_reload: Option<AutoReload>,
}

/// An account as its owner reads it.
pub(crate) fn view(profile: AccountProfile, balance: AccountBalance) -> Account {
    Account {
        id: profile.id.to_string(),
        email: profile.email,
        tariff: profile.tariff.into(),
        plan: profile.plan,
        packs: profile.packs,
        byok: false,
        balance: balance.into(),
        alerts: Alerts { low_balance: None },
        auto_reload: None,
    }
}

/// A sign-up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignUpBody {
    #[schema(format = Email)]
    email: String,
    /// For the console; a key needs none.
    #[schema(min_length = 8)]
    password: Option<String>,
    #[serde(default)]
    tariff: TariffName,
}

/// A new account with its first key. The secrets are shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct Created {
    account: Account,
    key_id: String,
    secret_key: String,
    signing_secret: String,
}

/// Sign up
#[utoipa::path(post, path = "/v1/accounts", tag = "Account", request_body = SignUpBody, responses((status = 201, body = Created)), security(()))]
pub(super) async fn create(State(app): State<AppState>, body: StrictJson<SignUpBody>) -> reply::Result {
    if app.settings.signup == SignUp::Closed {
        return Err(Problem::Forbidden("sign-up is closed on this server"));
    }
    let SignUpBody { email, password, tariff } = body.value;
    let new = NewOwner { email, password, tariff: tariff.into() };
    let made = operator::create_owner(&*app.store, &app.master_key, new).await?;
    let balance = app.store.balance(made.profile.id).await?;
    Ok(reply::created(&Created {
        account: view(made.profile, balance),
        key_id: made.key.id.to_string(),
        secret_key: made.key.secret_key,
        signing_secret: made.key.signing_secret,
    }))
}

/// The account and its balance
#[utoipa::path(get, path = "/v1/account", tag = "Account", responses((status = 200, body = Account)))]
pub(super) async fn show(State(app): State<AppState>, owner: Owner<Read>) -> reply::Result {
    let profile = app.store.account(owner.account).await?;
    let balance = app.store.balance(owner.account).await?;
    Ok(reply::ok(&view(profile, balance)))
}

/// What comes back, and when.
#[derive(Serialize, ToSchema)]
pub(super) struct Returns {
    returns: Vec<Return>,
}

/// The whole schedule of returns, in order
#[utoipa::path(get, path = "/v1/account/returns", tag = "Account", responses((status = 200, body = Returns)))]
pub(super) async fn returns(State(app): State<AppState>, owner: Owner<Read>) -> reply::Result {
    let returns = app.store.returns(owner.account).await?.into_iter().map(Return::from).collect();
    Ok(reply::ok(&Returns { returns }))
}
