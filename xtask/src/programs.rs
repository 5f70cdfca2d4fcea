//! Benchmarks and campaigns that are examples of crates, and what they print.

use std::fs;

use anyhow::Result;
use serde_json::Value;

use crate::paths;
use crate::run::Cmd;

/// Every `crates/server/examples/<prefix>*.rs`, sorted, without its ending.
pub(crate) fn named(prefix: &str) -> Result<Vec<String>> {
    let folder = paths::root().join("crates/server/examples");
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(prefix) {
                found.extend(name.strip_suffix(".rs").map(str::to_owned));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The release build of one of them.
pub(crate) fn run(name: &str, args: &[&str]) -> Cmd {
    example("scrip-server", name, args)
}

/// The release build of a package's example.
pub(crate) fn example(package: &str, name: &str, args: &[&str]) -> Cmd {
    Cmd::new("cargo").args(["run", "--quiet", "--release", "--package", package, "--example", name, "--"]).args(args)
}

/// Every line that is a JSON object.
pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    text.lines().filter_map(|line| serde_json::from_str::<Value>(line.trim()).ok()).filter(Value::is_object).collect()
}

/// The last of them.
pub(crate) fn last_json(text: &str) -> Option<Value> {
    json_lines(text).pop()
}
