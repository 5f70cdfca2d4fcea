//! Pickaxes of an account.

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    documents::{self, List, versioned},
    extract::{Id, Listing, Query, expected_version},
    json::StrictJson,
    reply,
};
use crate::{
    app::AppState,
    auth::{Admin, Owner, Read},
    ids::{AccountId, PickaxeId},
    pickaxes::Pickaxe,
    problem::Problem,
    store::Document,
    wire::Time,
};

/// A pickaxe as its owner reads it.
#[derive(Serialize, ToSchema)]
pub(super) struct PickaxeView {
    id: String,
    #[serde(flatten)]
    pickaxe: Pickaxe,
    created_at: Time,
}

fn view(document: &Document<PickaxeId>) -> reply::Result<PickaxeView> {
    let pickaxe = Pickaxe::stored(&document.body)?;
    Ok(PickaxeView { id: document.id.to_string(), pickaxe, created_at: Time(document.created_at) })
}

async fn body_of(app: &AppState, account: AccountId, pickaxe: Pickaxe) -> reply::Result<String> {
    let tariff = app.store.account(account).await?.tariff;
    let checked = pickaxe.checked(&app.prices, tariff, app.store.now())?;
    serde_json::to_string(&checked).map_err(Problem::internal)
}

/// A pickaxe of this account; another's is not found.
pub(super) async fn own(app: &AppState, account: AccountId, id: PickaxeId) -> reply::Result<Document<PickaxeId>> {
    let document = app.store.pickaxe(id).await?;
    if document.account == account { Ok(document) } else { Err(Problem::NotFound("there is no such pickaxe")) }
}

fn answer(document: &Document<PickaxeId>, respond: fn(&PickaxeView) -> Response) -> reply::Result {
    Ok(versioned(respond(&view(document)?), document.version))
}

/// The account's pickaxes
#[utoipa::path(get, path = "/v1/pickaxes", tag = "Pickaxes", params(Listing), responses((status = 200, body = List<PickaxeView>)))]
pub(super) async fn list(
    State(app): State<AppState>,
    owner: Owner<Read>,
    Query(listing): Query<Listing>,
) -> reply::Result {
    let query = listing.checked()?;
    let cursor = query.cursor.clone();
    let page = documents::page(app.store.pickaxes(owner.account, query).await, cursor.as_ref())?;
    let data = page.data.iter().map(view).collect::<reply::Result<_>>()?;
    Ok(reply::ok(&List { data, next_cursor: page.next_cursor }))
}

/// A new pickaxe
#[utoipa::path(post, path = "/v1/pickaxes", tag = "Pickaxes", request_body = Pickaxe, responses((status = 201, body = PickaxeView)))]
pub(super) async fn create(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    body: StrictJson<Pickaxe>,
) -> reply::Result {
    let body = body_of(&app, owner.account, body.value).await?;
    let document = app.store.create_pickaxe(owner.account, PickaxeId::generate(), body).await?;
    answer(&document, reply::created)
}

/// A pickaxe
#[utoipa::path(get, path = "/v1/pickaxes/{pkx}", tag = "Pickaxes", responses((status = 200, body = PickaxeView)))]
pub(super) async fn show(State(app): State<AppState>, owner: Owner<Read>, Id(id): Id<PickaxeId>) -> reply::Result {
    answer(&own(&app, owner.account, id).await?, reply::ok)
}

/// Replace a pickaxe
#[utoipa::path(put, path = "/v1/pickaxes/{pkx}", tag = "Pickaxes", request_body = Pickaxe, responses((status = 200, body = PickaxeView)))]
pub(super) async fn replace(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    Id(id): Id<PickaxeId>,
    headers: HeaderMap,
    body: StrictJson<Pickaxe>,
) -> reply::Result {
    own(&app, owner.account, id).await?;
    let body = body_of(&app, owner.account, body.value).await?;
    let document = app.store.update_pickaxe(owner.account, id, expected_version(&headers)?, body).await?;
    answer(&document, reply::ok)
}

/// Delete a pickaxe and its embeds
#[utoipa::path(delete, path = "/v1/pickaxes/{pkx}", tag = "Pickaxes", responses((status = 204)))]
pub(super) async fn delete(State(app): State<AppState>, owner: Owner<Admin>, Id(id): Id<PickaxeId>) -> reply::Result {
    app.store.delete_pickaxe(owner.account, id).await?;
    Ok(reply::no_content())
}
