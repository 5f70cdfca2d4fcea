//! The format of the database: numbered steps, each applied once. Servers that start together take turns.

use deadpool_postgres::Client;

use super::error::OpenError;

/// Every step there is, in order. A step that has been released is never changed again.
const STEPS: &[&str] = &[include_str!("../../../migrations/postgres/0001_ledger.sql")];

/// "SCRP": the lock under which servers migrate.
const LOCK: i64 = 0x5343_5250;

/// Brings the database to the format of this program.
pub(super) async fn migrate(client: &mut Client) -> Result<(), OpenError> {
    let change = client.transaction().await?;
    // Freed with the transaction, however it ends.
    change.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let found = version(&change).await?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for (version, step) in (1_i64..).zip(STEPS).skip_while(|(version, _)| *version <= found) {
        change.batch_execute(step).await?;
        change.execute("UPDATE scrip_format SET version = $1", &[&version]).await?;
        tracing::info!(version, "the database was brought to a new format");
    }
    change.commit().await?;
    Ok(())
}

async fn version(change: &deadpool_postgres::Transaction<'_>) -> Result<i64, OpenError> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE tablename = 'scrip_format') FROM pg_tables
                  WHERE schemaname = current_schema()";
    let row = change.query_one(tables, &[]).await?;
    let (all, ours): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    match (all, ours) {
        (0, _) => {
            change.batch_execute("CREATE TABLE scrip_format (version bigint NOT NULL)").await?;
            change.batch_execute("INSERT INTO scrip_format VALUES (0)").await?;
            Ok(0)
        }
        (_, 0) => Err(OpenError::Foreign),
        _ => Ok(change.query_one("SELECT version FROM scrip_format", &[]).await?.try_get(0)?),
    }
}
