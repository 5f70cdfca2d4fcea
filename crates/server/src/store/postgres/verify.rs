//! Proves the ledger: replays every movement through the core and compares, then checks what must add up.

mod rows;
mod sums;

use super::{error::Fault, pool::Connections};

/// A damaged ledger is told by its first findings; a million more would say nothing new.
const LIMIT: usize = 100;

/// What is wrong, in sentences; nothing when all is well. All questions see the same moment.
pub(super) async fn verify(connections: &Connections) -> Result<Vec<String>, Fault> {
    let mut client = connections.get().await?;
    let moment = tokio_postgres::IsolationLevel::RepeatableRead;
    let snapshot = client.build_transaction().isolation_level(moment).read_only(true).start().await?;
    let mut findings = Vec::new();
    rows::replay(&snapshot, &mut findings).await?;
    sums::check(&snapshot, &mut findings).await?;
    findings.truncate(LIMIT);
    snapshot.commit().await?;
    Ok(findings)
}
