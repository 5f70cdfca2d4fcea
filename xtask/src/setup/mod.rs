//! `cargo xtask setup`: finds or installs every tool, once per machine.
//!
//! Each part is idempotent and answers from files when nothing is to be done, so that `serve` and `test` simply call it first.

mod apt;
pub(crate) mod browser;
mod cargo_tools;
pub(crate) mod deny;
pub(crate) mod model;
pub(crate) mod node;
pub(crate) mod oracle;
pub(crate) mod postgres;
mod python;
pub(crate) mod wasm;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{paths, run};

const PARTS: [&str; 6] = ["wasm", "node", "browser", "model", "postgres", "deny"];

/// `cargo xtask setup [all|wasm|node|browser|model|postgres|deny]…`
pub(crate) fn command(args: &[String]) -> Result<()> {
    let start = Instant::now();
    let all = args.is_empty() || args.iter().any(|arg| arg == "all");
    if let Some(unknown) = args.iter().find(|arg| *arg != "all" && !PARTS.contains(&arg.as_str())) {
        bail!("there is no part `{unknown}` to set up; the parts are: all {}", PARTS.join(" "));
    }
    println!("tools folder: {}", paths::tools()?.display());
    let wanted = |part: &str| all || args.iter().any(|arg| arg == part);
    // Everything that can be had is set up, then what could not be had is told, so that one gap does not hide another.
    let mut failures = Vec::new();
    for part in PARTS.into_iter().filter(|part| wanted(part)) {
        if let Err(error) = set_up(part) {
            println!("  ✗ {part}: {error:#}");
            failures.push(part);
        }
    }
    if !failures.is_empty() {
        bail!("could not set up: {} (see above for what to do)", failures.join(", "));
    }
    println!("set-up complete ({})", run::seconds(start.elapsed()));
    Ok(())
}

fn set_up(part: &str) -> Result<()> {
    match part {
        "wasm" => wasm::ensure().map(|tools| println!("  ✓ wasm: {tools}")),
        "node" => node::ensure().map(|tools| println!("  ✓ node: {tools}")),
        "browser" => browser::ensure().map(|tools| println!("  ✓ browser: {tools}")),
        "model" => model::ensure().map(|tools| println!("  ✓ model: {tools}")),
        "postgres" => postgres::ensure().map(|initdb| println!("  ✓ postgres: {}", initdb.display())),
        _ => deny::ensure().map(|binary| println!("  ✓ cargo-deny: {}", binary.display())),
    }
}

/// A folder in the tools folder that is made once: `make` fills it, and a mark tells that it came to its end. Two set-ups at once wait
/// for each other.
fn once(name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let tools = paths::tools()?;
    let dir = tools.join(name);
    let mark = dir.join(".complete");
    if mark.is_file() {
        return Ok(dir);
    }
    let _lock = lock(name)?;
    if mark.is_file() {
        return Ok(dir);
    }
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove the half-made {}", dir.display()))?;
    }
    fs::create_dir_all(&dir)
        .with_context(|| format!("cannot create {}; SCRIP_TOOLS may name another folder", dir.display()))?;
    make(&dir)?;
    fs::write(mark, "")?;
    Ok(dir)
}

/// Holds off other set-ups of the same thing, in whichever clone, until the answer is dropped.
fn lock(name: &str) -> Result<File> {
    let dir = paths::tools()?;
    fs::create_dir_all(&dir)
        .with_context(|| format!("cannot create {}; SCRIP_TOOLS may name another folder", dir.display()))?;
    let file = File::create(dir.join(format!(".{name}.lock")))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            println!("  … another set-up is at work on {name}; waiting for it");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error).context("cannot lock the tools folder"),
    }
    Ok(file)
}

/// Where the output of an installation goes.
fn log(name: &str) -> Result<PathBuf> {
    Ok(paths::tools()?.join("logs").join(format!("{name}.log")))
}
