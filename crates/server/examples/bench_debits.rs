//! Durable debits over HTTP against raw SQLite group commit of the same rows, both in one run.
//!
//! `SCRIP_BIN` names the server, `ROUNDS` and `SECONDS` how long it takes. Prints one JSON line per figure: the median of
//! the rounds. Both sides alternate and ratios are taken within a round: on a machine that does other things at the same
//! time they hold better than absolutes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/load.rs"]
mod load;
#[path = "support/raw.rs"]
mod raw;
#[path = "support/mod.rs"]
mod support;

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};
use scrip_server::{
    ids::AccountId,
    store::{
        Action, Movement, Store,
        sqlite::{SqliteOptions, SqliteStore},
    },
};

use self::{load::Load, support::Server};

const CONNECTIONS: usize = 64;

fn main() -> Result<()> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<f64>().ok());
    let rounds = number("ROUNDS").unwrap_or(9.0) as usize;
    let length = Duration::from_secs_f64(number("SECONDS").unwrap_or(1.0));
    let binary = support::binary()?;
    let folder = tempfile::tempdir()?;
    side(&binary, &folder.path().join("rolling"), "rolling", true, rounds, length)?;
    side(&binary, &folder.path().join("prepaid"), "prepaid", false, rounds, length)
}

/// What one round measured. Ratios are taken within a round, because the disk of a shared machine changes by the minute.
struct Round {
    http: f64,
    batch: f64,
    group: f64,
    single: f64,
    /// Sorted, 64 connections and one.
    latencies: Vec<Duration>,
    alone: Vec<Duration>,
    sync: Duration,
    /// The share of the time in which the processors had something to do, at 64 connections.
    busy: f64,
}

/// One kind of account: all debits from the allowance (each queued to return), or all from prepaid credits.
fn side(binary: &Path, data: &Path, name: &str, rolling: bool, rounds: usize, length: Duration) -> Result<()> {
    let (account, secret) = support::new_owner(
        binary,
        &["--data", data.to_str().context("the folder's name is no text")?],
        "bench@example.com",
    )?;
    fund(data, account.parse()?, rolling)?;
    let size_before = std::fs::metadata(data.join("scrip.db"))?.len();
    let server = Server::start(binary, data, support::free_address()?, &[])?;
    let warm = load::run(server.address, &secret, CONNECTIONS, length)?.latencies.len();
    let mut raw = raw::Raw::new(data, rolling)?;
    let rounds =
        (0..rounds).map(|_| round(&server, &secret, &mut raw, data, length)).collect::<Result<Vec<Round>>>()?;
    let memory = server.memory_kib()?;
    server.stop()?;
    let debits = warm + rounds.iter().map(|round| round.latencies.len() + round.alone.len()).sum::<usize>();
    let bytes = (std::fs::metadata(data.join("scrip.db"))?.len() - size_before) as f64 / debits as f64;

    let say = |what: &str, value: f64, unit: &str, bound| line(&format!("{name}: {what}"), value, unit, bound);
    let of = |figure: &dyn Fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
    say("durable debits over HTTP, 64 connections", of(&|round| round.http), "/s", None);
    say("mean batch", of(&|round| round.batch), "debits", None);
    say("raw SQLite group commit at that batch", of(&|round| round.group), "/s", None);
    let busy = format!(
        "The disk is not in the way: it writes 4 KiB durably in {:.3} ms. The {} cores, which the server and its load share, were busy for {:.0} % of the time at 64 connections.",
        of(&|round| millis(round.sync)),
        std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        of(&|round| round.busy) * 100.0,
    );
    let log = format!(
        "SQLite alone needs {:.3} ms for one such commit, {:.1} times as long as the disk for 4 KiB; the rest is HTTP and the way to the writer's thread.",
        of(&|round| 1e3 / round.single),
        of(&|round| 1e3 / round.single / millis(round.sync)),
    );
    let ratio = of(&|round| round.http / round.group);
    say("HTTP / raw group commit", ratio, "×", Some(Bound::AtLeast(0.3, &busy)));
    say("raw SQLite, one commit each", of(&|round| round.single), "/s", None);
    say("HTTP / raw one commit each", of(&|round| round.http / round.single), "×", None);
    for (what, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("longest", 1.0)] {
        let what = format!("{what} at 64 connections");
        say(&what, of(&|round| millis(at(&round.latencies, share))), "ms", None);
    }
    say("p50 at 1 connection", of(&|round| millis(at(&round.alone, 0.5))), "ms", None);
    say("fdatasync of 4 KiB overwritten, p50", of(&|round| millis(round.sync)), "ms", None);
    let syncs = |latency: Duration, round: &Round| millis(latency) / millis(round.sync);
    let p99 = of(&|round| syncs(at(&round.latencies, 0.99), round));
    say("p99 at 64 connections / fdatasync", p99, "×", Some(Bound::AtMost(60.0, &busy)));
    let alone = of(&|round| syncs(at(&round.alone, 0.5), round));
    say("p50 at 1 connection / fdatasync", alone, "×", Some(Bound::AtMost(4.0, &log)));
    say("bytes on disk per debit", bytes, "B", Some(Bound::AtMost(400.0, "")));
    say("resident memory at 64 connections", memory.0 as f64 / 1024.0, "MiB", Some(Bound::AtMost(64.0, "")));
    say("resident memory at most", memory.1 as f64 / 1024.0, "MiB", None);
    Ok(())
}

fn round(server: &Server, secret: &str, raw: &mut raw::Raw, data: &Path, length: Duration) -> Result<Round> {
    let before = (server.metric("scrip_store_jobs_total")?, server.metric("scrip_store_commits_total")?);
    let processors_before = processors()?;
    let Load { mut latencies, seconds } = load::run(server.address, secret, CONNECTIONS, length)?;
    let processors = processors()?;
    let busy = (processors.0 - processors_before.0) / (processors.1 - processors_before.1).max(1.0);
    let jobs = server.metric("scrip_store_jobs_total")? - before.0;
    let batch = jobs as f64 / (server.metric("scrip_store_commits_total")? - before.1).max(1) as f64;
    let group = raw.rate((batch.round() as usize).max(1), length)?;
    let single = raw.rate(1, length / 3)?;
    let sync = raw::fdatasync(data, 300)?;
    let mut alone = load::run(server.address, secret, 1, length / 3)?.latencies;
    latencies.sort_unstable();
    alone.sort_unstable();
    Ok(Round { http: latencies.len() as f64 / seconds, batch, group, single, latencies, alone, sync, busy })
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

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// With what was in the way where it does not hold.
enum Bound<'a> {
    AtLeast(f64, &'a str),
    AtMost(f64, &'a str),
}

fn line(name: &str, value: f64, unit: &str, bound: Option<Bound>) {
    let (bound, met, cause) = match bound {
        None => (None, None, None),
        Some(Bound::AtLeast(bound, cause)) => (Some(format!("≥ {bound}")), Some(value >= bound), Some(cause)),
        Some(Bound::AtMost(bound, cause)) => (Some(format!("≤ {bound}")), Some(value <= bound), Some(cause)),
    };
    let value = (value * 1000.0).round() / 1000.0;
    let figure = serde_json::json!({
        "group": "debits", "name": name, "value": value, "unit": unit, "bound": bound, "met": met, "cause": cause,
    });
    println!("{figure}");
}

/// Processor time since the start of the machine, all cores together: with something to do, and in all.
fn processors() -> Result<(f64, f64)> {
    let text = std::fs::read_to_string("/proc/stat")?;
    let times: Vec<f64> =
        text.lines().next().unwrap_or_default().split(' ').filter_map(|number| number.parse().ok()).collect();
    let all: f64 = times.iter().take(8).sum();
    let idle: f64 = times.iter().skip(3).take(2).sum();
    Ok((all - idle, all))
}
