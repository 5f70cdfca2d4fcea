//! What goes wrong in the database, told apart by what helps: nothing, another attempt, or the operator.

use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// What ends a job early.
#[derive(Debug)]
pub(super) enum Fault {
    /// A rule of the core refused; the ledger adds what the caller needs to know.
    Rule(scrip::Error),
    /// The answer to this job alone.
    Answer(StoreError),
    /// The database refused a statement.
    Database(tokio_postgres::Error),
    /// The database could not be reached.
    Unreachable(String),
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

impl From<deadpool_postgres::PoolError> for Fault {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Closed => Self::Answer(closed()),
            deadpool_postgres::PoolError::Backend(error) => Self::Database(error),
            other => Self::Unreachable(other.to_string()),
        }
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

/// What a store says after its end.
pub(super) fn closed() -> StoreError {
    StoreError::Database("the store is closed".to_owned())
}

/// What another attempt may do about a fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Remedy {
    /// Nothing.
    None,
    /// The same again: two transactions stood in each other's way.
    Again,
    /// Another connection, after a while.
    Reconnect,
}

impl Fault {
    /// Stored data that contradicts itself.
    pub(super) fn damaged(what: &str) -> Self {
        Self::Answer(StoreError::Database(format!("the stored data is damaged: {what}; run `scrip verify`")))
    }

    /// Whether another attempt may help.
    pub(super) fn remedy(&self) -> Remedy {
        match self {
            Self::Unreachable(_) => Remedy::Reconnect,
            Self::Database(error) => match error.code() {
                // Sockets and protocol: there is no answer of the database.
                None if error.is_closed() || is_io(error) => Remedy::Reconnect,
                None => Remedy::None,
                Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => Remedy::Again,
                Some(code) if reconnects(code) => Remedy::Reconnect,
                Some(_) => Remedy::None,
            },
            Self::Rule(_) | Self::Answer(_) => Remedy::None,
        }
    }

    /// What the caller is told.
    pub(super) fn into_answer(self) -> StoreError {
        match self {
            fault if fault.remedy() != Remedy::None => {
                tracing::warn!(fault = fault.explain(), "the database does not answer");
                StoreError::Overloaded
            }
            Self::Answer(answer) => answer,
            Self::Rule(scrip::Error::InvalidState(what)) => Self::damaged(what).into_answer(),
            Self::Rule(error) => StoreError::Refused { error, next_return: None },
            fault => StoreError::Database(fault.explain()),
        }
    }

    /// What the operator should know, in one line.
    pub(super) fn explain(&self) -> String {
        match self {
            Self::Rule(error) => error.to_string(),
            Self::Answer(answer) => answer.to_string(),
            Self::Unreachable(what) => what.clone(),
            Self::Database(error) => explain(error),
        }
    }
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    use std::error::Error;
    // What could not be connected or was cut off; a wrong type of a column has another source.
    error.source().is_some_and(|source| source.is::<std::io::Error>()) || error.to_string().contains("timeout")
}

/// The server stops, starts, is full of connections, or has become a standby.
fn reconnects(code: &SqlState) -> bool {
    const CODES: [SqlState; 5] = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    code.code().starts_with("08") || CODES.contains(code)
}

/// The database's own words; the driver says only where it heard them.
pub(super) fn explain(error: &tokio_postgres::Error) -> String {
    let advice = match error.code() {
        Some(&SqlState::DISK_FULL) => "no space is left for the database: free some",
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            "the database's user may not do that: make it the owner of the schema"
        }
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            "the database refuses the user or the password of --database"
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => "the database named in --database does not exist: create it",
        _ => "the database failed",
    };
    let mut text = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    if error.as_db_error().is_none()
        && let Some(source) = std::error::Error::source(error)
    {
        text = format!("{text}: {source}");
    }
    format!("{advice} ({text})")
}

/// Why a database cannot be opened, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is none.
    #[error("--database is no address such as postgres://user:password@host/database: {0}")]
    Address(String),
    /// It does not answer, or not as it should.
    #[error("the database cannot be opened: {0}")]
    Database(String),
    /// Its format is of the future.
    #[error(
        "the database has format {found}, this scrip knows up to {known}: install the newer version it was written by"
    )]
    Newer {
        /// Its format.
        found: i64,
        /// The latest format of this program.
        known: i64,
    },
    /// Somebody else's tables are there.
    #[error("the database's schema has other tables and none of Scrip's: give Scrip a database or a schema of its own")]
    Foreign,
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        Self::Database(fault.explain())
    }
}

impl From<tokio_postgres::Error> for OpenError {
    fn from(error: tokio_postgres::Error) -> Self {
        Fault::from(error).into()
    }
}
