//! Connections that read beside the writer, each on what was committed when its question began.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::{sync::Semaphore, task};

use super::{error::Fault, open};
use crate::store::StoreError;

/// A small pool.
pub(super) struct Readers {
    folder: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Readers {
    /// At most `count` connections, opened when they are needed.
    pub(super) fn new(folder: &Path, count: usize) -> Self {
        Self { folder: folder.to_owned(), idle: Mutex::new(Vec::new()), permits: Semaphore::new(count) }
    }

    /// Asks a question on a thread that may wait for the disk.
    pub(super) async fn read<T, Q>(self: &std::sync::Arc<Self>, question: Q) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let closed = || StoreError::Database("the store is closed".to_owned());
        let _permit = self.permits.acquire().await.map_err(|_| closed())?;
        let readers = std::sync::Arc::clone(self);
        task::spawn_blocking(move || readers.ask(question))
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(format!("a query panicked: {error}"))))
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => open::reader(&self.folder).map_err(|error| Fault::from(error).into_answer())?,
        };
        let answer = question(&conn).map_err(Fault::into_answer);
        if conn.is_autocommit() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
        answer
    }

    /// Lets no more questions in and closes what is idle.
    pub(super) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
