//! Pages of a listing: a cursor is the id of the last row that was given.

use super::{ListQuery, Page, StoreError};

/// Where a listing goes on. A cursor that is none finds nothing.
pub(super) fn cursor<Id: std::str::FromStr>(query: &ListQuery) -> Result<Option<Id>, StoreError> {
    query.cursor.as_deref().map(|cursor| cursor.parse().map_err(|_| StoreError::NotFound)).transpose()
}

/// How many rows to read: one more than asked for says whether there are more.
pub(super) fn fetch(query: &ListQuery) -> u32 {
    query.limit.clamp(1, 200).saturating_add(1)
}

/// Cuts the rows to the page.
pub(super) fn page<T>(mut rows: Vec<T>, query: &ListQuery, id: impl Fn(&T) -> String) -> Page<T> {
    let limit = usize::try_from(query.limit.clamp(1, 200)).unwrap_or(1);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = if more { rows.last().map(id) } else { None };
    Page { data: rows, next_cursor }
}
