//! `cargo xtask bench`: runs what measures, and writes BENCHMARKS.md.
//!
//! A benchmark is a program that prints one JSON object a line for each figure; other lines are passed on:
//!
//! ```json
//! {"group":"debits","name":"64 connections, durable","value":3120.5,"unit":"1/s","bound":null,"met":null}
//! {"group":"debits","name":"against raw SQLite","value":0.21,"unit":"ratio","bound":"≥ 0.3","met":false,"cause":"two cores for both"}
//! ```
//!
//! `unit` is `1/s`, `ratio`, `MiB`, `bytes`, `ms` …; `bound` is what was promised, or null; `met` tells whether it holds, or null;
//! `cause` is what was measured to be in the way where it does not.

mod page;
mod sources;

use std::fs;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::paths;
use page::{page, text};
use sources::GROUPS;

/// `cargo xtask bench [group…]`
pub(crate) fn command(args: &[String]) -> Result<()> {
    if let Some(unknown) = args.iter().find(|arg| !GROUPS.iter().any(|group| group.name == arg.as_str())) {
        let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        bail!("there is no group `{unknown}`; the groups are: {}", names.join(" "));
    }
    let mut figures = Vec::new();
    for group in GROUPS.iter().filter(|group| args.is_empty() || args.iter().any(|arg| arg == group.name)) {
        figures.extend((group.run)()?);
    }
    let page = page(&figures)?;
    if args.is_empty() {
        fs::write(paths::root().join("BENCHMARKS.md"), page)?;
        println!("wrote BENCHMARKS.md ({} figures)", figures.len());
    } else {
        println!("\n{page}\nBENCHMARKS.md is left as it was: it is written when all groups are measured together");
    }
    let missed: Vec<String> =
        figures.iter().filter(|one| one.get("met") == Some(&Value::Bool(false))).map(|one| text(one, "name")).collect();
    if missed.is_empty() { Ok(()) } else { bail!("out of bounds: {}", missed.join(", ")) }
}
