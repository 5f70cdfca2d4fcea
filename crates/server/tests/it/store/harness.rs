//! A ledger to test: a store with one owner, a clock moved by hand, and short words for movements.

use std::{
    future::Future,
    path::Path,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use scrip::{Credits, Timestamp, Window};
use scrip_server::{
    ids::{AccountId, EmbedId, HoldId, KeyId, PickaxeId, RunId, ServerId, TransactionId, Visitor},
    store::{
        AccountProfile, Action, Answer, CapRule, Idempotency, Item, Key, Movement, NewKey, Outcome, Run, RunEnd, Store,
        StoreError, Tariff, Transaction, TransactionKind,
        clock::Clock,
        postgres::{PostgresOptions, PostgresStore},
        sqlite::{SqliteOptions, SqliteStore},
    },
};

use crate::support::Cluster;

/// Runs each test against every store and verifies the ledger afterwards.
macro_rules! conformance {
    ($($(#[$doc:meta])* async fn $name:ident($ledger:ident: &Ledger) $body:block)*) => {
        $($(#[$doc])* async fn $name($ledger: &Ledger) $body)*

        mod sqlite {
            use super::super::harness::Ledger;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let ledger = Ledger::sqlite().await;
                    super::$name(&ledger).await;
                    ledger.is_sound().await;
                }
            )*
        }

        mod postgres {
            use super::super::harness::Ledger;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let ledger = Ledger::postgres().await;
                    super::$name(&ledger).await;
                    ledger.is_sound().await;
                    ledger.close().await;
                }
            )*
        }
    };
}

pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const NOON: i64 = 1_700_000_000_000;

/// The databases of this test binary.
pub(crate) static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| Cluster::start(false));

/// Where a ledger lies.
enum Place {
    Folder,
    Database(String),
}

#[derive(Clone)]
enum Opened {
    Sqlite(Arc<SqliteStore>),
    Postgres(Arc<PostgresStore>),
}

pub(crate) struct Ledger {
    store: Mutex<Option<Opened>>,
    time: Arc<AtomicI64>,
    place: Place,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) owner: AccountId,
    pub(crate) pickaxe: PickaxeId,
    pub(crate) embed: EmbedId,
    pub(crate) server: ServerId,
}

pub(crate) fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn clock(time: &Arc<AtomicI64>) -> Clock {
    let time = Arc::clone(time);
    Arc::new(move || at(time.load(Ordering::SeqCst)))
}

impl Ledger {
    /// On SQLite, with an owner of 25 credits who has a pickaxe and an embed.
    pub(crate) async fn sqlite() -> Self {
        Self::new(Place::Folder).await
    }

    /// The same on PostgreSQL.
    pub(crate) async fn postgres() -> Self {
        Self::postgres_on(&CLUSTER).await
    }

    /// In databases of a test's own.
    pub(crate) async fn postgres_on(cluster: &Cluster) -> Self {
        Self::new(Place::Database(cluster.database().await)).await
    }

    async fn new(place: Place) -> Self {
        let ledger = Self {
            store: Mutex::new(None),
            time: Arc::new(AtomicI64::new(NOON)),
            place,
            folder: tempfile::tempdir().unwrap(),
            owner: AccountId::generate(),
            pickaxe: PickaxeId::generate(),
            embed: EmbedId::generate(),
            server: ServerId::generate(),
        };
        ledger.open().await;
        ledger.new_account(ledger.owner, "25").await.unwrap();
        let store = ledger.store();
        store.create_pickaxe(ledger.owner, ledger.pickaxe, "{}".to_owned()).await.unwrap();
        store.create_embed(ledger.owner, ledger.pickaxe, ledger.embed, "{}".to_owned()).await.unwrap();
        ledger
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        match self.store.lock().unwrap().clone().unwrap() {
            Opened::Sqlite(store) => store,
            Opened::Postgres(store) => store,
        }
    }

    /// What only SQLite can do.
    pub(crate) fn sqlite_store(&self) -> Arc<SqliteStore> {
        match self.store.lock().unwrap().clone() {
            Some(Opened::Sqlite(store)) => store,
            _ => panic!("not on SQLite"),
        }
    }

    /// Another server on the same database.
    pub(crate) async fn second(&self) -> Arc<dyn Store> {
        match &self.place {
            Place::Folder => panic!("one server has a folder"),
            Place::Database(address) => Arc::new(open_database(address, &self.time).await),
        }
    }

    /// The address of the database.
    pub(crate) fn address(&self) -> &str {
        match &self.place {
            Place::Folder => panic!("not on PostgreSQL"),
            Place::Database(address) => address,
        }
    }

    /// The server is lost and what it ran is void: on SQLite with the next start, on PostgreSQL when its lease is over.
    pub(crate) async fn lose_the_server(&self) {
        self.reopen().await;
        if matches!(self.place, Place::Database(_)) {
            self.advance(30_000);
            self.store().release_expired().await.unwrap();
        }
    }

    /// Closes the store and opens it again, as a restart does.
    pub(crate) async fn reopen(&self) {
        self.close().await;
        self.open().await;
    }

    pub(crate) async fn open(&self) {
        let store = match &self.place {
            Place::Folder => Opened::Sqlite(Arc::new(open(self.folder.path(), &self.time))),
            Place::Database(address) => Opened::Postgres(Arc::new(open_database(address, &self.time).await)),
        };
        *self.store.lock().unwrap() = Some(store);
    }

    pub(crate) async fn close(&self) {
        let store = self.store();
        self.store.lock().unwrap().take();
        store.close().await.unwrap();
    }

    pub(crate) async fn is_sound(&self) {
        let findings = self.store().verify().await.unwrap();
        assert_eq!(findings, Vec::<String>::new());
    }

    pub(crate) fn set_time(&self, millis: i64) {
        self.time.store(millis, Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, millis: i64) {
        self.time.fetch_add(millis, Ordering::SeqCst);
    }

    pub(crate) fn new_account(&self, id: AccountId, capacity: &str) -> impl Future<Output = Result<(), StoreError>> {
        let (store, capacity, now) = (self.store(), credits(capacity), at(self.time.load(Ordering::SeqCst)));
        let profile = AccountProfile {
            id,
            email: format!("{id}@example.com"),
            password_hash: None,
            tariff: Tariff::PromptRun,
            plan: "free".to_owned(),
            packs: Vec::new(),
            created_at: now,
        };
        let secret_hash = std::array::from_fn(|place| id.as_bytes()[place % 16]);
        let key = Key {
            id: KeyId::generate(),
            account: id,
            name: "first".to_owned(),
            scopes: vec!["admin".to_owned()],
            signing_secret: vec![7; 48],
            created_at: now,
        };
        async move { store.create_account(profile, capacity, NewKey { key, secret_hash }).await }
    }

    pub(crate) async fn submit(&self, idempotency: Option<Idempotency>, action: Action) -> Result<Answer, StoreError> {
        self.store().submit(Movement { account: self.owner, idempotency, action }).await
    }

    pub(crate) async fn transact(&self, action: Action) -> Result<Transaction, StoreError> {
        self.submit(None, action).await.map(|answer| transaction(&answer))
    }

    pub(crate) async fn debit(&self, amount: &str) -> Result<Transaction, StoreError> {
        self.transact(debit(amount)).await
    }

    pub(crate) async fn top_up(&self, amount: &str) -> Transaction {
        let kind = TransactionKind::TopUp;
        self.transact(Action::TopUp { kind, top_up: None, amount: credits(amount), note: None }).await.unwrap()
    }

    pub(crate) async fn refund(
        &self,
        transaction: TransactionId,
        amount: Option<&str>,
    ) -> Result<Transaction, StoreError> {
        self.transact(Action::Refund { transaction, amount: amount.map(credits) }).await
    }

    pub(crate) async fn hold(&self, amount: &str, expires_in_seconds: u32) -> Result<HoldId, StoreError> {
        let answer = self.submit(None, Action::Hold { amount: credits(amount), expires_in_seconds }).await?;
        let Outcome::Hold(hold) = answer.outcome else { panic!("a hold answers with a hold") };
        assert_eq!(hold.amount, credits(amount));
        Ok(hold.id)
    }

    pub(crate) async fn settle(&self, hold: HoldId, amount: Option<&str>) -> Result<Transaction, StoreError> {
        self.transact(Action::SettleHold { hold, amount: amount.map(credits), items: Vec::new() }).await
    }

    pub(crate) async fn void(&self, hold: HoldId) -> Result<Answer, StoreError> {
        self.submit(None, Action::VoidHold { hold }).await
    }

    pub(crate) async fn capacity(&self, capacity: &str) {
        let plan = Action::SetPlan { plan: "gold".to_owned(), packs: Vec::new(), capacity: credits(capacity) };
        self.submit(None, plan).await.unwrap();
    }

    pub(crate) fn start(&self, cap: Option<CapRule>) -> Action {
        let (pickaxe, server, model) = (self.pickaxe, self.server, "local/small".to_owned());
        Action::StartRun {
            run: RunId::generate(),
            pickaxe,
            embed: None,
            cap,
            budget: None,
            hold: Credits::ONE,
            server,
            model,
        }
    }

    pub(crate) async fn start_run(&self, cap: Option<CapRule>) -> Result<Run, StoreError> {
        self.submit(None, self.start(cap)).await.map(|answer| run(&answer))
    }

    pub(crate) async fn finish(&self, id: RunId, charge: Option<&str>) -> Result<Run, StoreError> {
        self.submit(None, Action::FinishRun { run: id, end: end(charge) }).await.map(|answer| run(&answer))
    }

    pub(crate) fn cap(&self, visitor: &str, limit: Option<u32>) -> CapRule {
        let window = Some(Window::THIRTY_DAYS);
        CapRule { embed: self.embed, visitor: visitor.parse::<Visitor>().unwrap(), limit, window }
    }

    /// available, prepaid, held, spent, over_by
    pub(crate) async fn numbers(&self) -> [String; 5] {
        let balance = self.store().balance(self.owner).await.unwrap().balance;
        let allowance = balance.allowance;
        [balance.available, balance.prepaid, balance.held, allowance.spent, allowance.over_by].map(|c| c.to_string())
    }

    pub(crate) async fn available(&self) -> String {
        self.numbers().await[0].clone()
    }

    pub(crate) async fn next_return(&self) -> Option<(i64, String)> {
        let balance = self.store().balance(self.owner).await.unwrap();
        balance.next_return.map(|(at, amount)| (at.as_millis(), amount.to_string()))
    }

    pub(crate) async fn returns(&self) -> Vec<(i64, String)> {
        let returns = self.store().returns(self.owner).await.unwrap();
        returns.into_iter().map(|(at, amount)| (at.as_millis(), amount.to_string())).collect()
    }
}

fn open(folder: &Path, time: &Arc<AtomicI64>) -> SqliteStore {
    SqliteStore::open(folder, &SqliteOptions { clock: clock(time), ..SqliteOptions::default() }).unwrap()
}

async fn open_database(address: &str, time: &Arc<AtomicI64>) -> PostgresStore {
    let options = PostgresOptions { clock: Some(clock(time)), writers: 2, readers: 2, ..PostgresOptions::default() };
    PostgresStore::open(address, &options).await.unwrap()
}

pub(crate) fn item(amount: &str) -> Item {
    Item {
        model: "debit".to_owned(),
        supplier: "scrip".to_owned(),
        unit: "run".to_owned(),
        quantity: "1".to_owned(),
        credits: credits(amount),
        per: "1".to_owned(),
        amount: credits(amount),
        valid_from: None,
    }
}

pub(crate) fn debit(amount: &str) -> Action {
    let items = vec![item(amount)];
    let (kind, amount) = (TransactionKind::Debit, credits(amount));
    Action::Debit { kind, amount, items, embed: None, cap: None, budget: None, note: None }
}

pub(crate) fn end(charge: Option<&str>) -> RunEnd {
    RunEnd {
        charge: charge.map(credits),
        items: charge.map(item).into_iter().collect(),
        usage: Some((12, 34)),
        duration_ms: 56,
        output: "words".to_owned(),
        stopped: false,
        problem: None,
    }
}

pub(crate) fn key(key: &str, body: u8) -> Option<Idempotency> {
    let route = "POST /v1/debits".to_owned();
    Some(Idempotency { key: key.to_owned(), route, visitor: None, body: [body; 32] })
}

pub(crate) fn transaction(answer: &Answer) -> Transaction {
    let Outcome::Transaction(transaction) = &answer.outcome else { panic!("expected a transaction: {answer:?}") };
    transaction.clone()
}

pub(crate) fn run(answer: &Answer) -> Run {
    let Outcome::Run(run) = &answer.outcome else { panic!("expected a run: {answer:?}") };
    run.clone()
}

/// The refusal, with what comes back next.
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> (scrip::Error, Option<(i64, String)>) {
    match answer {
        Err(StoreError::Refused { error, next_return }) => {
            (error, next_return.map(|(at, amount)| (at.as_millis(), amount.to_string())))
        }
        other => panic!("expected a refusal: {other:?}"),
    }
}

/// An answer without what differs between a first answer and its replay.
pub(crate) fn said(answer: &Answer) -> String {
    format!("{:?}", answer.outcome)
}
