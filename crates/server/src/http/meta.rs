//! The server itself: its prices, whether it is well, what it counted.

use axum::{
    extract::State,
    http::{HeaderMap, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{extract::matches_tag, reply};
use crate::{app::AppState, problem::Problem};

/// The price book the server charges by
#[utoipa::path(get, path = "/v1/price-book", tag = "For the embed", responses((status = 200, content_type = "application/json", body = Object), (status = 304)), security(()))]
pub(super) async fn price_book(State(app): State<AppState>, headers: HeaderMap) -> reply::Result {
    let response = if matches_tag(&headers, &app.prices.tag) {
        reply::not_modified()
    } else {
        reply::bytes("application/json", app.prices.json.clone())
    };
    let response = reply::with(response, header::ETAG, &app.prices.tag);
    Ok(reply::with(response, header::CACHE_CONTROL, "public, max-age=300"))
}

/// Well.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    status: &'static str,
    version: &'static str,
}

/// Whether the server and its store answer
#[utoipa::path(get, path = "/healthz", tag = "Server", responses((status = 200, body = Health)), security(()))]
pub(super) async fn health(State(app): State<AppState>) -> reply::Result {
    app.store.ping().await.map_err(|error| {
        tracing::error!(%error, "the store does not answer");
        Problem::Overloaded
    })?;
    Ok(reply::ok(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}

/// What was counted, for Prometheus
#[utoipa::path(get, path = "/metrics", tag = "Server", responses((status = 200, content_type = "text/plain", body = String)), security(()))]
pub(super) async fn metrics(State(app): State<AppState>) -> reply::Result {
    let text = app.metrics.text(app.hub.len(), app.store.stats());
    Ok(reply::bytes("text/plain; version=0.0.4; charset=utf-8", text))
}
