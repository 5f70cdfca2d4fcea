//! PostgreSQL for the server's tests: whatever is there, else Debian's.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::paths;

/// Where Debian keeps each version's programs, away from the PATH.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The program that makes a cluster; the tests find it in the same places.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(&["postgresql"]).context("no initdb and postgres on PATH: install PostgreSQL 15 or newer")?;
    find().context("Debian's PostgreSQL was installed but is not where it should be")
}

fn find() -> Option<PathBuf> {
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin/initdb")).collect();
    debian.sort();
    paths::which("initdb").or_else(|| debian.into_iter().rev().find(|initdb| initdb.is_file()))
}
