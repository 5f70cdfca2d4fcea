//! Which pages of other sites may read an answer.
//!
//! A preflight names no embed, so it passes when any embed allows the origin. The request itself is checked by its handler;
//! what an embed refuses carries no CORS headers.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::reply;
use crate::{
    app::AppState,
    problem::{Problem, ProblemCode},
};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID",
);
const EXPOSED: HeaderValue = HeaderValue::from_static("Idempotency-Replayed, Retry-After, ETag");
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// Routes that any page may read.
fn is_open(path: &str) -> bool {
    path == "/v1/price-book" || !path.starts_with("/v1/")
}

pub(super) async fn layer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if !path.starts_with("/v1/") {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let asked = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let preflight = request.method() == Method::OPTIONS && asked;
    let allowed = match &origin {
        None => None,
        Some(_) if is_open(&path) => Some(ANY),
        Some(origin) => known(&app, origin).await.then(|| origin.clone()),
    };
    let mut response = match (preflight, &allowed) {
        (true, Some(_)) => reply::no_content(),
        (true, None) => Problem::OriginNotAllowed.into_response(),
        (false, _) => next.run(request).await,
    };
    let refused = response.extensions().get::<ProblemCode>().is_some_and(|code| code.0 == "origin_not_allowed");
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed.filter(|_| !refused) {
        permit(headers, origin, preflight);
    }
    response
}

fn permit(headers: &mut HeaderMap, origin: HeaderValue, preflight: bool) {
    let mut put = |name: HeaderName, value: HeaderValue| headers.insert(name, value);
    put(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if preflight {
        put(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        put(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        put(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    } else {
        put(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

async fn known(app: &AppState, origin: &HeaderValue) -> bool {
    match origin.to_str() {
        Ok(origin) => app.store.origin_is_known(origin).await.unwrap_or(false),
        Err(_) => false,
    }
}
