//! Which row a request came to. It is written in the transaction of that row and read before anything else is done.

use rusqlite::{
    Connection, OptionalExtension, ToSql, params,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef},
};
use uuid::Uuid;

use super::{batch::Batch, error::Fault};
use crate::store::{Idempotency, StoreError, scope};

/// The row a request came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Target {
    /// Of `entries`.
    Entry(i64),
    /// Of `runs`.
    Run(i64),
    /// Of `holds`.
    Hold(i64),
}

/// A request's name as the table keeps it.
pub(super) struct Name {
    pub(super) key: Key,
    pub(super) scope: [u8; 16],
}

/// A client's key: half as long when it is a UUID.
pub(super) struct Key(String);

impl ToSql for Key {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match Uuid::try_parse(&self.0) {
            // Only the form that prints the same again: another spelling is another key.
            Ok(uuid) if uuid.hyphenated().to_string() == self.0 => {
                ToSqlOutput::Owned(Value::Blob(uuid.as_bytes().to_vec()))
            }
            _ => ToSqlOutput::Borrowed(ValueRef::Text(self.0.as_bytes())),
        })
    }
}

impl FromSql for Key {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Blob(bytes) => {
                Uuid::from_slice(bytes).map(|uuid| Self(uuid.hyphenated().to_string())).map_err(FromSqlError::other)
            }
            other => other.as_str().map(|text| Self(text.to_owned())),
        }
    }
}

impl Name {
    /// The name of a request.
    pub(super) fn of(request: &Idempotency) -> Self {
        Self { key: Key(request.key.clone()), scope: scope::of(request) }
    }
}

/// What the same request came to before.
pub(super) fn find(conn: &Connection, account: i64, request: &Idempotency) -> Result<Option<Target>, Fault> {
    let name = Name::of(request);
    let found = conn
        .prepare_cached("SELECT body, target, kind FROM idempotency WHERE key = ?1 AND account = ?2 AND scope = ?3")?
        .query_row(params![name.key, account, name.scope], |row| {
            Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })
        .optional()?;
    let Some((body, target, kind)) = found else { return Ok(None) };
    if body != scope::body(request) {
        return Err(StoreError::IdempotencyMismatch.into());
    }
    match kind {
        0 => Ok(Some(Target::Entry(target))),
        1 => Ok(Some(Target::Run(target))),
        2 => Ok(Some(Target::Hold(target))),
        _ => Err(Fault::damaged("an idempotency key names no row")),
    }
}

/// Remembers what a request came to.
pub(super) fn remember(batch: &Batch<'_>, account: i64, request: &Idempotency, target: Target) -> Result<(), Fault> {
    let name = Name::of(request);
    let (target, kind) = match target {
        Target::Entry(id) => (id, 0),
        Target::Run(id) => (id, 1),
        Target::Hold(id) => (id, 2),
    };
    batch
        .conn
        .prepare_cached(
            "INSERT INTO idempotency (key, account, scope, body, target, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![name.key, account, name.scope, scope::body(request), target, kind])?;
    Ok(())
}

/// Frees the key of a run that came to nothing.
pub(super) fn forget(batch: &Batch<'_>, account: i64, key: &Key, scope: &[u8]) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached("DELETE FROM idempotency WHERE key = ?1 AND account = ?2 AND scope = ?3")?
        .execute(params![key, account, scope])?;
    Ok(())
}
