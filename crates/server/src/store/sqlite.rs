//! The embedded store: SQLite in write-ahead mode, one writer that commits whatever is queued together, readers beside it.

mod accounts;
mod batch;
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
mod verify;
mod visitors;
mod writer;

use std::{
    fs::File,
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use async_trait::async_trait;
use scrip::{Credits, Decision, Timestamp};

pub use self::error::OpenError;
use self::{batch::Batch, cache::Cache, error::Fault, open::FILE, readers::Readers, writer::Writer};
use super::{
    AccountBalance, AccountProfile, Answer, CapRule, Document, Embed, Idempotency, Key, ListQuery, Movement, NewKey,
    Outcome, Page, Run, Stats, Store, StoreError, Transaction,
    clock::{Clock, system_clock},
};
use crate::ids::{AccountId, EmbedId, KeyId, PickaxeId, RunId, ServerId, TransactionId};

/// How long a lease lasts that is not renewed.
const LEASE_MILLIS: i64 = 30_000;

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
        let checkpointer =
            checkpoint::Checkpointer::start(open::checkpointer(folder)?, &mut conn).map_err(unopened)?;
        let limits = writer::Limits { queue: options.queue, batch: options.batch };
        // The lock proves that no other server lives here: every lease in the folder is a dead one's.
        let (writer, released) =
            Writer::start(conn, Arc::clone(&options.clock), last, &limits, checkpointer, |batch| {
                runs::release(batch, true)
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

#[async_trait]
impl Store for SqliteStore {
    fn now(&self) -> Timestamp {
        let last = Timestamp::from_millis(self.writer.shared.time.load(Ordering::Acquire)).unwrap_or(Timestamp::MIN);
        (self.clock)().max(last)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.readers.read(|conn| Ok(conn.query_row("SELECT 1 FROM ledger", [], |_| Ok(()))?)).await
    }

    async fn submit(&self, movement: Movement) -> Result<Answer, StoreError> {
        let changes_profile = matches!(movement.action, super::Action::SetPlan { .. });
        let answer = self.write(move |batch| ledger::submit(batch, movement)).await;
        if changes_profile {
            self.profiles.clear();
        }
        answer
    }

    async fn recall(&self, account: AccountId, request: &Idempotency) -> Result<Option<Outcome>, StoreError> {
        let request = request.clone();
        self.readers.read(move |conn| ledger::recall(conn, account, &request)).await
    }

    async fn create_account(&self, profile: AccountProfile, capacity: Credits, key: NewKey) -> Result<(), StoreError> {
        self.write(move |batch| accounts::create(batch, &profile, capacity, &key)).await
    }

    async fn account(&self, id: AccountId) -> Result<AccountProfile, StoreError> {
        let generation = match self.profiles.get(&id) {
            Ok(profile) => return Ok(profile),
            Err(generation) => generation,
        };
        let profile = self.readers.read(move |conn| accounts::by_id(conn, id)).await?;
        self.profiles.keep(generation, id, profile.clone());
        Ok(profile)
    }

    async fn account_by_email(&self, email: &str) -> Result<AccountProfile, StoreError> {
        let email = email.to_owned();
        self.readers.read(move |conn| accounts::by_email(conn, &email)).await
    }

    async fn accounts(&self) -> Result<Vec<AccountProfile>, StoreError> {
        self.readers.read(accounts::all).await
    }

    async fn balance(&self, id: AccountId) -> Result<AccountBalance, StoreError> {
        let now = self.now();
        self.readers.read(move |conn| queries::balance(conn, id, now)).await
    }

    async fn returns(&self, id: AccountId) -> Result<Vec<(Timestamp, Credits)>, StoreError> {
        let now = self.now();
        self.readers.read(move |conn| queries::returns(conn, id, now)).await
    }

    async fn key_by_secret(&self, secret_hash: [u8; 32]) -> Result<Key, StoreError> {
        let generation = match self.secrets.get(&secret_hash) {
            Ok(key) => return Ok(key),
            Err(generation) => generation,
        };
        let key = self.readers.read(move |conn| accounts::key_by_secret(conn, &secret_hash)).await?;
        self.secrets.keep(generation, secret_hash, key.clone());
        Ok(key)
    }

    async fn key(&self, id: KeyId) -> Result<Key, StoreError> {
        let generation = match self.keys.get(&id) {
            Ok(key) => return Ok(key),
            Err(generation) => generation,
        };
        let key = self.readers.read(move |conn| accounts::key_by_id(conn, id)).await?;
        self.keys.keep(generation, id, key.clone());
        Ok(key)
    }

    async fn keys(&self, account: AccountId) -> Result<Vec<Key>, StoreError> {
        self.readers.read(move |conn| accounts::keys(conn, account)).await
    }

    async fn create_key(&self, key: NewKey) -> Result<(), StoreError> {
        self.write(move |batch| accounts::create_key(batch, &key)).await
    }

    async fn delete_key(&self, account: AccountId, id: KeyId) -> Result<(), StoreError> {
        let answer = self.write(move |batch| accounts::delete_key(batch, account, id)).await;
        self.secrets.clear();
        self.keys.clear();
        answer
    }

    async fn create_pickaxe(
        &self,
        account: AccountId,
        id: PickaxeId,
        body: String,
    ) -> Result<Document<PickaxeId>, StoreError> {
        self.write(move |batch| documents::create_pickaxe(batch, account, id, &body)).await
    }

    async fn pickaxe(&self, id: PickaxeId) -> Result<Document<PickaxeId>, StoreError> {
        self.readers.read(move |conn| documents::pickaxe(conn, id)).await
    }

    async fn pickaxes(&self, account: AccountId, query: ListQuery) -> Result<Page<Document<PickaxeId>>, StoreError> {
        self.readers.read(move |conn| documents::pickaxes(conn, account, &query)).await
    }

    async fn update_pickaxe(
        &self,
        account: AccountId,
        id: PickaxeId,
        expected: Option<u64>,
        body: String,
    ) -> Result<Document<PickaxeId>, StoreError> {
        self.write(move |batch| documents::update_pickaxe(batch, account, id, expected, &body)).await
    }

    async fn delete_pickaxe(&self, account: AccountId, id: PickaxeId) -> Result<(), StoreError> {
        self.write(move |batch| documents::delete_pickaxe(batch, account, id)).await
    }

    async fn create_embed(
        &self,
        account: AccountId,
        pickaxe: PickaxeId,
        id: EmbedId,
        body: String,
    ) -> Result<Embed, StoreError> {
        self.write(move |batch| documents::create_embed(batch, account, pickaxe, id, &body)).await
    }

    async fn embed(&self, id: EmbedId) -> Result<Embed, StoreError> {
        self.readers.read(move |conn| documents::embed(conn, id)).await
    }

    async fn embeds(
        &self,
        account: AccountId,
        pickaxe: PickaxeId,
        query: ListQuery,
    ) -> Result<Page<Embed>, StoreError> {
        self.readers.read(move |conn| documents::embeds(conn, account, pickaxe, &query)).await
    }

    async fn update_embed(
        &self,
        account: AccountId,
        id: EmbedId,
        expected: Option<u64>,
        body: String,
    ) -> Result<Embed, StoreError> {
        self.write(move |batch| documents::update_embed(batch, account, id, expected, &body)).await
    }

    async fn delete_embed(&self, account: AccountId, id: EmbedId) -> Result<(), StoreError> {
        self.write(move |batch| documents::delete_embed(batch, account, id)).await
    }

    async fn origin_is_known(&self, origin: &str) -> Result<bool, StoreError> {
        let origin = origin.to_owned();
        self.readers.read(move |conn| documents::origin_is_known(conn, &origin)).await
    }

    async fn visitor(&self, rule: &CapRule) -> Result<Decision, StoreError> {
        let (rule, now) = (rule.clone(), self.now());
        self.readers.read(move |conn| visitors::decision(conn, &rule, now)).await
    }

    async fn run(&self, id: RunId) -> Result<Run, StoreError> {
        self.readers.read(move |conn| runs::by_id(conn, id)).await
    }

    async fn renew_lease(&self, server: ServerId) -> Result<(), StoreError> {
        self.write(move |batch| runs::renew(batch, server)).await
    }

    async fn release_expired(&self) -> Result<u64, StoreError> {
        self.write(|batch| {
            let runs = runs::release(batch, false)?;
            Ok(runs.saturating_add(holds::release_expired(batch)?))
        })
        .await
    }

    async fn forget_outputs(&self, older_than_seconds: u64) -> Result<(), StoreError> {
        let millis = i64::try_from(older_than_seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        self.write(move |batch| runs::forget_outputs(batch, batch.now.as_millis().saturating_sub(millis))).await
    }

    async fn transactions(&self, account: AccountId, query: ListQuery) -> Result<Page<Transaction>, StoreError> {
        self.readers.read(move |conn| queries::transactions(conn, account, &query)).await
    }

    async fn transaction(&self, account: AccountId, id: TransactionId) -> Result<Transaction, StoreError> {
        self.readers.read(move |conn| queries::transaction(conn, account, id)).await
    }

    async fn verify(&self) -> Result<Vec<String>, StoreError> {
        self.readers.read(verify::verify).await
    }

    fn stats(&self) -> Stats {
        self.writer.stats()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.readers.close();
        let writer = Arc::clone(&self.writer);
        let closed = tokio::task::spawn_blocking(move || writer.close()).await;
        closed.map_err(|error| StoreError::Database(format!("the writer did not end: {error}")))
    }
}
