//! Moves committed pages from the write-ahead log into the database, beside the writer instead of in its way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use rusqlite::Connection;

/// Pages written to the log after which the background copies them.
const BACKGROUND_PAGES: u64 = 2_000;
/// Pages in the log after which the writer itself copies the rest, so that the log starts anew: 64 MiB. By then nearly all
/// of them are copied.
const FULL_PAGES: u64 = 16_384;

/// The writer's side of it.
pub(super) struct Checkpointer {
    wake: Option<mpsc::SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Pages in the log at the last commit.
    pages: Arc<AtomicU64>,
    /// Pages in the log when it was last copied.
    copied: u64,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own, and watches the commits of the writer's.
    pub(super) fn start(conn: Connection, writer: &mut Connection) -> Result<Self, String> {
        let (wake, woken) = mpsc::sync_channel(1);
        let thread = std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || {
            while woken.recv().is_ok() {
                run(&conn, "PASSIVE");
            }
        });
        let pages = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&pages);
        let hook = move |_: &mut _, pages| {
            seen.store(u64::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        };
        writer.wal_hook(Some(hook)).map_err(|error| error.to_string())?;
        Ok(Self { wake: Some(wake), thread: Some(thread.map_err(|error| error.to_string())?), pages, copied: 0 })
    }

    /// Called by the writer between two transactions.
    pub(super) fn after_commit(&mut self, conn: &Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.copied {
            // The log has started anew.
            self.copied = 0;
        }
        if pages.saturating_sub(self.copied) < BACKGROUND_PAGES {
            return;
        }
        self.copied = pages;
        if pages >= FULL_PAGES {
            run(conn, "PASSIVE");
        } else if let Some(wake) = &self.wake {
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

fn run(conn: &Connection, mode: &str) {
    if let Err(error) = conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(())) {
        tracing::warn!(%error, mode, "a checkpoint failed; the log grows until the next one");
    }
}
