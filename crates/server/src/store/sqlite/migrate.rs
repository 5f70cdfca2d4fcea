//! The format of the database: numbered steps, each applied once, in a transaction of its own.

use std::path::Path;

use rusqlite::Connection;

use super::error::OpenError;

/// Every step there is, in order. A step that has been released is never changed again.
const STEPS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_ledger.sql"),
    include_str!("../../../migrations/sqlite/0002_budgets.sql"),
];

/// "SCRP": tells our databases from other people's.
const APPLICATION_ID: i64 = 0x5343_5250;

/// Brings the database to the format of this program.
pub(super) fn migrate(conn: &Connection, folder: &Path) -> Result<(), OpenError> {
    let database = |error: rusqlite::Error| OpenError::of(folder, &error);
    let found = pragma(conn, "user_version").map_err(database)?;
    check_owner(conn, folder, found)?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for (version, step) in (1_i64..).zip(STEPS).skip_while(|(version, _)| *version <= found) {
        let text = format!(
            "BEGIN IMMEDIATE;\n{step}\nPRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {version};\nCOMMIT;"
        );
        conn.execute_batch(&text).map_err(|error| {
            drop(conn.execute_batch("ROLLBACK"));
            database(error)
        })?;
        tracing::info!(version, "the database was brought to a new format");
    }
    Ok(())
}

fn check_owner(conn: &Connection, folder: &Path, version: i64) -> Result<(), OpenError> {
    let database = |error: rusqlite::Error| OpenError::of(folder, &error);
    let owner = pragma(conn, "application_id").map_err(database)?;
    let tables =
        conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)).map_err(database)?;
    let fresh = owner == 0 && version == 0 && tables == 0;
    if fresh || owner == APPLICATION_ID { Ok(()) } else { Err(OpenError::Foreign(folder.join(super::FILE))) }
}

fn pragma(conn: &Connection, name: &str) -> rusqlite::Result<i64> {
    conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
}
