//! Tasks that write. Each takes whatever is queued for its accounts, runs it in one transaction, and answers after COMMIT.
//!
//! Nobody waits for a timer: a lone job commits at once, and while one commit is under way the next batch gathers.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use deadpool_postgres::Client;
use scrip::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::{
    Shared,
    batch::Batch,
    error::{Fault, Remedy},
    ledger::{self, Pending},
    load, replay, save,
    wants::Wants,
};
use crate::{
    ids::AccountId,
    store::{Answer, Movement, Outcome, StoreError},
};

/// How long jobs wait for a database that is gone before they are answered that it is.
const PATIENCE: Duration = Duration::from_secs(20);

/// Something to do in a transaction.
pub(super) enum Work {
    /// A movement.
    Move(Box<Movement>),
    /// Close what has expired: loading the account is enough.
    FreeExpired(AccountId),
}

impl Work {
    /// Whose it is.
    pub(super) fn account(&self) -> AccountId {
        match self {
            Self::Move(movement) => movement.account,
            Self::FreeExpired(account) => *account,
        }
    }
}

/// Something to do, and whom to answer.
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) reply: oneshot::Sender<Result<Answer, StoreError>>,
}

type Answers = Vec<Result<Answer, StoreError>>;

/// Why an attempt failed.
struct Failure {
    fault: Fault,
    /// The end of the transaction was sent: these answers hold if it arrived.
    doubtful: Option<(Answers, Timestamp)>,
}

impl<F: Into<Fault>> From<F> for Failure {
    fn from(fault: F) -> Self {
        Self { fault: fault.into(), doubtful: None }
    }
}

/// One writing connection.
pub(super) struct Worker {
    shared: Arc<Shared>,
    limit: usize,
    /// Its row in `writers`.
    name: uuid::Uuid,
    /// Of its last attempt.
    number: i64,
    client: Option<Client>,
    down_since: Option<Instant>,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>, limit: usize) -> Self {
        Self { shared, limit, name: uuid::Uuid::now_v7(), number: 0, client: None, down_since: None }
    }

    /// Works until the queue is closed and empty.
    pub(super) async fn work(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.recv().await {
            let mut jobs = vec![first];
            while jobs.len() < self.limit {
                let Ok(job) = queue.try_recv() else { break };
                jobs.push(job);
            }
            self.perform(jobs).await;
        }
    }

    async fn perform(&mut self, jobs: Vec<Job>) {
        let (work, replies): (Vec<Work>, Vec<_>) = jobs.into_iter().map(|job| (job.work, job.reply)).unzip();
        let answers = match self.commit(&work).await {
            Ok(answers) => answers,
            // What one of them brings with it must not hurt the others.
            Err(fault) if work.len() > 1 && fault.remedy() == Remedy::None => {
                let mut answers = Vec::with_capacity(work.len());
                for one in &work {
                    let answer = self.commit(std::slice::from_ref(one)).await.map_err(Fault::into_answer);
                    answers.push(answer.and_then(|mut answers| answers.pop().unwrap_or(Err(lost()))));
                }
                answers
            }
            Err(fault) => {
                let answer = fault.into_answer();
                work.iter().map(|_| Err(again(&answer))).collect()
            }
        };
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever asked may be gone; what was committed stays committed.
            drop(reply.send(answer));
        }
    }

    /// Tries until it is done, or refused, or patience ends.
    async fn commit(&mut self, work: &[Work]) -> Result<Answers, Fault> {
        let mut doubtful = None;
        loop {
            let failure = match self.attempt(work, doubtful.take()).await {
                Ok((answers, now)) => {
                    self.down_since = None;
                    self.shared.committed(now, work.len());
                    return Ok(answers);
                }
                Err(failure) => failure,
            };
            doubtful = failure.doubtful;
            match failure.fault.remedy() {
                Remedy::None => {
                    self.roll_back().await;
                    return Err(failure.fault);
                }
                Remedy::Again => self.roll_back().await,
                Remedy::Reconnect => {
                    self.client = None;
                    let since = *self.down_since.get_or_insert_with(Instant::now);
                    tracing::warn!(fault = failure.fault.explain(), "the database is gone; it is tried again");
                    if since.elapsed() > PATIENCE {
                        return Err(failure.fault);
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// Leaves the transaction; a connection that cannot is dropped.
    async fn roll_back(&mut self) {
        if let Some(client) = &self.client
            && client.batch_execute("ROLLBACK").await.is_err()
        {
            self.client = None;
        }
    }

    async fn attempt(
        &mut self,
        work: &[Work],
        doubtful: Option<(Answers, Timestamp)>,
    ) -> Result<(Answers, Timestamp), Failure> {
        if self.client.is_none() {
            match self.connect().await {
                Ok(client) => self.client = Some(client),
                Err(fault) => return Err(Failure { fault, doubtful }),
            }
        }
        let Some(client) = &self.client else { return Err(Fault::Unreachable("no connection".to_owned()).into()) };
        if let Some((answers, now)) = doubtful {
            match last_batch(client, self.name).await {
                Ok(last) if last == self.number => return Ok((answers, now)),
                Ok(_) => {}
                Err(fault) => return Err(Failure { fault, doubtful: Some((answers, now)) }),
            }
        }
        self.number = self.number.saturating_add(1);
        transact(client, &self.shared, work, (self.name, self.number)).await
    }

    async fn connect(&self) -> Result<Client, Fault> {
        let client = self.shared.connections.get().await?;
        client.batch_execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
        Ok(client)
    }
}

/// The number of this writer's last batch that was committed. Where a lost connection's transaction is still under way, its
/// row waits for the end of that.
async fn last_batch(client: &Client, name: uuid::Uuid) -> Result<i64, Fault> {
    let last = "INSERT INTO writers (public, batch) VALUES ($1, 0)
                ON CONFLICT (public) DO UPDATE SET seen_at = now() RETURNING batch";
    Ok(client.query_one(last, &[&name]).await?.try_get(0)?)
}

async fn transact(
    client: &Client,
    shared: &Shared,
    work: &[Work],
    name: (uuid::Uuid, i64),
) -> Result<(Answers, Timestamp), Failure> {
    let wants = Wants::of(work.iter());
    let begun = load::begin(client, &wants, name).await?;
    let now = shared.ledger_time(&begun)?;
    let mut batch = load::load(client, &wants, &begun, now).await?;
    let outcomes = catch_unwind(AssertUnwindSafe(|| apply(&mut batch, work)));
    let outcomes = outcomes
        .map_err(|panic| Fault::Answer(StoreError::Database(format!("a job panicked: {}", message(panic.as_ref())))))?;
    let moved = batch.accounts.values().any(|moving| moving.moved);
    let later = replay::targets(&outcomes);
    let writes = save::writes(&mut batch);
    if !moved {
        let replayed = replay::read(client, &later).await?;
        client.batch_execute("ROLLBACK").await?;
        return Ok((replay::answers(outcomes, &replayed), now));
    }
    if later.is_empty() {
        let answers = replay::answers(outcomes, &replay::Replayed::default());
        return match writes.send(client, true).await {
            Ok(()) => Ok((answers, now)),
            Err(fault) => Err(Failure { fault, doubtful: Some((answers, now)) }),
        };
    }
    writes.send(client, false).await?;
    let replayed = replay::read(client, &later).await?;
    let answers = replay::answers(outcomes, &replayed);
    match save::commit(client).await {
        Ok(()) => Ok((answers, now)),
        Err(fault) => Err(Failure { fault, doubtful: Some((answers, now)) }),
    }
}

fn apply(batch: &mut Batch, work: &[Work]) -> Vec<Result<(Pending, bool), Fault>> {
    work.iter()
        .enumerate()
        .map(|(place, work)| match work {
            Work::Move(movement) => ledger::submit(batch, place, movement),
            Work::FreeExpired(account) => {
                let moving = batch.take(*account)?;
                let balance = moving.balance();
                batch.put(moving);
                Ok((Pending::Now(Box::new(Outcome::Changed(balance))), false))
            }
        })
        .collect()
}

fn lost() -> StoreError {
    StoreError::Database("the job failed and was rolled back".to_owned())
}

/// The same answer for another job of the batch.
fn again(answer: &StoreError) -> StoreError {
    match answer {
        StoreError::Overloaded => StoreError::Overloaded,
        other => StoreError::Database(other.to_string()),
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

impl Shared {
    fn committed(&self, now: Timestamp, jobs: usize) {
        let count = u64::try_from(jobs).unwrap_or(u64::MAX);
        self.passed(now);
        self.jobs.fetch_add(count, Ordering::Relaxed);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.largest.fetch_max(count, Ordering::Relaxed);
    }

    /// Something was committed at that moment: time never runs back behind it.
    pub(super) fn passed(&self, now: Timestamp) {
        self.time.fetch_max(now.as_millis(), Ordering::AcqRel);
    }

    /// The moment of a batch: the database's clock under the locks, never before what was committed to its accounts or by
    /// this server.
    fn ledger_time(&self, begun: &load::Begun) -> Result<Timestamp, Fault> {
        let mut now = match &self.clock {
            Some(clock) => clock().as_millis(),
            None => begun.clock,
        };
        now = now.max(self.time.load(Ordering::Acquire));
        for row in &begun.accounts {
            now = now.max(row.try_get(7)?);
        }
        Ok(Timestamp::from_millis(now)?)
    }
}
