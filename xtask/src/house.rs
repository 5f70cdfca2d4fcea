//! The crates of the workspace, as cargo knows them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::run::Cmd;

pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// A `cdylib`: built for browsers alone.
    pub(crate) is_wasm: bool,
}

pub(crate) fn members() -> Result<Vec<Member>> {
    let metadata = Cmd::new("cargo").args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("cargo metadata lists no packages")?;
    packages.iter().map(member).collect()
}

/// Those that browsers run.
pub(crate) fn wasm_members() -> Result<Vec<Member>> {
    Ok(members()?.into_iter().filter(|member| member.is_wasm).collect())
}

fn member(package: &Value) -> Result<Member> {
    let text =
        |name: &str| package.get(name).and_then(Value::as_str).with_context(|| format!("a package without {name}"));
    let folder = Path::new(text("manifest_path")?).parent().context("a manifest lies in a folder")?;
    let targets = package.get("targets").and_then(Value::as_array).into_iter().flatten();
    let mut kinds = targets.filter_map(|target| target.get("kind").and_then(Value::as_array)).flatten();
    let is_wasm = kinds.any(|kind| kind.as_str() == Some("cdylib"));
    Ok(Member { name: text("name")?.to_owned(), folder: folder.to_path_buf(), is_wasm })
}
