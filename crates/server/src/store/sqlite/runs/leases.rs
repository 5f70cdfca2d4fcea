//! Leases: a run belongs to the server that started it, and is void when that server is gone.

use rusqlite::params;
use scrip::Timestamp;

use super::super::{batch::Batch, columns::Moment, error::Fault};
use crate::{
    ids::{AccountId, RunId, ServerId},
    store::{LEASE_MILLIS, RunEnd},
};

/// A server that starts a run without a lease gets a short one: its first renewal may still be on its way.
pub(in super::super) fn begin(batch: &Batch<'_>, server: ServerId) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached("INSERT OR IGNORE INTO servers (public, lease_until) VALUES (?1, ?2)")?
        .execute(params![server, lease_end(batch.now)])?;
    Ok(())
}

/// Extends a lease.
pub(in super::super) fn renew(batch: &Batch<'_>, server: ServerId) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached(
            "INSERT INTO servers (public, lease_until) VALUES (?1, ?2)
             ON CONFLICT (public) DO UPDATE SET lease_until = excluded.lease_until",
        )?
        .execute(params![server, lease_end(batch.now)])?;
    Ok(())
}

fn lease_end(now: Timestamp) -> i64 {
    now.as_millis().saturating_add(LEASE_MILLIS)
}

/// Voids the runs whose server's lease is over; how many. `all`: of every server, because this one has just started alone.
pub(in super::super) fn release(batch: &mut Batch<'_>, all: bool) -> Result<u64, Fault> {
    if all {
        batch.conn.execute("DELETE FROM servers", [])?;
    }
    let lost: Vec<(AccountId, RunId)> = batch
        .conn
        .prepare_cached(
            "SELECT a.public, r.public FROM runs r JOIN accounts a ON a.id = r.account
             LEFT JOIN servers s ON s.public = r.server
             WHERE r.state = 0 AND (s.lease_until IS NULL OR s.lease_until <= ?1) ORDER BY r.id",
        )?
        .query_map([Moment(batch.now)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let count = lost.len();
    for (account, run) in lost {
        let mut moving = batch.take(account)?;
        let end = RunEnd {
            charge: None,
            items: Vec::new(),
            usage: None,
            duration_ms: 0,
            output: String::new(),
            stopped: false,
            problem: Some("internal".to_owned()),
        };
        super::finish(batch, &mut moving, run, end)?;
        batch.put(moving);
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}
