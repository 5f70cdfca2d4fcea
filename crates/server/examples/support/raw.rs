//! The same rows without a server: SQLite alone, at a given number of debits per transaction.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// A database of the server's schema.
pub(crate) struct Raw {
    conn: Connection,
    rolling: bool,
    sequence: i64,
    spent: i64,
}

const CREDIT: i64 = 1_000_000_000;
const THIRTY_DAYS: i64 = 2_592_000_000;

impl Raw {
    /// A copy of a server's folder's schema with one account.
    pub(crate) fn new(beside: &Path, rolling: bool) -> Result<Self> {
        let conn = Connection::open(beside.with_extension("raw.db"))?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8000;")?;
        conn.execute_batch(include_str!("../../migrations/sqlite/0001_ledger.sql"))?;
        conn.execute_batch(
            "INSERT INTO accounts VALUES (1, x'00', 'a', NULL, 0, 'gold', '', 0);
             INSERT INTO balances VALUES (1, 4000000000000000000, 0, 4000000000000000000, 0, 0, 0);
             INSERT INTO item_names VALUES (1, 'run', 'scrip', 'run');",
        )?;
        Ok(Self { conn, rolling, sequence: 0, spent: 0 })
    }

    /// Debits a second, `batch` in one transaction.
    pub(crate) fn rate(&mut self, batch: usize, length: Duration) -> Result<f64> {
        let begin = Instant::now();
        let mut debits = 0_usize;
        while begin.elapsed() < length {
            self.commit(batch)?;
            debits += batch;
        }
        Ok(debits as f64 / begin.elapsed().as_secs_f64())
    }

    fn commit(&mut self, batch: usize) -> Result<()> {
        let now = i64::try_from(std::time::UNIX_EPOCH.elapsed()?.as_millis())?;
        let conn = &self.conn;
        conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for _ in 0..batch {
            self.sequence += 1;
            self.spent += CREDIT;
            let (allowance, prepaid) = if self.rolling { (CREDIT, 0) } else { (0, CREDIT) };
            let next = self.rolling.then_some((now + THIRTY_DAYS, CREDIT));
            conn.prepare_cached(
                "INSERT INTO entries (id, public, account, kind, at, allowance, prepaid, capacity, spent, prepaid_after,
                 held_allowance, held_prepaid, next_at, next_amount, item) VALUES (?1, ?2, 1, 1, ?3, ?4, ?5,
                 4000000000000000000, ?6, ?6, 0, 0, ?7, ?8, 1)",
            )?
            .execute(params![
                self.sequence,
                Uuid::now_v7().as_bytes(),
                now,
                allowance,
                prepaid,
                self.spent,
                next.map(|next| next.0),
                next.map(|next| next.1),
            ])?;
            conn.prepare_cached(
                "INSERT INTO idempotency (key, account, scope, body, target, kind) VALUES (?1, 1, ?2, ?3, ?4, 0)",
            )?
            .execute(params![Uuid::now_v7().as_bytes(), [1_u8; 16], [2_u8; 16], self.sequence])?;
        }
        if self.rolling {
            conn.prepare_cached(
                "INSERT INTO returns (account, return_at, amount) VALUES (1, ?1, ?2)
                 ON CONFLICT (account, return_at) DO UPDATE SET amount = amount + excluded.amount",
            )?
            .execute(params![now + THIRTY_DAYS, CREDIT * i64::try_from(batch)?])?;
        }
        conn.prepare_cached("UPDATE balances SET spent = ?1, clock = ?2 WHERE account = 1")?
            .execute(params![self.spent, now])?;
        conn.prepare_cached("UPDATE ledger SET sequence = ?1, time = ?2 WHERE id = 1")?
            .execute(params![self.sequence, now])?;
        conn.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

/// The median of that many durable overwrites of one page in a file that has all its pages: what a commit costs at least. (To append
/// would measure the file system's own journal as well.)
pub(crate) fn fdatasync(folder: &Path, count: usize) -> Result<Duration> {
    const PAGES: usize = 64;
    let mut file = File::create(folder.join("fdatasync"))?;
    file.write_all(&[0; 4096 * PAGES])?;
    file.sync_all()?;
    let mut times = Vec::with_capacity(count);
    for round in 0..count {
        file.seek(SeekFrom::Start(4096 * (round % PAGES) as u64))?;
        let begin = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    Ok(times[count / 2])
}
