//! The embedded store: SQLite in write-ahead mode, one writer that commits whatever is queued together, readers beside it.

mod accounts;
mod api;
mod batch;
mod budgets;
mod cache;
mod checkpoint;
mod columns;
mod documents;
mod entries;
mod error;
mod holds;
mod idempotency;
mod items;
mod ledger;
mod migrate;
mod open;
mod queries;
mod readers;
mod runs;
mod standing;
#[cfg(test)]
mod tests;
mod verify;
mod visitors;
mod writer;

use std::{fs::File, path::Path, sync::Arc};

use self::{batch::Batch, cache::Cache, error::Fault, open::FILE, readers::Readers, writer::Writer};
pub use self::{error::OpenError, open::lock as lock_folder};
use super::{
    AccountProfile, Key, StoreError,
    clock::{Clock, system_clock},
};
use crate::ids::{AccountId, KeyId};

/// How a store is opened.
#[derive(Clone)]
pub struct SqliteOptions {
    /// Tells the time.
    pub clock: Clock,
    /// How many jobs may wait; beyond that the store is overloaded.
    pub queue: usize,
    /// How many jobs go into one transaction at most.
    pub batch: usize,
    /// How many connections read.
    pub readers: usize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { clock: system_clock(), queue: 4096, batch: 512, readers: 4 }
    }
}

/// A ledger in a data folder. One process has it at a time.
pub struct SqliteStore {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    clock: Clock,
    secrets: Cache<[u8; 32], Key>,
    keys: Cache<KeyId, Key>,
    profiles: Cache<AccountId, AccountProfile>,
    _lock: File,
}

impl SqliteStore {
    /// Opens a data folder, creating it if need be, and releases what a server that died in it still held.
    ///
    /// # Errors
    /// [`OpenError`]: one line for the operator.
    pub fn open(folder: &Path, options: &SqliteOptions) -> Result<Self, OpenError> {
        let lock = open::lock(folder)?;
        let mut conn = open::writer(folder)?;
        let last = open::last(&conn, folder)?;
        let unopened = |what| OpenError::Database { folder: folder.to_owned(), what };
        let checkpointer = checkpoint::Checkpointer::start(open::checkpointer(folder)?, &mut conn).map_err(unopened)?;
        let limits = writer::Limits { queue: options.queue, batch: options.batch };
        // The lock proves that no other server lives here: every lease in the folder is a dead one's.
        let (writer, released) =
            Writer::start(conn, Arc::clone(&options.clock), last, &limits, checkpointer, |batch| {
                runs::leases::release(batch, true)
            })
            .map_err(|error| unopened(error.to_string()))?;
        if released > 0 {
            tracing::warn!(runs = released, "the last server died with runs under way: they are void");
        }
        Ok(Self {
            writer: Arc::new(writer),
            readers: Arc::new(Readers::new(folder, options.readers)),
            clock: Arc::clone(&options.clock),
            secrets: Cache::new(),
            keys: Cache::new(),
            profiles: Cache::new(),
            _lock: lock,
        })
    }

    /// Limits the size of the database to this many pages of 4 KiB; what does not fit is refused as a full disk would.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.write(move |batch| {
            batch.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
            Ok(())
        })
        .await
    }

    async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Batch<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.writer.write(work).await
    }
}
