//! cargo-deny: licences, sources and bans.

use std::path::PathBuf;

use anyhow::Result;

use super::cargo_tools::Tool;

/// The program itself.
pub(crate) fn ensure() -> Result<PathBuf> {
    let tool = Tool { name: "cargo-deny", version: "0.20.2", locked: true, about: "about three minutes" };
    Ok(tool.ensure()?.join("cargo-deny"))
}
