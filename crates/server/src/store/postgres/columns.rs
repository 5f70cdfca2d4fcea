//! How values stand in columns.

use std::error::Error;

use scrip::{Credits, Snapshot, Timestamp};
use tokio_postgres::{
    Row,
    types::{FromSql, IsNull, ToSql, Type, accepts, private::BytesMut, to_sql_checked},
};

use crate::{
    ids::{AccountId, EmbedId, HoldId, KeyId, PickaxeId, RunId, ServerId, TopUpId, TransactionId, Visitor},
    store::{Tariff, kind::Kind},
};

type Failure = Box<dyn Error + Sync + Send>;

/// An amount in nano-credits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amount(pub(super) Credits);

/// A moment in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub(super) Timestamp);

/// Sixteen bytes that are no id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half(pub(super) [u8; 16]);

impl Amount {
    fn number(self) -> i64 {
        // At most 9 × 10¹⁸: below i64::MAX.
        i64::try_from(self.0.nanos()).unwrap_or(i64::MAX)
    }

    fn from_number(nanos: i64) -> Result<Self, Failure> {
        Ok(Self(Credits::from_nanos(u64::try_from(nanos)?)?))
    }
}

impl Moment {
    fn number(self) -> i64 {
        self.0.as_millis()
    }

    fn from_number(millis: i64) -> Result<Self, Failure> {
        Ok(Self(Timestamp::from_millis(millis)?))
    }
}

fn tariff_number(tariff: Tariff) -> i64 {
    match tariff {
        Tariff::PromptRun => 0,
        Tariff::Metered => 1,
    }
}

fn tariff(number: i64) -> Result<Tariff, Failure> {
    match number {
        0 => Ok(Tariff::PromptRun),
        1 => Ok(Tariff::Metered),
        other => Err(format!("{other} is no tariff").into()),
    }
}

fn kind(number: i64) -> Result<Kind, Failure> {
    Kind::from_number(number).ok_or_else(|| format!("{number} is no kind of entry").into())
}

macro_rules! number_columns {
    ($($name:ty: $to:expr, $from:expr);* $(;)?) => {$(
        impl ToSql for $name {
            fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                let number: i64 = $to(*self);
                number.to_sql(ty, out)
            }

            accepts!(INT8);
            to_sql_checked!();
        }

        impl<'a> FromSql<'a> for $name {
            fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
                $from(i64::from_sql(ty, raw)?)
            }

            accepts!(INT8);
        }
    )*};
}

number_columns! {
    Amount: Amount::number, Amount::from_number;
    Moment: Moment::number, Moment::from_number;
    Tariff: tariff_number, tariff;
    Kind: Kind::number, kind;
}

macro_rules! id_columns {
    ($($id:ty),*) => {$(
        impl ToSql for $id {
            fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                out.extend_from_slice(self.as_bytes());
                Ok(IsNull::No)
            }

            accepts!(UUID);
            to_sql_checked!();
        }

        impl<'a> FromSql<'a> for $id {
            fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
                Ok(Self::from_slice(raw)?)
            }

            accepts!(UUID);
        }
    )*};
}

id_columns!(AccountId, EmbedId, HoldId, KeyId, PickaxeId, RunId, ServerId, TopUpId, TransactionId);

impl ToSql for Half {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.0.as_slice().to_sql(ty, out)
    }

    accepts!(BYTEA);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Half {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(raw.try_into()?))
    }

    accepts!(BYTEA);
}

impl ToSql for Visitor {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.as_str().to_sql(ty, out)
    }

    accepts!(TEXT);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Visitor {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(<&str>::from_sql(ty, raw)?.parse()?)
    }

    accepts!(TEXT);
}

/// Text as PostgreSQL keeps it: it has no zero character.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A count that was stored as a number.
pub(super) fn count<N: TryFrom<i64> + Default>(number: i64) -> N {
    N::try_from(number).unwrap_or_default()
}

/// Reads a snapshot from six columns, `first` being the capacity.
pub(super) fn snapshot(row: &Row, first: usize) -> Result<Snapshot, tokio_postgres::Error> {
    let amount = |place: usize| row.try_get::<_, Amount>(first.saturating_add(place)).map(|amount| amount.0);
    Ok(Snapshot {
        capacity: amount(0)?,
        spent: amount(1)?,
        prepaid: amount(2)?,
        held: legs(row, first.saturating_add(3))?,
        clock: row.try_get::<_, Moment>(first.saturating_add(5))?.0,
    })
}

/// Reads legs from two columns.
pub(super) fn legs(row: &Row, first: usize) -> Result<scrip::Legs, tokio_postgres::Error> {
    Ok(scrip::Legs {
        allowance: row.try_get::<_, Amount>(first)?.0,
        prepaid: row.try_get::<_, Amount>(first.saturating_add(1))?.0,
    })
}

/// Reads a moment and an amount from two columns that may be empty.
pub(super) fn next(row: &Row, first: usize) -> Result<Option<(Timestamp, Credits)>, tokio_postgres::Error> {
    let at: Option<Moment> = row.try_get(first)?;
    let amount: Option<Amount> = row.try_get(first.saturating_add(1))?;
    Ok(at.zip(amount).map(|(Moment(at), Amount(amount))| (at, amount)))
}
