//! Programs built from crates.io, each in a folder named by its version.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{log, once};
use crate::run::{Cmd, step};

/// A program on crates.io.
pub(super) struct Tool<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    /// With the author's lock file; some cannot be built with theirs.
    pub(super) locked: bool,
    pub(super) about: &'a str,
}

impl Tool<'_> {
    /// The folder with the program in it.
    pub(super) fn ensure(&self) -> Result<PathBuf> {
        let folder = format!("{}-{}", self.name, self.version);
        let dir = once(&folder, |dir| {
            // Hardly optimised: these run for milliseconds, and an optimised build of them takes five times as long.
            let install = Cmd::new("cargo")
                .args(["install", self.name, "--version", &format!("={}", self.version), "--root"])
                .arg(dir)
                .args(self.locked.then_some("--locked"))
                .dir(dir)
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env_remove("CARGO_TARGET_DIR")
                .env_remove("RUSTFLAGS");
            step(&format!("building {} {} (once per machine, {})", self.name, self.version, self.about), || {
                install.logged(&log(&folder)?)
            })
            .with_context(|| format!("install by hand: cargo install {} --version ={}", self.name, self.version))
        })?;
        Ok(dir.join("bin"))
    }
}
