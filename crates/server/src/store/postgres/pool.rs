//! Connections, and questions that are asked again when one breaks.

use std::time::{Duration, Instant};

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio_postgres::{Config, NoTls, Row, types::ToSql};

use super::error::{Fault, OpenError, Remedy};

/// How long a question waits for a database that is gone.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one attempt to connect may take.
const CONNECT: Duration = Duration::from_secs(5);

/// What a statement is given.
pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Opened when they are needed.
pub(super) struct Connections {
    pool: Pool,
}

impl Connections {
    /// At most `count` connections.
    pub(super) fn new(address: &str, count: usize) -> Result<Self, OpenError> {
        let bad = |error: &dyn std::fmt::Display| OpenError::Address(error.to_string());
        let mut config: Config = address.parse().map_err(|error| bad(&error))?;
        if config.get_application_name().is_none() {
            config.application_name("scrip");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        // A peer that is gone without a word is noticed: a writer must not wait for it for hours.
        config.keepalives_idle(Duration::from_secs(10));
        config.tcp_user_timeout(Duration::from_secs(15));
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(CONNECT), recycle: Some(CONNECT) };
        let pool = Pool::builder(manager).max_size(count).timeouts(timeouts).runtime(Runtime::Tokio1).build();
        Ok(Self { pool: pool.map_err(|error| bad(&error))? })
    }

    /// A connection.
    pub(super) async fn get(&self) -> Result<Client, Fault> {
        Ok(self.pool.get().await?)
    }

    /// Asks a question that changes nothing.
    pub(super) async fn query(&self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Fault> {
        let begin = Instant::now();
        loop {
            match self.ask(sql, values).await {
                Err(fault) if fault.remedy() != Remedy::None && begin.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn ask(&self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Fault> {
        let client = self.get().await?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.query(&statement, values).await?)
    }

    /// A question that has one answer at most.
    pub(super) async fn query_opt(&self, sql: &str, values: Values<'_>) -> Result<Option<Row>, Fault> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    /// Changes something by one statement; how many rows.
    pub(super) async fn execute(&self, sql: &str, values: Values<'_>) -> Result<u64, Fault> {
        let client = self.get().await?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.execute(&statement, values).await?)
    }

    /// Lets no more questions in.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}
