//! What pickaxes and embeds have in common: versions and pages.

use axum::{http::header, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::reply;
use crate::{
    problem::Problem,
    store::{Page, StoreError},
};

/// One page of a listing, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct List<T> {
    /// The rows.
    pub(super) data: Vec<T>,
    /// Ask for the next page with this; `null`: there is none.
    pub(super) next_cursor: Option<String>,
}

/// A page of a listing; a cursor that the store cannot read is the client's.
pub(super) fn page<T>(found: Result<Page<T>, StoreError>, cursor: Option<&String>) -> reply::Result<Page<T>> {
    found.map_err(|error| match error {
        StoreError::NotFound if cursor.is_some() => Problem::invalid("cursor", "no page ended there"),
        other => other.into(),
    })
}

/// An answer with its version as `ETag`.
pub(super) fn versioned(response: Response, version: u64) -> Response {
    reply::with(response, header::ETAG, &reply::version_tag(version))
}
