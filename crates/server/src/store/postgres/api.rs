//! The trait, forwarded: what moves credits goes to the writers, everything else asks for itself.

use std::sync::{PoisonError, atomic::Ordering};

use async_trait::async_trait;
use scrip::{Credits, Decision, Timestamp};

use super::{PostgresStore, accounts, documents, error::Fault, queries, runs, verify, visitors, writer::Work};
use crate::{
    ids::{AccountId, EmbedId, KeyId, PickaxeId, RunId, ServerId, TransactionId},
    store::{
        AccountBalance, AccountProfile, Action, Answer, CapRule, Document, Embed, Idempotency, Key, ListQuery,
        Movement, NewKey, Outcome, Page, Run, Stats, Store, StoreError, Transaction,
    },
};

impl PostgresStore {
    /// Voids lost runs, many at once, so that they share transactions.
    async fn release_runs(&self) -> Result<u64, StoreError> {
        let lost = runs::leases::lost(&self.shared.connections, self.shared.now()).await.map_err(Fault::into_answer)?;
        let mut released = 0_u64;
        for part in lost.chunks(256) {
            let ends = part.iter().map(|(account, run)| {
                let action = Action::FinishRun { run: *run, end: runs::leases::void() };
                self.write(Work::Move(Box::new(Movement { account: *account, idempotency: None, action })))
            });
            for answer in futures_util::future::join_all(ends).await {
                // Another server may have been faster.
                released = released.saturating_add(u64::from(!answer?.replayed));
            }
        }
        Ok(released)
    }

    async fn release_holds(&self) -> Result<u64, StoreError> {
        let due = queries::expired_holds(&self.shared.connections, self.shared.now()).await;
        let due = due.map_err(Fault::into_answer)?;
        let mut released = 0_u64;
        for part in due.chunks(256) {
            let ends = part.iter().map(|(account, _)| self.write(Work::FreeExpired(*account)));
            for (answer, (_, count)) in futures_util::future::join_all(ends).await.into_iter().zip(part) {
                answer?;
                released = released.saturating_add(*count);
            }
        }
        Ok(released)
    }
}

#[async_trait]
impl Store for PostgresStore {
    fn now(&self) -> Timestamp {
        self.shared.now()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let asked = self.shared.connections.query("SELECT 1 FROM scrip_format", &[]).await;
        asked.map(drop).map_err(Fault::into_answer)
    }

    async fn submit(&self, movement: Movement) -> Result<Answer, StoreError> {
        self.write(Work::Move(Box::new(movement))).await
    }

    async fn recall(&self, account: AccountId, request: &Idempotency) -> Result<Option<Outcome>, StoreError> {
        queries::recall(&self.shared.connections, account, request).await.map_err(Fault::into_answer)
    }

    async fn create_account(&self, profile: AccountProfile, capacity: Credits, key: NewKey) -> Result<(), StoreError> {
        accounts::create(&self.shared, &profile, capacity, &key).await.map_err(Fault::into_answer)
    }

    async fn account(&self, id: AccountId) -> Result<AccountProfile, StoreError> {
        accounts::by_id(&self.shared.connections, id).await.map_err(Fault::into_answer)
    }

    async fn account_by_email(&self, email: &str) -> Result<AccountProfile, StoreError> {
        accounts::by_email(&self.shared.connections, email).await.map_err(Fault::into_answer)
    }

    async fn accounts(&self) -> Result<Vec<AccountProfile>, StoreError> {
        accounts::all(&self.shared.connections).await.map_err(Fault::into_answer)
    }

    async fn balance(&self, id: AccountId) -> Result<AccountBalance, StoreError> {
        queries::balance(&self.shared.connections, id, self.now()).await.map_err(Fault::into_answer)
    }

    async fn returns(&self, id: AccountId) -> Result<Vec<(Timestamp, Credits)>, StoreError> {
        queries::returns(&self.shared.connections, id, self.now()).await.map_err(Fault::into_answer)
    }

    async fn key_by_secret(&self, secret_hash: [u8; 32]) -> Result<Key, StoreError> {
        accounts::key_by_secret(&self.shared.connections, &secret_hash).await.map_err(Fault::into_answer)
    }

    async fn key(&self, id: KeyId) -> Result<Key, StoreError> {
        accounts::key_by_id(&self.shared.connections, id).await.map_err(Fault::into_answer)
    }

    async fn keys(&self, account: AccountId) -> Result<Vec<Key>, StoreError> {
        accounts::keys(&self.shared.connections, account).await.map_err(Fault::into_answer)
    }

    async fn create_key(&self, key: NewKey) -> Result<(), StoreError> {
        accounts::create_key(&self.shared.connections, &key).await.map_err(Fault::into_answer)
    }

    async fn delete_key(&self, account: AccountId, id: KeyId) -> Result<(), StoreError> {
        accounts::delete_key(&self.shared.connections, account, id).await.map_err(Fault::into_answer)
    }

    async fn create_pickaxe(
        &self,
        account: AccountId,
        id: PickaxeId,
        body: String,
    ) -> Result<Document<PickaxeId>, StoreError> {
        documents::create_pickaxe(&self.shared, account, id, &body).await.map_err(Fault::into_answer)
    }

    async fn pickaxe(&self, id: PickaxeId) -> Result<Document<PickaxeId>, StoreError> {
        documents::pickaxe(&self.shared.connections, id).await.map_err(Fault::into_answer)
    }

    async fn pickaxes(&self, account: AccountId, query: ListQuery) -> Result<Page<Document<PickaxeId>>, StoreError> {
        documents::pickaxes(&self.shared.connections, account, &query).await.map_err(Fault::into_answer)
    }

    async fn update_pickaxe(
        &self,
        account: AccountId,
        id: PickaxeId,
        expected: Option<u64>,
        body: String,
    ) -> Result<Document<PickaxeId>, StoreError> {
        documents::update_pickaxe(&self.shared.connections, account, id, expected, &body)
            .await
            .map_err(Fault::into_answer)
    }

    async fn delete_pickaxe(&self, account: AccountId, id: PickaxeId) -> Result<(), StoreError> {
        documents::delete_pickaxe(&self.shared.connections, account, id).await.map_err(Fault::into_answer)
    }

    async fn create_embed(
        &self,
        account: AccountId,
        pickaxe: PickaxeId,
        id: EmbedId,
        body: String,
    ) -> Result<Embed, StoreError> {
        documents::create_embed(&self.shared, account, pickaxe, id, &body).await.map_err(Fault::into_answer)
    }

    async fn embed(&self, id: EmbedId) -> Result<Embed, StoreError> {
        documents::embed(&self.shared.connections, id).await.map_err(Fault::into_answer)
    }

    async fn embeds(
        &self,
        account: AccountId,
        pickaxe: PickaxeId,
        query: ListQuery,
    ) -> Result<Page<Embed>, StoreError> {
        documents::embeds(&self.shared.connections, account, pickaxe, &query).await.map_err(Fault::into_answer)
    }

    async fn update_embed(
        &self,
        account: AccountId,
        id: EmbedId,
        expected: Option<u64>,
        body: String,
    ) -> Result<Embed, StoreError> {
        documents::update_embed(&self.shared.connections, account, id, expected, &body)
            .await
            .map_err(Fault::into_answer)
    }

    async fn delete_embed(&self, account: AccountId, id: EmbedId) -> Result<(), StoreError> {
        documents::delete_embed(&self.shared.connections, account, id).await.map_err(Fault::into_answer)
    }

    async fn origin_is_known(&self, origin: &str) -> Result<bool, StoreError> {
        documents::origin_is_known(&self.shared.connections, origin).await.map_err(Fault::into_answer)
    }

    async fn visitor(&self, rule: &CapRule) -> Result<Decision, StoreError> {
        visitors::decision(&self.shared.connections, rule, self.now()).await.map_err(Fault::into_answer)
    }

    async fn run(&self, id: RunId) -> Result<Run, StoreError> {
        queries::run(&self.shared.connections, id).await.map_err(Fault::into_answer)
    }

    async fn renew_lease(&self, server: ServerId) -> Result<(), StoreError> {
        self.shared.set_clock().await.map_err(Fault::into_answer)?;
        runs::leases::renew(&self.shared.connections, server, self.now()).await.map_err(Fault::into_answer)
    }

    async fn release_expired(&self) -> Result<u64, StoreError> {
        let runs = self.release_runs().await?;
        let holds = self.release_holds().await?;
        runs::leases::forget(&self.shared.connections, self.now()).await.map_err(Fault::into_answer)?;
        Ok(runs.saturating_add(holds))
    }

    async fn forget_outputs(&self, older_than_seconds: u64) -> Result<(), StoreError> {
        let millis = i64::try_from(older_than_seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        let before = self.now().as_millis().saturating_sub(millis);
        let forget = "DELETE FROM outputs WHERE ended_at <= $1";
        self.shared.connections.execute(forget, &[&before]).await.map(drop).map_err(Fault::into_answer)
    }

    async fn transactions(&self, account: AccountId, query: ListQuery) -> Result<Page<Transaction>, StoreError> {
        queries::transactions(&self.shared.connections, account, &query).await.map_err(Fault::into_answer)
    }

    async fn transaction(&self, account: AccountId, id: TransactionId) -> Result<Transaction, StoreError> {
        queries::transaction(&self.shared.connections, account, id).await.map_err(Fault::into_answer)
    }

    async fn verify(&self) -> Result<Vec<String>, StoreError> {
        verify::verify(&self.shared.connections).await.map_err(Fault::into_answer)
    }

    fn stats(&self) -> Stats {
        let queues = self.queues.read().unwrap_or_else(PoisonError::into_inner);
        let queued: usize = queues.iter().map(|queue| queue.max_capacity().saturating_sub(queue.capacity())).sum();
        Stats {
            queued: u64::try_from(queued).unwrap_or(u64::MAX),
            jobs: self.shared.jobs.load(Ordering::Relaxed),
            batches: self.shared.batches.load(Ordering::Relaxed),
            largest_batch: self.shared.largest.load(Ordering::Relaxed),
        }
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.queues.write().unwrap_or_else(PoisonError::into_inner).clear();
        for writer in self.writers.lock().await.drain(..) {
            writer.await.map_err(|error| StoreError::Database(format!("a writer did not end: {error}")))?;
        }
        self.shared.connections.close();
        Ok(())
    }
}
