//! Token counts against PyPI tiktoken's own, on text that this machine has anyway, and after edits.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::tally::Tally;
use crate::run::Cmd;
use crate::setup::{node, oracle};
use crate::{paths, programs};

const MEGABYTES: u64 = 12;
const LEAST_BYTES: u64 = 10_000_000;
const LEAST_SCRIPTS: u64 = 20;

/// Where documentation and scripts lie on most systems; what is not there is passed over.
const SYSTEM: [&str; 2] = ["/usr/share", "/usr/lib/python3"];

pub(super) fn check(tally: &mut Tally) -> Result<()> {
    node::ensure()?;
    let oracle = oracle::ensure()?;
    let folder = paths::out().join("tokens");
    fs::create_dir_all(&folder)?;
    let list = folder.join("list.jsonl");
    let count = oracle.python.command().arg(paths::root().join("tests/tokens/oracle.py")).arg("--tokens");
    let count =
        count.args(["--megabytes", &MEGABYTES.to_string(), "--ranks"]).arg(&oracle.ranks).arg("--out").arg(&list);
    let printed = tally.run(count.arg(paths::tools()?).arg(&oracle.crates).args(SYSTEM))?;
    let gathered = programs::last_json(&printed.text).context("the oracle says nothing")?;
    enough(&gathered)?;
    let list = list.display().to_string();
    let compared = tally.run(programs::example("scrip-tokenizer", "compare", &[&list]))?;
    let mismatches = programs::last_json(&compared.text).and_then(|said| said.get("mismatches").cloned());
    let (bytes, scripts) = (gathered.get("bytes").cloned(), gathered.get("scripts").cloned());
    let said = |number: Option<Value>| number.unwrap_or_default().to_string();
    tally.note(format!(
        "{} bytes of real text in {} scripts: {} mismatches",
        said(bytes),
        said(scripts),
        said(mismatches)
    ));
    // Optimised they try all that they say, a hundred thousand sequences of edits among it; `core` has tried some with every check on.
    tally.run(Cmd::new("cargo").args(["test", "--quiet", "--release", "--package", "scrip-tokenizer"]))?;
    Ok(())
}

/// A machine with nothing on it would compare nothing.
fn enough(gathered: &Value) -> Result<()> {
    let number = |name: &str| gathered.get(name).and_then(Value::as_u64).unwrap_or(0);
    if number("bytes") < LEAST_BYTES || number("scripts") < LEAST_SCRIPTS {
        bail!("too little text on this machine: {gathered}, wanted are {LEAST_BYTES} bytes in {LEAST_SCRIPTS} scripts");
    }
    Ok(())
}
