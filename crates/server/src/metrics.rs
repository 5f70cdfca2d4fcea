//! What operators watch, as Prometheus text.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::store::Stats;

/// Counters since the start of the process.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by hundreds of their status.
    requests: [AtomicU64; 6],
    /// Runs that were charged.
    pub runs_done: AtomicU64,
    /// Runs that cost nothing.
    pub runs_void: AtomicU64,
    /// Debits through the debit endpoint and settled holds.
    pub debits: AtomicU64,
    /// Requests refused by the rate limit.
    pub rate_limited: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, status: u16) {
        if let Some(counter) = self.requests.get(usize::from(status / 100)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// One more.
    pub fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }

    /// As Prometheus reads it.
    #[must_use]
    pub fn text(&self, running: usize, store: Stats) -> String {
        let mut text = String::from("# TYPE scrip_requests_total counter\n");
        for (class, counter) in self.requests.iter().enumerate().skip(1) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "scrip_requests_total{{status=\"{class}xx\"}} {}", counter.load(Relaxed));
        }
        let _ = writeln!(text, "# TYPE scrip_runs_total counter");
        let _ = writeln!(text, "scrip_runs_total{{end=\"done\"}} {}", self.runs_done.load(Relaxed));
        let _ = writeln!(text, "scrip_runs_total{{end=\"void\"}} {}", self.runs_void.load(Relaxed));
        for (name, counter) in [("debits", &self.debits), ("rate_limited", &self.rate_limited)] {
            let _ = writeln!(text, "# TYPE scrip_{name}_total counter\nscrip_{name}_total {}", counter.load(Relaxed));
        }
        let _ = writeln!(text, "# TYPE scrip_runs_running gauge\nscrip_runs_running {running}");
        let _ = writeln!(text, "# TYPE scrip_store_queue gauge\nscrip_store_queue {}", store.queued);
        let _ = writeln!(text, "# TYPE scrip_store_jobs_total counter\nscrip_store_jobs_total {}", store.jobs);
        let _ = writeln!(text, "# TYPE scrip_store_commits_total counter\nscrip_store_commits_total {}", store.batches);
        let _ =
            writeln!(text, "# TYPE scrip_store_largest_batch gauge\nscrip_store_largest_batch {}", store.largest_batch);
        text
    }
}
