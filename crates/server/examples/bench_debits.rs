//! Durable debits over HTTP against raw SQLite group commit of the same rows, both in one run.
//!
//! `SCRIP_BIN` names the server. Prints one JSON line per figure. The rounds of both sides alternate and medians are
//! compared: on a machine that does other things at the same time, ratios hold better than absolutes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/load.rs"]
mod load;
#[path = "support/raw.rs"]
mod raw;
#[path = "support/mod.rs"]
mod support;

use std::{path::Path, time::Duration};

use anyhow::Result;
use scrip_server::{
    ids::AccountId,
    store::{
        Action, Movement, Store,
        sqlite::{SqliteOptions, SqliteStore},
    },
};

use self::{load::Load, support::Server};

const CONNECTIONS: usize = 64;
const MEMORY_MIB: f64 = 64.0;

fn main() -> Result<()> {
    let rounds: usize = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let seconds: f64 = std::env::var("SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3.0);
    let binary = support::binary()?;
    let folder = tempfile::tempdir()?;
    let length = Duration::from_secs_f64(seconds);
    let rolling = side(&binary, &folder.path().join("rolling"), "rolling", true, rounds, length)?;
    side(&binary, &folder.path().join("prepaid"), "prepaid", false, rounds, length)?;
    let sync = raw::fdatasync(folder.path(), 2000)?;
    line("fdatasync 4 KiB, p50", sync.as_secs_f64() * 1e6, "µs", None);
    line(
        "p99 at 64 connections, in fdatasync p50",
        rolling.p99.as_secs_f64() / sync.as_secs_f64(),
        "×",
        Some((60.0, false)),
    );
    line(
        "p50 at 1 connection, in fdatasync p50",
        rolling.p50_alone.as_secs_f64() / sync.as_secs_f64(),
        "×",
        Some((4.0, false)),
    );
    Ok(())
}

struct Side {
    p99: Duration,
    p50_alone: Duration,
}

/// One kind of account: all debits from the allowance (each queued to return), or all from prepaid credits.
fn side(binary: &Path, data: &Path, name: &str, rolling: bool, rounds: usize, length: Duration) -> Result<Side> {
    let (account, secret) = support::new_owner(binary, data, "bench@example.com")?;
    fund(data, account.parse()?, rolling)?;
    let size_before = std::fs::metadata(data.join("scrip.db"))?.len();
    let server = Server::start(binary, data, support::free_address()?, &[])?;
    let (mut http, mut group, mut single, mut batches) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut latencies = Vec::new();
    let mut debits = load::run(server.address, &secret, CONNECTIONS, length / 4)?.latencies.len(); // warm-up
    let mut raw = raw::Raw::new(data, rolling)?;
    for _ in 0..rounds {
        let before = (server.metric("scrip_store_jobs_total")?, server.metric("scrip_store_commits_total")?);
        let Load { latencies: mut seen, seconds } = load::run(server.address, &secret, CONNECTIONS, length)?;
        let jobs = server.metric("scrip_store_jobs_total")? - before.0;
        let batch = jobs as f64 / (server.metric("scrip_store_commits_total")? - before.1).max(1) as f64;
        debits += seen.len();
        http.push(seen.len() as f64 / seconds);
        batches.push(batch);
        latencies.append(&mut seen);
        group.push(raw.rate((batch.round() as usize).max(1), length)?);
        single.push(raw.rate(1, length / 4)?);
    }
    let memory = server.memory_kib()?;
    let mut alone = load::run(server.address, &secret, 1, length)?.latencies;
    debits += alone.len();
    server.stop()?;
    let bytes = (std::fs::metadata(data.join("scrip.db"))?.len() - size_before) as f64 / debits as f64;

    let label = |text: &str| format!("{name}: {text}");
    let (http, group, single) = (median(http), median(group), median(single));
    line(&label("durable debits over HTTP, 64 connections"), http, "/s", None);
    line(&label("mean batch"), median(batches), "debits", None);
    line(&label("raw SQLite group commit at that batch"), group, "/s", None);
    line(&label("HTTP / raw group commit"), http / group, "×", Some((0.3, true)));
    line(&label("raw SQLite, one commit each"), single, "/s", None);
    line(&label("HTTP / raw one commit each"), http / single, "×", None);
    latencies.sort_unstable();
    alone.sort_unstable();
    for (text, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("longest", 1.0)] {
        line(&label(&format!("{text} at 64 connections")), at(&latencies, share).as_secs_f64() * 1e3, "ms", None);
    }
    line(&label("p50 at 1 connection"), at(&alone, 0.5).as_secs_f64() * 1e6, "µs", None);
    line(&label("bytes on disk per debit"), bytes, "B", Some((400.0, false)));
    line(&label("resident memory at 64 connections"), memory.0 as f64 / 1024.0, "MiB", Some((MEMORY_MIB, false)));
    line(&label("resident memory at most"), memory.1 as f64 / 1024.0, "MiB", None);
    Ok(Side { p99: at(&latencies, 0.99), p50_alone: at(&alone, 0.5) })
}

/// Gives the account more credits than the benchmark can spend.
fn fund(data: &Path, account: AccountId, rolling: bool) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let store = SqliteStore::open(data, &SqliteOptions::default())?;
    let plenty = "4000000000".parse()?;
    let (capacity, prepaid) = if rolling { (plenty, None) } else { (scrip::Credits::ZERO, Some(plenty)) };
    let plan = Action::SetPlan { plan: "gold".to_owned(), packs: Vec::new(), capacity };
    runtime.block_on(async {
        store.submit(Movement { account, idempotency: None, action: plan }).await?;
        if let Some(amount) = prepaid {
            let kind = scrip_server::store::TransactionKind::Grant;
            let action = Action::TopUp { kind, top_up: None, amount, note: None };
            store.submit(Movement { account, idempotency: None, action }).await?;
        }
        store.close().await
    })?;
    Ok(())
}

fn at(sorted: &[Duration], share: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One figure; a bound is met from above or from below.
fn line(name: &str, value: f64, unit: &str, bound: Option<(f64, bool)>) {
    let met = bound.map(|(bound, at_least)| if at_least { value >= bound } else { value <= bound });
    let value = (value * 1000.0).round() / 1000.0;
    let bound = bound.map(|(bound, _)| bound);
    println!(
        "{}",
        serde_json::json!({ "group": "debits", "name": name, "value": value, "unit": unit, "bound": bound, "met": met })
    );
}
