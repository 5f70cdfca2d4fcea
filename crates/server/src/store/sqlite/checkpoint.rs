//! Moves committed pages from the write-ahead log into the database, beside the writer instead of in its way.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use rusqlite::Connection;

/// Pages in the log after which the background copies them.
const START_PAGES: u64 = 2_000;
/// Pages after which the writer itself lets the log start anew: 64 MiB. By then nearly all of them are copied.
const RESTART_PAGES: u64 = 16_384;
/// Commits between two looks at the log.
const COMMITS_BETWEEN: u32 = 32;

/// The writer's side of it.
pub(super) struct Checkpointer {
    wake: Option<mpsc::SyncSender<()>>,
    pages: Arc<AtomicU64>,
    commits: u32,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own.
    pub(super) fn start(conn: Connection) -> std::io::Result<Self> {
        let (wake, woken) = mpsc::sync_channel(1);
        let pages = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&pages);
        let thread = std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || {
            while woken.recv().is_ok() {
                let log = run(&conn, "PASSIVE");
                seen.store(log, Ordering::Relaxed);
            }
        })?;
        Ok(Self { wake: Some(wake), pages, commits: 0, thread: Some(thread) })
    }

    /// Called by the writer between two transactions.
    pub(super) fn after_commit(&mut self, conn: &Connection) {
        self.commits = self.commits.saturating_add(1);
        if self.commits < COMMITS_BETWEEN {
            return;
        }
        self.commits = 0;
        if self.pages.load(Ordering::Relaxed) >= RESTART_PAGES {
            self.pages.store(0, Ordering::Relaxed);
            run(conn, "RESTART");
        } else if log_pages(conn) >= START_PAGES
            && let Some(wake) = &self.wake
        {
            // Full: it is already awake.
            let _ = wake.try_send(());
        }
    }

    /// Copies everything and empties the log.
    pub(super) fn finish(&mut self, conn: &Connection) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
        run(conn, "TRUNCATE");
    }
}

/// The length of the log's file, which never shrinks while it is used: a cheap upper bound.
fn log_pages(conn: &Connection) -> u64 {
    let log = conn.path().map(|path| format!("{path}-wal"));
    let length = log.and_then(|log| std::fs::metadata(Path::new(&log)).ok()).map_or(0, |file| file.len());
    length / 4096
}

/// Runs a checkpoint and returns how many pages the log holds.
fn run(conn: &Connection, mode: &str) -> u64 {
    let outcome = conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get::<_, i64>(1));
    match outcome {
        Ok(pages) => u64::try_from(pages).unwrap_or(0),
        Err(error) => {
            tracing::warn!(%error, mode, "a checkpoint failed; the log grows until the next one");
            0
        }
    }
}
