//! How values stand in columns.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use scrip::{Credits, Timestamp};

pub(super) use crate::store::kind::Kind;
use crate::{
    ids::{AccountId, EmbedId, HoldId, KeyId, PickaxeId, RunId, ServerId, TopUpId, TransactionId, Visitor},
    store::Tariff,
};

/// An amount in nano-credits.
#[derive(Clone, Copy)]
pub(super) struct Amount(pub(super) Credits);

impl ToSql for Amount {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        // At most 9 × 10¹⁸: below i64::MAX.
        Ok(i64::try_from(self.0.nanos()).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Amount {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let nanos = value.as_i64()?;
        let nanos = u64::try_from(nanos).map_err(|_| FromSqlError::OutOfRange(nanos))?;
        Credits::from_nanos(nanos).map(Self).map_err(FromSqlError::other)
    }
}

/// A moment in milliseconds.
#[derive(Clone, Copy)]
pub(super) struct Moment(pub(super) Timestamp);

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_millis().into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_millis(value.as_i64()?).map(Self).map_err(FromSqlError::other)
    }
}

macro_rules! id_columns {
    ($($id:ty),*) => {$(
        impl ToSql for $id {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.as_bytes())))
            }
        }

        impl FromSql for $id {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::from_slice(value.as_blob()?).map_err(FromSqlError::other)
            }
        }
    )*};
}

id_columns!(AccountId, EmbedId, HoldId, KeyId, PickaxeId, RunId, ServerId, TopUpId, TransactionId);

impl ToSql for Visitor {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for Visitor {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(FromSqlError::other)
    }
}

impl ToSql for Tariff {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::PromptRun => 0_i64,
            Self::Metered => 1,
        }
        .into())
    }
}

impl FromSql for Tariff {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_i64()? {
            0 => Ok(Self::PromptRun),
            1 => Ok(Self::Metered),
            other => Err(FromSqlError::OutOfRange(other)),
        }
    }
}

impl ToSql for Kind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.number().into())
    }
}

impl FromSql for Kind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        Self::from_number(number).ok_or(FromSqlError::OutOfRange(number))
    }
}
