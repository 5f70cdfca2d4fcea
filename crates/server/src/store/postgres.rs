//! The store for several servers: PostgreSQL. Writing connections commit whatever is queued together, each for its share of
//! the accounts; whatever belongs to an account is guarded by the lock of its row in `balances`.

mod accounts;
mod api;
mod batch;
mod changes;
mod columns;
mod documents;
mod draft;
mod entries;
mod error;
mod holds;
mod idempotency;
mod items;
mod ledger;
mod load;
mod migrate;
mod pool;
mod queries;
mod replay;
mod runs;
mod save;
mod verify;
mod visitors;
mod wants;
mod writer;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Instant,
};

use scrip::Timestamp;
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
};

pub use self::error::OpenError;
use self::{
    error::Fault,
    pool::Connections,
    writer::{Job, Work, Worker},
};
use super::{Answer, StoreError, clock::Clock};

/// How a store is opened.
#[derive(Clone)]
pub struct PostgresOptions {
    /// Tells the time instead of the database, for tests.
    pub clock: Option<Clock>,
    /// How many jobs may wait for each writer; beyond that the store is overloaded.
    pub queue: usize,
    /// How many jobs go into one transaction at most.
    pub batch: usize,
    /// How many connections write, each for its share of the accounts.
    pub writers: usize,
    /// How many connections read.
    pub readers: usize,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self { clock: None, queue: 2048, batch: 512, writers: 4, readers: 8 }
    }
}

/// What the writers and their callers share.
struct Shared {
    connections: Connections,
    clock: Option<Clock>,
    /// The database's clock, as milliseconds ahead of `begin`.
    offset: AtomicI64,
    begin: Instant,
    /// Ledger time of this server's last commit, in milliseconds.
    time: AtomicI64,
    jobs: AtomicU64,
    batches: AtomicU64,
    largest: AtomicU64,
}

impl Shared {
    /// Ledger time now, as this server knows it.
    fn now(&self) -> Timestamp {
        let now = match &self.clock {
            Some(clock) => clock().as_millis(),
            None => self.offset.load(Ordering::Relaxed).saturating_add(self.elapsed()),
        };
        let now = now.max(self.time.load(Ordering::Acquire));
        Timestamp::from_millis(now).unwrap_or(Timestamp::MAX)
    }

    fn elapsed(&self) -> i64 {
        i64::try_from(self.begin.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// Sets this server's clock by the database's.
    async fn set_clock(&self) -> Result<(), Fault> {
        let sent = self.elapsed();
        let clock = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        if let Some(row) = self.connections.query_opt(clock, &[]).await? {
            let middle = sent.midpoint(self.elapsed());
            self.offset.store(row.try_get::<_, i64>(0)?.saturating_sub(middle), Ordering::Relaxed);
        }
        Ok(())
    }
}

/// A ledger in a PostgreSQL database, or in a schema of one. Any number of servers use it at once.
pub struct PostgresStore {
    shared: Arc<Shared>,
    queues: RwLock<Vec<mpsc::Sender<Job>>>,
    writers: Mutex<Vec<JoinHandle<()>>>,
}

impl PostgresStore {
    /// Opens a database, bringing it to this program's format if need be.
    ///
    /// # Errors
    /// [`OpenError`]: one line for the operator.
    pub async fn open(address: &str, options: &PostgresOptions) -> Result<Self, OpenError> {
        let connections = Connections::new(address, options.writers.saturating_add(options.readers))?;
        migrate::migrate(&mut connections.get().await?).await?;
        // The last rows' time: whatever clock this server has, it does not begin before that.
        let last = "SELECT max(at) FROM (SELECT at FROM entries ORDER BY id DESC LIMIT 100) e";
        let last = connections.query_opt(last, &[]).await?;
        let last = last.map(|row| row.try_get::<_, Option<i64>>(0)).transpose()?.flatten();
        let shared = Arc::new(Shared {
            connections,
            clock: options.clock.clone(),
            offset: AtomicI64::new(0),
            begin: Instant::now(),
            time: AtomicI64::new(last.unwrap_or(Timestamp::MIN.as_millis())),
            jobs: AtomicU64::new(0),
            batches: AtomicU64::new(0),
            largest: AtomicU64::new(0),
        });
        shared.set_clock().await?;
        let (mut queues, mut writers) = (Vec::new(), Vec::new());
        for _ in 0..options.writers.max(1) {
            let (queue, jobs) = mpsc::channel(options.queue);
            writers.push(tokio::spawn(Worker::new(Arc::clone(&shared), options.batch).work(jobs)));
            queues.push(queue);
        }
        Ok(Self { shared, queues: RwLock::new(queues), writers: Mutex::new(writers) })
    }

    /// Queues work for its account's writer and waits until what it did is durable.
    async fn write(&self, work: Work) -> Result<Answer, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue(work.account())?.try_send(Job { work, reply }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => error::closed(),
        })?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Database("the writer ended".to_owned())))
    }

    fn queue(&self, account: crate::ids::AccountId) -> Result<mpsc::Sender<Job>, StoreError> {
        let queues = self.queues.read().unwrap_or_else(PoisonError::into_inner);
        let mut hasher = DefaultHasher::new();
        account.hash(&mut hasher);
        let count = u64::try_from(queues.len()).unwrap_or(1).max(1);
        let place = usize::try_from(hasher.finish() % count).unwrap_or(0);
        queues.get(place).cloned().ok_or_else(error::closed)
    }
}
