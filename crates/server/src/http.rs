//! The routes: one file a noun. Handlers extract, call one thing and answer; they write no SQL and know no failing status.

mod accounts;
mod cors;
mod debits;
mod documents;
mod embeds;
mod extract;
mod holds;
mod json;
mod keys;
mod meta;
mod openapi;
mod pickaxes;
mod plan;
pub(crate) mod reply;
mod runs;
mod sessions;
mod stream;
mod topups;
mod transactions;
mod visits;
mod watch;

use axum::{
    Router,
    http::{HeaderMap, header},
    middleware,
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::AppState, problem::Problem};

/// Every route with its description.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(accounts::create))
        .routes(routes!(accounts::show))
        .routes(routes!(accounts::returns))
        .routes(routes!(plan::set_plan))
        .routes(routes!(plan::set_packs))
        .routes(routes!(keys::create, keys::list))
        .routes(routes!(keys::delete))
        .routes(routes!(sessions::create))
        .routes(routes!(sessions::delete))
        .routes(routes!(pickaxes::create, pickaxes::list))
        .routes(routes!(pickaxes::show, pickaxes::replace, pickaxes::delete))
        .routes(routes!(embeds::create, embeds::list))
        .routes(routes!(embeds::show_settings, embeds::replace_settings, embeds::delete_settings))
        .routes(routes!(embeds::show))
        .routes(routes!(visits::create))
        .routes(routes!(runs::create))
        .routes(routes!(runs::show))
        .routes(routes!(runs::events))
        .routes(routes!(runs::stop))
        .routes(routes!(debits::create))
        .routes(routes!(debits::refund))
        .routes(routes!(holds::create))
        .routes(routes!(holds::settle))
        .routes(routes!(holds::void))
        .routes(routes!(topups::create))
        .routes(routes!(topups::show))
        .routes(routes!(transactions::list))
        .routes(routes!(transactions::csv))
        .routes(routes!(transactions::show))
        .routes(routes!(meta::price_book))
        .routes(routes!(meta::health))
        .routes(routes!(meta::metrics))
}

/// The whole application.
pub fn router(app: AppState) -> Router {
    let (router, document) = described().split_for_parts();
    let document = openapi::finish(document);
    router
        .route("/openapi.json", axum::routing::get(move || async move { reply::bytes("application/json", document) }))
        .fallback(crate::static_files::serve)
        .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
        .layer(middleware::from_fn_with_state(app.clone(), watch::limit))
        .layer(middleware::from_fn_with_state(app.clone(), cors::layer))
        .layer(CatchPanicLayer::custom(watch::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), watch::observe))
        .with_state(app)
}

/// The OpenAPI document as text.
#[must_use]
pub fn openapi_document() -> String {
    openapi::finish(described().split_for_parts().1)
}

/// Where browsers reach this server: what the operator says, else the Host header.
pub(crate) fn origin_of_server(app: &AppState, headers: &HeaderMap) -> String {
    if let Some(url) = app.settings.public_url.as_deref().filter(|url| !url.is_empty()) {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    let host = if host.bytes().all(plain) { host } else { "localhost" };
    format!("http://{host}")
}

pub(crate) use accounts::view as account_view;
pub(crate) use transactions::view as transaction_view;
