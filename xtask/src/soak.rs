//! `cargo xtask soak`: long campaigns against the real server, kept in SOAK.md.
//!
//! A campaign is an example `crates/server/examples/soak_*.rs` that takes `--rounds N --seed S`, ends with a JSON object of counts on its
//! last line, and fails when anything did not hold.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{machine, paths, programs, run, serve};

const HEAD: &str =
    "# Soak campaigns\n\nWritten by `cargo xtask soak`; a slice of each campaign runs in `cargo xtask test faults`.\n
| date | commit | campaign | seed | rounds | duration | outcome | counts |\n|---|---|---|---:|---:|---:|---|---|\n";
const HELP: &str = "cargo xtask soak [campaign] [--rounds N] [--seed S]";

/// `cargo xtask soak [campaign] [--rounds N] [--seed S]`
pub(crate) fn command(args: &[String]) -> Result<()> {
    let (mut rounds, mut seed, mut chosen) = (50_u64, machine::seconds_since_epoch()?, None);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut number = || {
            rest.next().and_then(|value| value.parse().ok()).with_context(|| format!("{arg} wants a number; {HELP}"))
        };
        match arg.as_str() {
            "--rounds" => rounds = number()?,
            "--seed" => seed = number()?,
            option if option.starts_with('-') => bail!("unknown option {option}; {HELP}"),
            name => chosen = Some(name.to_owned()),
        }
    }
    let all = programs::named("soak_")?;
    let wanted = |name: &&String| {
        chosen.as_ref().is_none_or(|chosen| *name == chosen || name.strip_prefix("soak_") == Some(chosen.as_str()))
    };
    let campaigns: Vec<&String> = all.iter().filter(wanted).collect();
    if campaigns.is_empty() {
        bail!("no such campaign; there are: {}", all.join(", "));
    }
    serve::build_server()?;
    let mut failed = Vec::new();
    for campaign in campaigns {
        if !play(campaign, rounds, seed)? {
            failed.push(campaign.as_str());
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("did not hold: {} (seed {seed})", failed.join(", ")) }
}

fn play(campaign: &str, rounds: u64, seed: u64) -> Result<bool> {
    let start = Instant::now();
    let command = programs::run(campaign, &["--rounds", &rounds.to_string(), "--seed", &seed.to_string()]);
    let printed = command.env("SCRIP_BIN", paths::server_binary()).tee()?;
    let counts = programs::last_json(&printed.text).map_or_else(|| "no counts".to_owned(), |counts| brief(&counts));
    let outcome = if printed.ok { "held" } else { "**failed**" };
    let (date, commit, took) = (machine::now()?, machine::commit()?, run::seconds(start.elapsed()));
    append(&format!("| {date} | {commit} | {campaign} | {seed} | {rounds} | {took} | {outcome} | {counts} |\n"))?;
    Ok(printed.ok)
}

fn brief(counts: &Value) -> String {
    let members = counts.as_object().into_iter().flatten();
    members.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

fn append(row: &str) -> Result<()> {
    let path = paths::root().join("SOAK.md");
    if !path.exists() {
        fs::write(&path, HEAD)?;
    }
    OpenOptions::new().append(true).open(&path)?.write_all(row.as_bytes())?;
    println!("appended to SOAK.md");
    Ok(())
}
