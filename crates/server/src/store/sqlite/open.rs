//! Opening a data folder: lock it, open the database as the ledger needs it, bring it to this program's format.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};
use scrip::Timestamp;

use super::{error::OpenError, migrate};

/// The database.
pub(super) const FILE: &str = "scrip.db";
/// Locked by the server that uses the folder. The operating system frees it when the process ends, however it ends.
const LOCK: &str = "scrip.lock";

/// Takes the folder for this process, as long as the file is open.
///
/// # Errors
/// [`OpenError::Locked`] when another server has it.
pub fn lock(folder: &Path) -> Result<File, OpenError> {
    let unusable = |source| OpenError::Folder { folder: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(unusable)?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// The connection that writes.
pub(super) fn writer(folder: &Path) -> Result<Connection, OpenError> {
    let path = folder.join(FILE);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(&path, flags).map_err(|error| OpenError::of(folder, &error))?;
    configure(&conn, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000;")
        .map_err(|error| OpenError::of(folder, &error))?;
    migrate::migrate(&conn, folder)?;
    check(&conn, folder)?;
    Ok(conn)
}

/// A connection that only checkpoints.
pub(super) fn checkpointer(folder: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(folder.join(FILE), flags).map_err(|error| OpenError::of(folder, &error))?;
    configure(&conn, "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -200;")
        .map_err(|error| OpenError::of(folder, &error))?;
    Ok(conn)
}

/// A connection that only reads.
pub(super) fn reader(folder: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(folder.join(FILE), flags)?;
    configure(&conn, "PRAGMA query_only = ON; PRAGMA cache_size = -2000;")?;
    Ok(conn)
}

fn configure(conn: &Connection, more: &str) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(128);
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF;")?;
    conn.execute_batch(more)
}

/// Cheap checks of what the ledger rests on; `verify` checks the rest.
fn check(conn: &Connection, folder: &Path) -> Result<(), OpenError> {
    let mode: String =
        conn.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(|error| OpenError::of(folder, &error))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(OpenError::Database {
            folder: folder.to_owned(),
            what: "its file system has no write-ahead log; use a local disk".to_owned(),
        });
    }
    Ok(())
}

/// Ledger time and the number of the last commit.
pub(super) fn last(conn: &Connection, folder: &Path) -> Result<(Timestamp, i64), OpenError> {
    conn.query_row("SELECT time, sequence FROM ledger WHERE id = 1", [], |row| {
        Ok((row.get::<_, super::columns::Moment>(0)?.0, row.get(1)?))
    })
    .map_err(|error| OpenError::of(folder, &error))
}
