//! `cargo xtask bench`: runs what measures, and writes BENCHMARKS.md.
//!
//! A benchmark is an example `crates/server/examples/bench_*.rs`. It prints one JSON object a line for each figure; other lines are passed on:
//!
//! ```json
//! {"group":"debits","name":"64 connections, durable","value":3120.5,"unit":"1/s","bound":null,"met":null}
//! {"group":"debits","name":"against raw SQLite","value":0.41,"unit":"ratio","bound":"≥ 0.3","met":true}
//! ```
//!
//! `unit` is `1/s`, `ratio`, `MiB`, `bytes`, `ms` …; `bound` is what was promised, or null; `met` tells whether it holds, or null.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::machine;
use crate::run::Printed;
use crate::{pack, paths, programs, serve};

/// `cargo xtask bench`
pub(crate) fn command(_args: &[String]) -> Result<()> {
    serve::build_server()?;
    let packed = pack::pack()?;
    let mut figures = packed.sizes.figures();
    for name in programs::named("bench_")? {
        let Printed { ok, text, .. } = programs::run(&name, &[]).env("SCRIP_BIN", paths::server_binary()).tee()?;
        if !ok {
            bail!("{name} failed: BENCHMARKS.md is left as it was");
        }
        figures.extend(programs::json_lines(&text));
    }
    fs::write(paths::root().join("BENCHMARKS.md"), page(&figures)?)?;
    println!("wrote BENCHMARKS.md ({} figures)", figures.len());
    let missed: Vec<String> =
        figures.iter().filter(|one| one.get("met") == Some(&Value::Bool(false))).map(|one| text(one, "name")).collect();
    if missed.is_empty() { Ok(()) } else { bail!("out of bounds: {}", missed.join(", ")) }
}

fn page(figures: &[Value]) -> Result<String> {
    let mut page = String::from("# Benchmarks\n\nWritten by `cargo xtask bench`; no figure here is typed by hand.\n\n");
    writeln!(
        page,
        "- commit: {}\n- date: {}\n- machine: {}\n",
        machine::commit()?,
        machine::now()?,
        machine::describe()
    )?;
    let mut groups: Vec<String> = figures.iter().map(|one| text(one, "group")).collect();
    groups.dedup();
    for group in groups {
        writeln!(page, "## {group}\n\n| what | value | unit | bound | met |\n|---|---:|---|---|---|")?;
        for one in figures.iter().filter(|one| text(one, "group") == group) {
            let met = match one.get("met").and_then(Value::as_bool) {
                Some(true) => "yes",
                Some(false) => "**no**",
                None => "",
            };
            writeln!(
                page,
                "| {} | {} | {} | {} | {met} |",
                text(one, "name"),
                text(one, "value"),
                text(one, "unit"),
                text(one, "bound")
            )?;
        }
        page.push('\n');
    }
    Ok(page.trim_end().to_owned() + "\n")
}

fn text(figure: &Value, member: &str) -> String {
    match figure.get(member) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}
