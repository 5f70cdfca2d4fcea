//! `cargo xtask test [stage…]`: everything that must hold, stage by stage.

mod arrows;
mod package;
mod prices;
mod stages;
mod tally;
mod tokens;
mod types;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::run;
use tally::Tally;

/// A stage of the test run.
struct Stage {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Tally) -> Result<()>,
}

const STAGES: [Stage; 13] = [
    Stage { name: "fmt", about: "every Rust file is formatted", run: stages::fmt },
    Stage { name: "clippy", about: "lints, warnings denied, native and Wasm", run: stages::clippy },
    Stage { name: "deny", about: "licences, bans, sources of dependencies", run: stages::deny },
    Stage { name: "arrows", about: "who may depend on whom, what may stand where", run: arrows::check },
    Stage { name: "core", about: "unit, property and doc tests of the core", run: stages::core },
    Stage { name: "tokens", about: "token counts equal tiktoken's; edits count as the whole does", run: tokens::check },
    Stage { name: "server", about: "release binary; the server's tests", run: stages::server },
    Stage { name: "pack", about: "the npm package and its sizes", run: stages::pack },
    Stage { name: "wasm", about: "the Wasm crates in Node and in a headless browser", run: stages::wasm },
    Stage { name: "package", about: "the packed package, installed: in Node, its types", run: package::package },
    Stage { name: "runtimes", about: "the packed package in every bundler and runtime", run: package::runtimes },
    Stage { name: "browser", about: "the whole story in a real Chromium with a real model", run: stages::browser },
    Stage { name: "faults", about: "a slice of each soak campaign", run: stages::faults },
];

struct Report {
    name: &'static str,
    tally: Tally,
    took: Duration,
}

pub(crate) fn command(args: &[String]) -> Result<()> {
    if let Some(unknown) = args.iter().find(|arg| !STAGES.iter().any(|stage| stage.name == arg.as_str())) {
        let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        bail!("there is no stage `{unknown}`; the stages are: {}", names.join(" "));
    }
    let start = Instant::now();
    let chosen = STAGES.iter().filter(|stage| args.is_empty() || args.iter().any(|arg| arg == stage.name));
    let reports: Vec<Report> = chosen.map(run_stage).collect();
    summarise(&reports, start.elapsed());
    let failed: u64 = reports.iter().map(|report| report.tally.failed).sum();
    let passed: u64 = reports.iter().map(|report| report.tally.passed).sum();
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        // The line above is the last word; the exit code says the rest.
        std::process::exit(1);
    }
    Ok(())
}

fn run_stage(stage: &Stage) -> Report {
    println!("\n── {} · {}", stage.name, stage.about);
    let start = Instant::now();
    let mut tally = Tally::default();
    if let Err(error) = (stage.run)(&mut tally) {
        println!("✗ {}: {error:#}", stage.name);
        tally.fail(format!("{error:#}").lines().next().unwrap_or_default());
    }
    let took = start.elapsed();
    println!("── {} took {}: {} passed, {} failed", stage.name, run::seconds(took), tally.passed, tally.failed);
    Report { name: stage.name, tally, took }
}

fn summarise(reports: &[Report], took: Duration) {
    println!("\n{:<9} {:>8} {:>8} {:>14}", "stage", "passed", "failed", "time");
    for Report { name, tally, took } in reports {
        println!("{name:<9} {:>8} {:>8} {:>14}", tally.passed, tally.failed, run::seconds(*took));
        for problem in &tally.problems {
            println!("          ✗ {problem}");
        }
        for note in &tally.notes {
            println!("          · {note}");
        }
    }
    println!("{:<9} {:>32}", "all", run::seconds(took));
}
