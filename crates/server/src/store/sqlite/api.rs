//! The trait, forwarded: what changes goes to the writer, what only looks goes to the readers.

use std::sync::{Arc, atomic::Ordering};

use async_trait::async_trait;
use scrip::{Credits, Decision, Timestamp};

use super::{SqliteStore, accounts, documents, holds, ledger, queries, runs, verify, visitors};
use crate::{
    ids::{AccountId, EmbedId, KeyId, PickaxeId, RunId, ServerId, TransactionId},
    store::{
        AccountBalance, AccountProfile, Action, Answer, CapRule, Document, Embed, Idempotency, Key, ListQuery,
        Movement, NewKey, Outcome, Page, Run, Stats, Store, StoreError, Transaction,
    },
};

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
        let changes_profile = matches!(movement.action, Action::SetPlan { .. });
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
        self.write(move |batch| runs::leases::renew(batch, server)).await
    }

    async fn release_expired(&self) -> Result<u64, StoreError> {
        self.write(|batch| {
            let runs = runs::leases::release(batch, false)?;
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
