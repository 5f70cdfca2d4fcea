//! Start, load, `kill -9`, start again, retry every key: nothing acknowledged is lost, nothing is applied twice.
//!
//! `soak_kill --rounds N --seed S [--store postgres]`; `SCRIP_BIN` names the server. On PostgreSQL the server and the database are
//! killed in turn; a lost server's runs are void when its lease is over, so such a round takes half a minute. Prints one JSON line of counts; a violation is an error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/attempts.rs"]
mod attempts;
#[path = "../tests/it/support/cluster.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "what the tests need of it")]
mod cluster;
#[path = "support/provider.rs"]
mod provider;
#[path = "support/mod.rs"]
mod support;

use std::{
    collections::HashMap,
    env,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use self::{
    attempts::{Acknowledged, Attempt, Client},
    cluster::Cluster,
    support::{Random, Server},
};

/// What is asked at once in a round.
const AT_ONCE: usize = 200;
const GRANTED: i64 = 1_000_000;
const MASTER_KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[derive(Default)]
struct Counts {
    attempts: usize,
    acknowledged_before_kill: usize,
    settled: i64,
}

fn main() -> Result<()> {
    let argument = |name: &str| {
        let mut arguments = env::args().skip_while(|argument| argument != name).skip(1);
        arguments.next().and_then(|text| text.parse::<u64>().ok())
    };
    let postgres =
        env::args().skip_while(|argument| argument != "--store").nth(1).is_some_and(|store| store == "postgres");
    let rounds = argument("--rounds").unwrap_or(3);
    let seed = argument("--seed").unwrap_or_else(|| u64::from(std::process::id()));
    let begin = Instant::now();
    // The client speaks plain HTTP only; it still wants to know who would do TLS.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let counts =
        runtime.block_on(soak(rounds, seed, postgres)).with_context(|| format!("--rounds {rounds} --seed {seed}"))?;
    println!(
        "{}",
        json!({
            "soak": "kill",
            "store": if postgres { "postgres" } else { "sqlite" },
            "rounds": rounds,
            "seed": seed,
            "attempts": counts.attempts,
            "acknowledged_before_kill": counts.acknowledged_before_kill,
            "settled": counts.settled,
            "seconds": begin.elapsed().as_secs(),
        })
    );
    Ok(())
}

async fn soak(rounds: u64, seed: u64, postgres: bool) -> Result<Counts> {
    let binary = support::binary()?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut random = Random::new(seed);
    let provider = provider::start(random.clone()).await?;
    let cluster = postgres.then(|| Cluster::start(true));
    let database = match &cluster {
        None => None,
        Some(cluster) => Some(cluster.database().await),
    };
    let place = match &database {
        None => vec!["--data", data.to_str().context("the folder's name is no text")?],
        Some(database) => vec!["--database", database, "--master-key", MASTER_KEY],
    };
    let (account, secret) = support::new_owner(&binary, &place, "soak@example.com")?;
    let granted = GRANTED.to_string();
    let grant = ["owner", "grant", "--account", &account, "--credits", &granted];
    support::run(&binary, &[&grant, &place[..]].concat())?;
    let mut variables =
        vec![("OPENAI_BASE_URL", provider.as_str()), ("OPENAI_API_KEY", "x"), ("SCRIP_ALLOW_PRIVATE_PROVIDER", "1")];
    variables.extend(database.iter().map(|database| ("SCRIP_DATABASE", database.as_str())));
    variables.extend(database.iter().map(|_| ("SCRIP_MASTER_KEY", MASTER_KEY)));
    let address = support::free_address()?;

    let mut server = Some(Server::start(&binary, &data, address, &variables)?);
    let client = Client::new(address, secret).await?;
    let mut counts = Counts::default();
    // Every transaction and run that was acknowledged so far, with its amount.
    let mut ledger: HashMap<String, i64> = HashMap::new();
    for round in 0..rounds {
        let attempts = client.attempts(AT_ONCE, &mut random).await?;
        let asked: Vec<_> =
            attempts.iter().cloned().map(|attempt| client.clone().once(attempt)).map(tokio::spawn).collect();
        tokio::time::sleep(Duration::from_millis(random.below(2000))).await;
        let database = cluster.as_ref().filter(|_| round % 2 == 1);
        if let Some(cluster) = database {
            cluster.kill();
            cluster.restart();
            cluster.answers().await;
        } else {
            server.take().context("no server runs")?.kill()?;
        }
        let mut first = Vec::new();
        for answer in asked {
            first.push(answer.await?);
        }
        if server.is_none() {
            server = Some(Server::start(&binary, &data, address, &variables)?);
        }
        let context = || format!("round {round}");
        let second = retry(&client, &attempts).await.with_context(context)?;
        counts.attempts += attempts.len();
        for ((attempt, first), second) in attempts.iter().zip(first).zip(second) {
            if let Some(first) = first {
                counts.acknowledged_before_kill += 1;
                ensure!(first.id == second.id, "{attempt:?} was {first:?} and is {second:?} after the kill");
                ensure!(
                    first.charge == second.charge,
                    "{attempt:?} cost {first:?} and costs {second:?} after the kill"
                );
                ensure!(second.replayed, "{attempt:?} was acknowledged and is done again");
            }
            counts.settled += second.charge;
            ensure!(
                ledger.insert(second.id.clone(), second.charge).is_none(),
                "{attempt:?} answers with another's row"
            );
        }
        check(&client, &ledger, counts.settled).await.with_context(context)?;
        verify(&binary, &place).with_context(context)?;
    }
    server.context("no server runs")?.stop()?;
    verify(&binary, &place).context("after the end")?;
    Ok(counts)
}

/// Repeats every key until its outcome is known.
async fn retry(client: &Client, attempts: &[Attempt]) -> Result<Vec<Acknowledged>> {
    let asked: Vec<_> =
        attempts.iter().cloned().map(|attempt| client.clone().until_known(attempt)).map(tokio::spawn).collect();
    let mut answers = Vec::new();
    for answer in asked {
        answers.push(answer.await??);
    }
    Ok(answers)
}

/// No hold left, Σ entries = balances, each row once and none that nobody asked for.
async fn check(client: &Client, ledger: &HashMap<String, i64>, settled: i64) -> Result<()> {
    let balance = client.get("/v1/account").await?["balance"].take();
    let number = |value: &Value| -> Result<i64> { Ok(value.as_str().context("an amount is text")?.parse()?) };
    ensure!(number(&balance["held"])? == 0, "credits are still held: {balance}");
    let left = GRANTED + 25 - settled;
    ensure!(number(&balance["available"])? == left, "{left} credits should be left: {balance}");
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut cursor = String::new();
    loop {
        let mut page = client.get(&format!("/v1/transactions?limit=200{cursor}")).await?;
        for row in page["data"].take().as_array().context("no data")? {
            if row["kind"] == "grant" {
                continue;
            }
            let named = if row["run"].is_string() { &row["run"] } else { &row["id"] };
            *seen.entry(named.as_str().context("no id")?.to_owned()).or_default() += 1;
        }
        match page["next_cursor"].as_str() {
            None => break,
            Some(next) => cursor = format!("&cursor={next}"),
        }
    }
    for (id, times) in &seen {
        ensure!(*times == 1, "{id} is listed {times} times");
        ensure!(ledger.contains_key(id), "{id} was charged and never acknowledged to its key");
    }
    for id in ledger.keys() {
        ensure!(seen.contains_key(id), "{id} was acknowledged and is lost");
    }
    Ok(())
}

fn verify(binary: &Path, place: &[&str]) -> Result<()> {
    support::run(binary, &[&["verify"], place].concat()).map(drop)
}
