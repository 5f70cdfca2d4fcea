//! Proves the ledger: replays every movement through the core and compares, then checks what must add up.

mod replay;
mod sums;

use rusqlite::Connection;

use super::error::Fault;

/// A damaged ledger is told by its first findings; a million more would say nothing new.
const LIMIT: usize = 100;

/// What is wrong, in sentences; nothing when all is well. All questions see the same moment.
pub(super) fn verify(conn: &Connection) -> Result<Vec<String>, Fault> {
    let snapshot = conn.unchecked_transaction()?;
    let mut findings = Vec::new();
    structure(&snapshot, &mut findings)?;
    replay::replay(&snapshot, &mut findings)?;
    sums::check(&snapshot, &mut findings)?;
    findings.truncate(LIMIT);
    snapshot.finish()?;
    Ok(findings)
}

/// Whether pages and indexes agree.
fn structure(conn: &Connection, findings: &mut Vec<String>) -> Result<(), Fault> {
    let mut statement = conn.prepare("PRAGMA integrity_check(10)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said != "ok" {
            findings.push(format!("The database file is damaged: {said}."));
        }
    }
    Ok(())
}
