//! One thread writes. It takes whatever is queued, runs it in one transaction, commits, and only then answers.
//!
//! Nobody waits for a timer: a lone job commits at once, and while one commit is under way the next batch gathers.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use rusqlite::Connection;
use scrip::Timestamp;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use super::{batch::Batch, checkpoint::Checkpointer, error::Fault};
use crate::store::{Stats, StoreError, clock::Clock};

/// Something to do inside a transaction, and whom to answer.
trait Job: Send {
    /// Does it; the outcome is kept until the batch is durable.
    fn run(&mut self, batch: &mut Batch<'_>) -> Result<(), Fault>;
    /// Replaces the kept outcome, because the whole batch failed.
    fn fail(&mut self, failure: &str);
    /// Answers whoever waits.
    fn answer(&mut self);
    /// Where whoever waits lives.
    fn home(&self) -> Option<&Handle>;
}

/// Jobs whose outcome is known.
struct Answers(Vec<Box<dyn Job>>);

impl Answers {
    /// Lets a task of the callers' runtime wake them: one call across threads for a batch instead of one for each job.
    fn give(self) {
        if let Some(home) = self.0.first().and_then(|job| job.home().cloned()) {
            home.spawn(async move { drop(self) });
        }
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|job| job.answer());
    }
}

struct Task<T, W> {
    work: Option<W>,
    outcome: Option<Result<T, StoreError>>,
    reply: Option<oneshot::Sender<Result<T, StoreError>>>,
    home: Option<Handle>,
}

impl<T, W> Job for Task<T, W>
where
    T: Send,
    W: FnOnce(&mut Batch<'_>) -> Result<T, Fault> + Send,
{
    fn run(&mut self, batch: &mut Batch<'_>) -> Result<(), Fault> {
        let Some(work) = self.work.take() else { return Ok(()) };
        match batch.job(work) {
            Err(fault) if fault.breaks_batch() => return Err(fault),
            outcome => self.outcome = Some(outcome.map_err(Fault::into_answer)),
        }
        Ok(())
    }

    fn fail(&mut self, failure: &str) {
        self.outcome = Some(Err(StoreError::Database(failure.to_owned())));
    }

    fn answer(&mut self) {
        if let Some(reply) = self.reply.take()
            && let Some(outcome) = self.outcome.take()
        {
            // Whoever asked may be gone; what was committed stays committed.
            drop(reply.send(outcome));
        }
    }

    fn home(&self) -> Option<&Handle> {
        self.home.as_ref()
    }
}

/// What the writer and its callers share.
#[derive(Default)]
pub(super) struct Shared {
    /// Ledger time of the last commit, in milliseconds.
    pub(super) time: AtomicI64,
    jobs: AtomicU64,
    batches: AtomicU64,
    largest: AtomicU64,
}

/// The way to the writing thread.
pub(super) struct Writer {
    queue: RwLock<Option<mpsc::Sender<Box<dyn Job>>>>,
    pub(super) shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// How the writer works.
pub(super) struct Limits {
    pub(super) queue: usize,
    pub(super) batch: usize,
}

impl Writer {
    /// Runs a first job on this thread, so that nobody is answered before it is durable, and then starts the writing one.
    /// `last` is the time and the number of the last commit.
    pub(super) fn start<T, W>(
        conn: Connection,
        clock: Clock,
        last: (Timestamp, i64),
        limits: &Limits,
        checkpointer: Checkpointer,
        first: W,
    ) -> Result<(Self, T), StoreError>
    where
        T: Send,
        W: FnOnce(&mut Batch<'_>) -> Result<T, Fault> + Send,
    {
        let (queue, jobs) = mpsc::channel(limits.queue);
        let (time, sequence) = last;
        let shared = Arc::new(Shared { time: AtomicI64::new(time.as_millis()), ..Shared::default() });
        let mut worker =
            Worker { conn, clock, time, sequence, shared: Arc::clone(&shared), limit: limits.batch, checkpointer };
        let mut first = Task { work: Some(first), outcome: None, reply: None, home: None };
        worker.commit(&mut [&mut first]);
        let outcome = first.outcome.unwrap_or_else(|| Err(lost()))?;
        let thread = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || worker.work(jobs))
            .map_err(|error| StoreError::Database(format!("no thread could be started: {error}")))?;
        Ok((Self { queue: RwLock::new(Some(queue)), shared, thread: Mutex::new(Some(thread)) }, outcome))
    }

    /// Queues a job and waits until what it did is durable.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Batch<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let answer = self.queue(work)?;
        answer.await.unwrap_or_else(|_| Err(lost()))
    }

    fn queue<T, W>(&self, work: W) -> Result<oneshot::Receiver<Result<T, StoreError>>, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Batch<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or_else(closed)?;
        queue
            .try_send(Box::new(Task {
                work: Some(work),
                outcome: None,
                reply: Some(reply),
                home: Handle::try_current().ok(),
            }))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => closed(),
            })?;
        Ok(answer)
    }

    /// How the writer is doing.
    pub(super) fn stats(&self) -> Stats {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        let queued = queue.as_ref().map_or(0, |queue| queue.max_capacity().saturating_sub(queue.capacity()));
        Stats {
            queued: u64::try_from(queued).unwrap_or(u64::MAX),
            jobs: self.shared.jobs.load(Ordering::Relaxed),
            batches: self.shared.batches.load(Ordering::Relaxed),
            largest_batch: self.shared.largest.load(Ordering::Relaxed),
        }
    }

    /// Takes no more jobs, commits what is queued and waits for the last checkpoint.
    pub(super) fn close(&self) {
        drop(self.queue.write().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            drop(thread.join());
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

fn closed() -> StoreError {
    StoreError::Database("the store is closed".to_owned())
}

fn lost() -> StoreError {
    StoreError::Database("the job failed and was rolled back".to_owned())
}

struct Worker {
    conn: Connection,
    clock: Clock,
    time: Timestamp,
    sequence: i64,
    shared: Arc<Shared>,
    limit: usize,
    checkpointer: Checkpointer,
}

impl Worker {
    fn work(mut self, mut queue: mpsc::Receiver<Box<dyn Job>>) {
        while let Some(first) = queue.blocking_recv() {
            let mut jobs = vec![first];
            while jobs.len() < self.limit {
                let Ok(job) = queue.try_recv() else { break };
                jobs.push(job);
            }
            let mut batch: Vec<&mut dyn Job> = jobs.iter_mut().map(|job| job.as_mut() as &mut dyn Job).collect();
            self.commit(&mut batch);
            Answers(jobs).give();
            self.checkpointer.after_commit(&self.conn);
        }
        self.checkpointer.finish(&self.conn);
    }

    fn commit(&mut self, jobs: &mut [&mut dyn Job]) {
        // A fault of ours in one job must not end the ledger: the batch is rolled back and the thread goes on.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.transaction(jobs)));
        let failure = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(fault)) => Some(fault.into_answer().to_string()),
            Err(panic) => Some(format!("a job panicked: {}", message(panic.as_ref()))),
        };
        if let Some(failure) = &failure {
            tracing::error!(jobs = jobs.len(), failure, "a batch was rolled back");
            self.roll_back();
        } else {
            let count = u64::try_from(jobs.len()).unwrap_or(u64::MAX);
            self.shared.jobs.fetch_add(count, Ordering::Relaxed);
            self.shared.batches.fetch_add(1, Ordering::Relaxed);
            self.shared.largest.fetch_max(count, Ordering::Relaxed);
        }
        if let Some(failure) = &failure {
            jobs.iter_mut().for_each(|job| job.fail(failure));
        }
    }

    fn transaction(&mut self, jobs: &mut [&mut dyn Job]) -> Result<(), Fault> {
        let now = (self.clock)().max(self.time);
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut batch = Batch::new(&self.conn, now, self.sequence);
        for job in jobs.iter_mut() {
            job.run(&mut batch)?;
        }
        batch.flush()?;
        let sequence = batch.sequence();
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        self.sequence = sequence;
        self.time = now;
        self.shared.time.store(now.as_millis(), Ordering::Release);
        Ok(())
    }

    /// Leaves the transaction, if the database has not left it by itself.
    fn roll_back(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "the transaction could not be rolled back");
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
