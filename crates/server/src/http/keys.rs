//! Keys of an account.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{documents::List, extract::Id, json::StrictJson, reply};
use crate::{
    app::AppState,
    auth::{Admin, Owner, SESSION_SCOPE},
    ids::KeyId,
    operator,
    problem::Problem,
    store::Key,
    wire::Time,
};

/// What a key may do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ScopeName {
    /// Everything.
    Admin,
    /// Debits, holds, refunds.
    Debit,
    /// Reading.
    Read,
}

impl ScopeName {
    const fn text(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Debit => "debit",
            Self::Read => "read",
        }
    }
}

/// A key without its secrets.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyView {
    id: String,
    name: String,
    scopes: Vec<String>,
    created_at: Time,
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        Self { id: key.id.to_string(), name: key.name, scopes: key.scopes, created_at: Time(key.created_at) }
    }
}

/// A new key. The secrets are shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct NewKeyView {
    id: String,
    name: String,
    secret_key: String,
    signing_secret: String,
    scopes: Vec<String>,
    created_at: Time,
}

/// What a new key is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyBody {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(min_items = 1)]
    scopes: Vec<ScopeName>,
}

/// The account's keys
#[utoipa::path(get, path = "/v1/keys", tag = "Keys", responses((status = 200, body = List<KeyView>)))]
pub(super) async fn list(State(app): State<AppState>, owner: Owner<Admin>) -> reply::Result {
    let keys = app.store.keys(owner.account).await?;
    let listed = keys.into_iter().filter(|key| !key.scopes.iter().any(|scope| scope == SESSION_SCOPE));
    let mut data: Vec<Key> = listed.collect();
    data.sort_by_key(|key| std::cmp::Reverse(key.id));
    Ok(reply::ok(&List { data: data.into_iter().map(KeyView::from).collect(), next_cursor: None }))
}

/// A new key
#[utoipa::path(post, path = "/v1/keys", tag = "Keys", request_body = KeyBody, responses((status = 201, body = NewKeyView)))]
pub(super) async fn create(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    body: StrictJson<KeyBody>,
) -> reply::Result {
    let KeyBody { name, scopes } = body.value;
    if !(1..=100).contains(&name.trim().chars().count()) {
        return Err(Problem::invalid("/name", "from 1 to 100 characters"));
    }
    let mut names: Vec<String> = Vec::new();
    for scope in scopes {
        if !names.iter().any(|name| name == scope.text()) {
            names.push(scope.text().to_owned());
        }
    }
    if names.is_empty() {
        return Err(Problem::invalid("/scopes", "at least one of admin, debit, read"));
    }
    let key = operator::mint_key(&*app.store, &app.master_key, owner.account, &name, names)?;
    app.store.create_key(key.stored.clone()).await?;
    Ok(reply::created(&NewKeyView {
        id: key.id.to_string(),
        name,
        secret_key: key.secret_key,
        signing_secret: key.signing_secret,
        scopes: key.stored.key.scopes,
        created_at: Time(key.stored.key.created_at),
    }))
}

/// Revoke a key
#[utoipa::path(delete, path = "/v1/keys/{key}", tag = "Keys", responses((status = 204)))]
pub(super) async fn delete(State(app): State<AppState>, owner: Owner<Admin>, Id(key): Id<KeyId>) -> reply::Result {
    app.store.delete_key(owner.account, key).await?;
    Ok(reply::no_content())
}
