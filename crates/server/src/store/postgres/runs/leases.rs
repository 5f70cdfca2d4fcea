//! Leases: a run belongs to the server that started it, and is void when that server is gone.

use scrip::Timestamp;

use super::super::{columns::Moment, error::Fault, pool::Connections};
use crate::{
    ids::{AccountId, RunId, ServerId},
    store::{LEASE_MILLIS, RunEnd},
};

/// When a lease ends that is given now.
pub(in super::super) fn end(now: Timestamp) -> i64 {
    now.as_millis().saturating_add(LEASE_MILLIS)
}

/// Extends a lease.
pub(in super::super) async fn renew(connections: &Connections, server: ServerId, now: Timestamp) -> Result<(), Fault> {
    let renew = "INSERT INTO servers (public, lease_until) VALUES ($1, $2)
                 ON CONFLICT (public) DO UPDATE SET lease_until = greatest(servers.lease_until, excluded.lease_until)";
    connections.execute(renew, &[&server, &end(now)]).await?;
    Ok(())
}

/// The runs whose server's lease is over.
pub(in super::super) async fn lost(
    connections: &Connections,
    now: Timestamp,
) -> Result<Vec<(AccountId, RunId)>, Fault> {
    let lost = "SELECT a.public, r.public FROM runs r JOIN accounts a ON a.id = r.account
                LEFT JOIN servers s ON s.public = r.server
                WHERE r.state = 0 AND (s.lease_until IS NULL OR s.lease_until <= $1) ORDER BY r.id LIMIT 10000";
    let rows = connections.query(lost, &[&Moment(now)]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Leases that nobody needs any more, and rows of writers that wrote their last batch a day ago.
pub(in super::super) async fn forget(connections: &Connections, now: Timestamp) -> Result<(), Fault> {
    let forget = "DELETE FROM servers s WHERE s.lease_until <= $1
                  AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.server = s.public AND r.state = 0)";
    connections.execute(forget, &[&Moment(now)]).await?;
    connections.execute("DELETE FROM writers WHERE seen_at < now() - interval '1 day'", &[]).await?;
    Ok(())
}

/// How such a run ends.
pub(in super::super) fn void() -> RunEnd {
    RunEnd {
        charge: None,
        items: Vec::new(),
        usage: None,
        duration_ms: 0,
        output: String::new(),
        stopped: false,
        problem: Some("internal".to_owned()),
    }
}
