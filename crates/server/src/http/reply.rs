//! Answers that succeed.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// What a handler answers.
pub(crate) type Result<T = Response> = std::result::Result<T, crate::problem::Problem>;

/// A header that clients see when they asked the same before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let mut response = (status, bytes).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => crate::problem::Problem::internal(error).into_response(),
    }
}

/// 200.
pub(crate) fn ok(body: &impl Serialize) -> Response {
    json(StatusCode::OK, body)
}

/// 201.
pub(crate) fn created(body: &impl Serialize) -> Response {
    json(StatusCode::CREATED, body)
}

/// 204.
pub(crate) fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// 304 with the same validators.
pub(crate) fn not_modified() -> Response {
    StatusCode::NOT_MODIFIED.into_response()
}

/// Marks an answer that an earlier request with the same key got already.
pub(crate) fn replayed(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// Sets a header whose value is plain ASCII by construction.
pub(crate) fn with(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The version of a document as an entity tag.
pub(crate) fn version_tag(version: u64) -> String {
    format!("\"v{version}\"")
}

/// Bytes with a type.
pub(crate) fn bytes(content_type: &str, body: impl Into<Body>) -> Response {
    with(Response::new(body.into()), header::CONTENT_TYPE, content_type)
}
