//! What goes wrong in the database, told apart by whom it concerns: one job, the whole batch, or the operator.

use std::{io, path::PathBuf};

use rusqlite::ffi::ErrorCode;

use crate::store::StoreError;

/// What ends a job early.
#[derive(Debug)]
pub(super) enum Fault {
    /// A rule of the core refused; the ledger adds what the caller needs to know.
    Rule(scrip::Error),
    /// The answer to this job alone.
    Answer(StoreError),
    /// The database.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Answer(error)
    }
}

impl From<scrip::Error> for Fault {
    fn from(error: scrip::Error) -> Self {
        Self::Rule(error)
    }
}

impl Fault {
    /// Stored data that contradicts itself.
    pub(super) fn damaged(what: &str) -> Self {
        Self::Answer(StoreError::Database(format!("the stored data is damaged: {what}; run `scrip verify`")))
    }

    /// Whether the transaction itself can no longer be trusted: no space, no disk, no lock, no memory.
    pub(super) fn breaks_batch(&self) -> bool {
        let Self::Sqlite(rusqlite::Error::SqliteFailure(error, _)) = self else { return false };
        !matches!(error.code, ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch)
    }

    /// What the caller is told.
    pub(super) fn into_answer(self) -> StoreError {
        match self {
            Self::Answer(answer) => answer,
            Self::Rule(scrip::Error::InvalidState(what)) => Self::damaged(what).into_answer(),
            Self::Rule(error) => StoreError::Refused { error, next_return: None },
            Self::Sqlite(rusqlite::Error::QueryReturnedNoRows) => StoreError::NotFound,
            Self::Sqlite(error) => StoreError::Database(explain(&error)),
        }
    }
}

/// What the operator should know, in one line.
fn explain(error: &rusqlite::Error) -> String {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "no space is left for the data folder: free some",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has locked the database: close it"
        }
        Some(ErrorCode::ReadOnly) => "the data folder is not writable: check its owner and mode",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "the database is damaged: restore a backup",
        Some(ErrorCode::SystemIoFailure) => "the disk does not answer as it should: check it and its file system",
        _ => return error.to_string(),
    };
    format!("{advice} ({error})")
}

/// Why a data folder cannot be opened, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server has it.
    #[error("another scrip server uses the data folder {0}: stop it first, or choose another folder with --data")]
    Locked(PathBuf),
    /// Its format is of the future.
    #[error(
        "the data folder has format {found}, this scrip knows up to {known}: install the newer version it was written by"
    )]
    Newer {
        /// Its format.
        found: i64,
        /// The latest format of this program.
        known: i64,
    },
    /// A file of that name is something else.
    #[error("{0} is not a Scrip database: move it away, or choose another folder with --data")]
    Foreign(PathBuf),
    /// A check failed.
    #[error("the database in {folder} is damaged ({what}): restore a backup of the folder")]
    Damaged {
        /// Where.
        folder: PathBuf,
        /// Which check, and what it said.
        what: String,
    },
    /// It cannot be written.
    #[error("the data folder {folder} cannot be used ({source}): check that it exists, its owner and its mode")]
    Folder {
        /// Where.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Anything else the database says.
    #[error("the database in {folder} cannot be opened: {what}")]
    Database {
        /// Where.
        folder: PathBuf,
        /// What it said.
        what: String,
    },
}

impl OpenError {
    /// Sorts what the database said at opening.
    pub(super) fn of(folder: &std::path::Path, error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign(folder.join(super::FILE)),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { folder: folder.to_owned(), what: error.to_string() },
            _ => Self::Database { folder: folder.to_owned(), what: explain(error) },
        }
    }
}
