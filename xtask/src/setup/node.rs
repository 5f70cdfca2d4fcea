//! Node's development tools: what tests/package-lock.json pins, installed once per lock file and linked into the clone.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{log, once};
use crate::hash::Hash;
use crate::paths;
use crate::run::{Cmd, step};

const OLDEST_NODE: u32 = 20;

pub(crate) struct Node {
    modules: PathBuf,
    version: String,
}

impl Node {
    /// The folder of `wasm-opt`, `esbuild` and the others.
    pub(crate) fn bin(&self) -> PathBuf {
        self.modules.join(".bin")
    }

    /// Everything the lock file pins.
    pub(crate) fn modules(&self) -> &Path {
        &self.modules
    }

    /// A tool of the lock file.
    pub(crate) fn tool(&self, name: &str) -> Cmd {
        Cmd::new(self.bin().join(name))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node {}, tools of tests/package-lock.json", self.version)
    }
}

pub(crate) fn ensure() -> Result<Node> {
    let version = node_version()?;
    let modules = install(&paths::root().join("tests"))?;
    Ok(Node { modules, version })
}

/// What a folder's lock file pins, linked into it.
pub(crate) fn install(folder: &Path) -> Result<PathBuf> {
    let lock = folder.join("package-lock.json");
    let files = [folder.join("package.json"), lock.clone()];
    let mut hash = Hash::default();
    for file in &files {
        hash = hash.file(file)?;
    }
    let id: String = hash.hex().chars().take(12).collect();
    let lock = lock.strip_prefix(paths::root()).unwrap_or(&lock).display();
    let dir = once(&format!("node-{id}"), |dir| {
        for file in &files {
            fs::copy(file, dir.join(file.file_name().context("a file has a name")?))?;
        }
        step(&format!("npm ci of what {lock} pins"), || {
            Cmd::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).dir(dir).logged(&log("npm-ci")?)
        })
        .with_context(|| format!("npm could not install what {lock} pins: is a package registry within reach?"))
    })?;
    let modules = dir.join("node_modules");
    link(&modules, &folder.join("node_modules"))?;
    Ok(modules)
}

fn node_version() -> Result<String> {
    let by_hand = || format!("install Node {OLDEST_NODE} or newer, with npm, and put it on PATH (https://nodejs.org)");
    let version = Cmd::new("node").arg("--version").output().with_context(by_hand)?.trim().to_owned();
    let major: u32 =
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    if major < OLDEST_NODE {
        bail!("found Node {version}: {}", by_hand());
    }
    if paths::which("npm").is_none() {
        bail!("npm is not on PATH: {}", by_hand());
    }
    Ok(version)
}

/// node_modules → the shared folder, so that scripts beside it find their imports.
fn link(target: &Path, at: &Path) -> Result<()> {
    if fs::read_link(at).is_ok_and(|now| now == target) {
        return Ok(());
    }
    match fs::symlink_metadata(at) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(at)?,
        Ok(_) => fs::remove_file(at)?,
        Err(_) => {}
    }
    // Another helper of this clone may have been quicker.
    match std::os::unix::fs::symlink(target, at) {
        Err(_) if fs::read_link(at).is_ok_and(|now| now == target) => Ok(()),
        other => other.with_context(|| format!("cannot link {}", at.display())),
    }
}
