//! Around every request: an id, a line in the log, counters, the rate limit.

use std::{any::Any, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::Instant;
use tracing::Instrument;

use crate::{app::AppState, metrics::Metrics, problem::Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request, logs its answer, counts it. Paths are logged as patterns: no secret and no prompt gets there.
pub(super) async fn observe(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map_or("(file)", |path| path.as_str()).to_owned();
    let span = tracing::info_span!("request", id = %id, %method, path);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    app.metrics.answered(status);
    span.in_scope(|| tracing::debug!(status, ms = started.elapsed().as_millis(), "answered"));
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}

/// Counts requests that carry no secret key against their address.
pub(super) async fn limit(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let owner = matches!(crate::auth::bearer(request.headers()), Ok(Some(token)) if token.starts_with("sk_"));
    if !owner && request.uri().path().starts_with("/v1/") {
        let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        if let Some(Err(problem)) = address.map(|address| app.rate_limit.check(address)) {
            Metrics::count(&app.metrics.rate_limited);
            return problem.into_response();
        }
    }
    next.run(request).await
}

/// A panic fails one request only.
#[allow(clippy::needless_pass_by_value, reason = "the layer hands it over")]
pub(super) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    Problem::internal(format_args!("panic: {}", text.unwrap_or("?"))).into_response()
}
