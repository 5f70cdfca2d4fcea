//! PyPI tiktoken, whose counts ours must equal, and the ranks for it: its own loader would download them, a crate carries them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::once;
use super::python::{self, Python};
use crate::run::Cmd;

/// tiktoken needs regex, which also knows Unicode's scripts; what it downloads with is not wanted.
const PACKAGES: [&str; 2] = ["tiktoken==0.14.0", "regex==2026.11.15"];
const FOLDER: &str = "tiktoken-0.14.0-regex-2026.11.15";
const RANKS: &str = "tiktoken-rs";

pub(crate) struct Oracle {
    pub(crate) python: Python,
    /// The folder of `o200k_base.tiktoken` and `cl100k_base.tiktoken`.
    pub(crate) ranks: PathBuf,
    /// The sources of all crates: text to count.
    pub(crate) crates: PathBuf,
}

pub(crate) fn ensure() -> Result<Oracle> {
    let install = |dir: &Path| python::install(dir, &PACKAGES, "fetching PyPI tiktoken (once per machine)");
    let python = Python::of(&once(FOLDER, install)?)?;
    let carrier = crate_folder(RANKS)?;
    let crates = carrier.parent().context("a crate lies beside the others")?.to_path_buf();
    Ok(Oracle { python, ranks: carrier.join("assets"), crates })
}

fn crate_folder(name: &str) -> Result<PathBuf> {
    let metadata: Value =
        serde_json::from_str(&Cmd::new("cargo").args(["metadata", "--format-version", "1"]).output()?)?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let mut named = packages.filter(|package| package.get("name").and_then(Value::as_str) == Some(name));
    let manifest = named.next().and_then(|package| package.get("manifest_path")).and_then(Value::as_str);
    let folder = manifest.and_then(|manifest| Path::new(manifest).parent());
    Ok(folder.with_context(|| format!("cargo knows no crate {name}"))?.to_path_buf())
}
