//! What the server needs of a database: one trait, its nouns, and its errors.
//!
//! A store decides no business rule. For a movement it loads the account, applies the core's transition and saves it, all in
//! one transaction, and answers only after that transaction is durable. Its clock is the ledger's.

mod budget;
pub mod clock;
mod counting;
mod kind;
mod paging;
pub mod postgres;
mod replay;
mod scope;
pub mod sqlite;

use async_trait::async_trait;
use scrip::{Balance, Credits, Decision, Legs, Timestamp, Window};

use crate::ids::{AccountId, EmbedId, HoldId, KeyId, PickaxeId, RunId, ServerId, TopUpId, TransactionId, Visitor};

/// How long a lease lasts that is not renewed.
const LEASE_MILLIS: i64 = 30_000;

/// Who may do what with a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Key {
    /// The public id; also the `kid` of tokens an owner's backend signs.
    pub id: KeyId,
    /// Whose key it is.
    pub account: AccountId,
    /// What the owner calls it.
    pub name: String,
    /// `admin`, `debit`, `read`.
    pub scopes: Vec<String>,
    /// The signing secret, encrypted by the master key.
    pub signing_secret: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A key to be stored: its secret only as a hash.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The key.
    pub key: Key,
    /// SHA-256 of the secret; the secret has 256 random bits, so a slow hash would add nothing.
    pub secret_hash: [u8; 32],
}

/// How runs are counted and paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tariff {
    /// One credit a run.
    PromptRun,
    /// What the price book says.
    Metered,
}

/// An owner's account without its numbers.
#[derive(Clone, Debug)]
pub struct AccountProfile {
    /// Its id.
    pub id: AccountId,
    /// Its address, unique.
    pub email: String,
    /// A password hash (PHC string), when one was set.
    pub password_hash: Option<String>,
    /// How it pays.
    pub tariff: Tariff,
    /// `free` or `gold`.
    pub plan: String,
    /// Monthly packs, each at most once: `100`, `250`.
    pub packs: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An account's numbers at the store's present moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AccountBalance {
    /// As the core counts it.
    pub balance: Balance,
    /// What comes back next, and when.
    pub next_return: Option<(Timestamp, Credits)>,
}

/// A document (pickaxe, embed settings) with its version for `ETag`/`If-Match`.
#[derive(Clone, Debug)]
pub struct Document<Id> {
    /// Its id.
    pub id: Id,
    /// Whose it is.
    pub account: AccountId,
    /// Rises with every change.
    pub version: u64,
    /// The checked JSON text as the front understands it.
    pub body: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The idempotency of one request. Scope: (account, route with its path ids, visitor).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Idempotency {
    /// The client's key.
    pub key: String,
    /// Method and path, path ids included.
    pub route: String,
    /// The visitor, when a visitor asks.
    pub visitor: Option<Visitor>,
    /// SHA-256 of the body's bytes: another body under the same key is refused.
    pub body: [u8; 32],
}

/// "Prompt runs per user" as it applies to one visitor now.
#[derive(Clone, Debug)]
pub struct CapRule {
    /// The embed that counts.
    pub embed: EmbedId,
    /// The visitor that is counted.
    pub visitor: Visitor,
    /// `None`: unlimited.
    pub limit: Option<u32>,
    /// `None`: a run never returns.
    pub window: Option<Window>,
}

/// What one model used in a job cost.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// Price-book id, `margin`, or the pickaxe's model.
    pub model: String,
    /// Whose model it is.
    pub supplier: String,
    /// `run`, `input_token`, … or `margin`.
    pub unit: String,
    /// How much was used, a canonical decimal.
    pub quantity: String,
    /// The price …
    pub credits: Credits,
    /// … for this many units.
    pub per: String,
    /// Rounded up once to the nano-credit.
    pub amount: Credits,
    /// The price row that was used.
    pub valid_from: Option<String>,
}

/// A movement asked of the ledger.
#[derive(Clone, Debug)]
pub struct Movement {
    /// The account that moves.
    pub account: AccountId,
    /// `None` only for movements the server itself makes.
    pub idempotency: Option<Idempotency>,
    /// What to do.
    pub action: Action,
}

/// The movements there are.
#[derive(Clone, Debug)]
pub enum Action {
    /// Count the visitor, hold the credits, remember the run. Answer: [`Outcome::Run`].
    StartRun {
        /// The new run's id.
        run: RunId,
        /// What runs.
        pickaxe: PickaxeId,
        /// Where it is embedded, when it is.
        embed: Option<EmbedId>,
        /// The visitor's limit, when a visitor presses.
        cap: Option<CapRule>,
        /// What the embed may be charged in a UTC day.
        budget: Option<Credits>,
        /// The most it can cost: 1 under `prompt_run`.
        hold: Credits,
        /// The server whose lease the hold carries.
        server: ServerId,
        /// The model, as the owner knows it.
        model: String,
    },
    /// End a run: settle at most what it held, keep its words for a while. Answer: [`Outcome::Run`].
    FinishRun {
        /// Which.
        run: RunId,
        /// How it ended.
        end: RunEnd,
    },
    /// Spend at once. Answer: [`Outcome::Transaction`].
    Debit {
        /// `debit`, `pipeline` or `benchmark`.
        kind: TransactionKind,
        /// Σ items.
        amount: Credits,
        /// What it is made of.
        items: Vec<Item>,
        /// The embed it belongs to, when it does.
        embed: Option<EmbedId>,
        /// The visitor's limit, when one is named.
        cap: Option<CapRule>,
        /// What the embed may be charged in a UTC day.
        budget: Option<Credits>,
        /// The caller's note.
        note: Option<String>,
    },
    /// Give back part of a debit; `None`: all that is left. Answer: [`Outcome::Transaction`].
    Refund {
        /// Which debit.
        transaction: TransactionId,
        /// How much.
        amount: Option<Credits>,
    },
    /// Reserve. Answer: [`Outcome::Hold`].
    Hold {
        /// How much.
        amount: Credits,
        /// It voids itself after this many seconds.
        expires_in_seconds: u32,
    },
    /// Spend what was reserved; `None`: all of it. Answer: [`Outcome::Transaction`].
    SettleHold {
        /// Which hold.
        hold: HoldId,
        /// At most what it reserved.
        amount: Option<Credits>,
        /// What it is made of, when usage was named.
        items: Vec<Item>,
    },
    /// Free what was reserved. Answer: [`Outcome::Hold`].
    VoidHold {
        /// Which hold.
        hold: HoldId,
    },
    /// Add prepaid credits: bought (`topup`) or by an operator's hand (`grant`). Answer: [`Outcome::Transaction`].
    TopUp {
        /// `TopUp` or `Grant`.
        kind: TransactionKind,
        /// The purchase, when it was one.
        top_up: Option<TopUpId>,
        /// How much.
        amount: Credits,
        /// Why.
        note: Option<String>,
    },
    /// Another plan or other packs: the new capacity is already worked out. Answer: [`Outcome::Changed`].
    SetPlan {
        /// `free` or `gold`.
        plan: String,
        /// The packs.
        packs: Vec<String>,
        /// Credits of both together.
        capacity: Credits,
    },
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct RunEnd {
    /// What is charged; `None`: the run is void, no transaction, not counted, its idempotency key is free again.
    pub charge: Option<Credits>,
    /// What the charge is made of.
    pub items: Vec<Item>,
    /// Input and output tokens.
    pub usage: Option<(u64, u64)>,
    /// From press to end.
    pub duration_ms: u64,
    /// The words.
    pub output: String,
    /// A visitor's stop ended it.
    pub stopped: bool,
    /// The code of the problem that ended it, e.g. `provider_failed`.
    pub problem: Option<String>,
}

/// What kind of row the owner sees.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[allow(missing_docs, reason = "the names are the words of the contract")]
pub enum TransactionKind {
    Run,
    Debit,
    Refund,
    TopUp,
    Grant,
    Pipeline,
    Benchmark,
}

/// One row of the ledger as the owner sees it.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Its id.
    pub id: TransactionId,
    /// Whose it is.
    pub account: AccountId,
    /// What it was.
    pub kind: TransactionKind,
    /// How much moved: out for debits, in for refunds and top-ups.
    pub amount: Credits,
    /// From or to where.
    pub legs: Legs,
    /// What it was made of.
    pub items: Vec<Item>,
    /// Available credits afterwards, and the rest of the balance of that moment.
    pub balance: AccountBalance,
    /// Ledger time.
    pub created_at: Timestamp,
    /// The embed it came through.
    pub embed: Option<EmbedId>,
    /// The visitor who pressed.
    pub visitor: Option<Visitor>,
    /// The run behind it.
    pub run: Option<RunId>,
    /// The debit a refund names.
    pub refunds: Option<TransactionId>,
    /// The caller's note.
    pub note: Option<String>,
}

/// What became of a run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RunState {
    /// Words may still come.
    Running,
    /// Ended and charged (perhaps 0).
    Done,
    /// Void: nothing charged, not counted.
    Void,
}

/// A run as stored.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Who pays.
    pub account: AccountId,
    /// What runs.
    pub pickaxe: PickaxeId,
    /// Where it is embedded.
    pub embed: Option<EmbedId>,
    /// Who pressed.
    pub visitor: Option<Visitor>,
    /// The model, as the owner knows it.
    pub model: String,
    /// Where it stands.
    pub state: RunState,
    /// What was held for it.
    pub held: Credits,
    /// What it cost, once it is done.
    pub charge: Option<Credits>,
    /// Its row in the ledger, once it is done.
    pub transaction: Option<TransactionId>,
    /// Input and output tokens.
    pub usage: Option<(u64, u64)>,
    /// From press to end.
    pub duration_ms: Option<u64>,
    /// The words, while they are kept.
    pub output: Option<String>,
    /// A stop ended it.
    pub stopped: bool,
    /// The code of the problem that ended it.
    pub problem: Option<String>,
    /// The visitor's count as of the last change, when a visitor pressed.
    pub cap: Option<Decision>,
    /// When it was pressed.
    pub created_at: Timestamp,
    /// The server that runs it.
    pub server: ServerId,
}

/// A hold as stored.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// How much it reserves.
    pub amount: Credits,
    /// When it voids itself.
    pub expires_at: Timestamp,
}

/// What a movement came to.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A row of the ledger.
    Transaction(Transaction),
    /// A run, started or ended.
    Run(Run),
    /// A hold, placed or voided.
    Hold(Hold),
    /// The account's numbers changed.
    Changed(AccountBalance),
}

/// An outcome, and whether it is the stored one of an earlier request with the same key.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it came to.
    pub outcome: Outcome,
    /// The same key was here before.
    pub replayed: bool,
}

/// Why a store refuses.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule of the core says no; nothing changed. `next_return` goes with `insufficient_credits`.
    #[error("{error}")]
    Refused {
        /// The rule.
        error: scrip::Error,
        /// What comes back next, and when.
        next_return: Option<(Timestamp, Credits)>,
    },
    /// No such object, or another account's.
    #[error("not found")]
    NotFound,
    /// The hold is settled, void or expired.
    #[error("the hold is closed")]
    HoldClosed,
    /// The embed may not be charged more before that moment.
    #[error("the embed's daily budget is used")]
    BudgetExhausted {
        /// The next midnight in UTC.
        resets_at: Timestamp,
    },
    /// The address is taken.
    #[error("the e-mail address has an account already")]
    EmailTaken,
    /// The document changed since it was read.
    #[error("the document changed since it was read")]
    EditConflict,
    /// The key was used with another body.
    #[error("the idempotency key was used with another body")]
    IdempotencyMismatch,
    /// What is refunded is no debit.
    #[error("only a debit can be refunded")]
    NotADebit,
    /// Too much is queued; try again.
    #[error("the ledger's queue is full")]
    Overloaded,
    /// The database failed; nothing was committed.
    #[error("the database failed: {0}")]
    Database(String),
}

/// One page of a listing, newest first.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

/// What a listing asks for.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// 1–200.
    pub limit: u32,
    /// Where to start.
    pub cursor: Option<String>,
    /// Only this kind.
    pub kind: Option<TransactionKind>,
    /// From, inclusive.
    pub from: Option<Timestamp>,
    /// To, exclusive.
    pub to: Option<Timestamp>,
}

/// How the writer of a store is doing, since it was opened.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    /// Jobs that wait now.
    pub queued: u64,
    /// Jobs that were committed.
    pub jobs: u64,
    /// Transactions they went into.
    pub batches: u64,
    /// The most jobs in one transaction.
    pub largest_batch: u64,
}

/// A database behind Scrip.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Ledger time now: the store's clock, never behind a committed movement.
    fn now(&self) -> Timestamp;
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Moves credits: the only way a balance changes.
    async fn submit(&self, movement: Movement) -> Result<Answer, StoreError>;
    /// What an earlier request with the same key came to, if there was one.
    async fn recall(&self, account: AccountId, request: &Idempotency) -> Result<Option<Outcome>, StoreError>;

    /// A new account with its first key and its capacity.
    async fn create_account(&self, profile: AccountProfile, capacity: Credits, key: NewKey) -> Result<(), StoreError>;
    /// An account without its numbers.
    async fn account(&self, id: AccountId) -> Result<AccountProfile, StoreError>;
    /// All accounts' ids by e-mail, for operators.
    async fn account_by_email(&self, email: &str) -> Result<AccountProfile, StoreError>;
    /// Every account, oldest first, for operators.
    async fn accounts(&self) -> Result<Vec<AccountProfile>, StoreError>;
    /// Its numbers now.
    async fn balance(&self, id: AccountId) -> Result<AccountBalance, StoreError>;
    /// The whole schedule of returns, in order.
    async fn returns(&self, id: AccountId) -> Result<Vec<(Timestamp, Credits)>, StoreError>;

    /// The key whose secret has this hash.
    async fn key_by_secret(&self, secret_hash: [u8; 32]) -> Result<Key, StoreError>;
    /// A key by its public id.
    async fn key(&self, id: KeyId) -> Result<Key, StoreError>;
    /// An account's keys.
    async fn keys(&self, account: AccountId) -> Result<Vec<Key>, StoreError>;
    /// One more key.
    async fn create_key(&self, key: NewKey) -> Result<(), StoreError>;
    /// One key less.
    async fn delete_key(&self, account: AccountId, id: KeyId) -> Result<(), StoreError>;

    /// A new pickaxe.
    async fn create_pickaxe(
        &self,
        account: AccountId,
        id: PickaxeId,
        body: String,
    ) -> Result<Document<PickaxeId>, StoreError>;
    /// A pickaxe, whoever asks.
    async fn pickaxe(&self, id: PickaxeId) -> Result<Document<PickaxeId>, StoreError>;
    /// An account's pickaxes.
    async fn pickaxes(&self, account: AccountId, query: ListQuery) -> Result<Page<Document<PickaxeId>>, StoreError>;
    /// Replaces a pickaxe; `expected` is the version of `If-Match`.
    async fn update_pickaxe(
        &self,
        account: AccountId,
        id: PickaxeId,
        expected: Option<u64>,
        body: String,
    ) -> Result<Document<PickaxeId>, StoreError>;
    /// Deletes a pickaxe and its embeds.
    async fn delete_pickaxe(&self, account: AccountId, id: PickaxeId) -> Result<(), StoreError>;

    /// A new embed of a pickaxe.
    async fn create_embed(
        &self,
        account: AccountId,
        pickaxe: PickaxeId,
        id: EmbedId,
        body: String,
    ) -> Result<Embed, StoreError>;
    /// An embed, whoever asks.
    async fn embed(&self, id: EmbedId) -> Result<Embed, StoreError>;
    /// A pickaxe's embeds.
    async fn embeds(&self, account: AccountId, pickaxe: PickaxeId, query: ListQuery)
    -> Result<Page<Embed>, StoreError>;
    /// Replaces an embed's settings.
    async fn update_embed(
        &self,
        account: AccountId,
        id: EmbedId,
        expected: Option<u64>,
        body: String,
    ) -> Result<Embed, StoreError>;
    /// Deletes an embed.
    async fn delete_embed(&self, account: AccountId, id: EmbedId) -> Result<(), StoreError>;
    /// Whether any embed of the server allows this origin (for CORS preflights).
    async fn origin_is_known(&self, origin: &str) -> Result<bool, StoreError>;

    /// What a visitor may do now.
    async fn visitor(&self, rule: &CapRule) -> Result<Decision, StoreError>;

    /// A run.
    async fn run(&self, id: RunId) -> Result<Run, StoreError>;
    /// Extends this server's lease; called every few seconds.
    async fn renew_lease(&self, server: ServerId) -> Result<(), StoreError>;
    /// Voids what expired leases and expired holds still reserve; how many.
    async fn release_expired(&self) -> Result<u64, StoreError>;
    /// Drops words of runs that ended more than this many seconds ago.
    async fn forget_outputs(&self, older_than_seconds: u64) -> Result<(), StoreError>;

    /// The owner's rows.
    async fn transactions(&self, account: AccountId, query: ListQuery) -> Result<Page<Transaction>, StoreError>;
    /// One row.
    async fn transaction(&self, account: AccountId, id: TransactionId) -> Result<Transaction, StoreError>;
    /// Replays every entry and checks every invariant; the findings, none when all is well.
    async fn verify(&self) -> Result<Vec<String>, StoreError>;
    /// How the writer is doing, for metrics.
    fn stats(&self) -> Stats;
    /// Stops taking jobs, commits what is queued, checkpoints.
    async fn close(&self) -> Result<(), StoreError>;
}

/// An embed: its settings document and the pickaxe it shows.
#[derive(Clone, Debug)]
pub struct Embed {
    /// The pickaxe.
    pub pickaxe: PickaxeId,
    /// The settings.
    pub settings: Document<EmbedId>,
}
