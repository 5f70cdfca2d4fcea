//! Packages from PyPI, each set in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{apt, log};
use crate::paths;
use crate::run::{Cmd, step};

/// A Python that has them.
pub(crate) struct Python {
    pub(crate) program: PathBuf,
    /// What PYTHONPATH must hold, when there is no virtual environment.
    pub(crate) site: Option<PathBuf>,
}

impl Python {
    /// The one that [`install`] made in a folder.
    pub(super) fn of(dir: &Path) -> Result<Self> {
        let program = dir.join("venv/bin/python");
        if program.exists() {
            return Ok(Self { program, site: None });
        }
        let program = paths::which("python3").context("python3 is not on PATH any more")?;
        Ok(Self { program, site: Some(dir.join("site")) })
    }

    pub(crate) fn command(&self) -> Cmd {
        let command = Cmd::new(&self.program);
        match &self.site {
            Some(site) => command.env("PYTHONPATH", site),
            None => command,
        }
    }
}

/// Installs exactly these packages, as wheels and without what they depend on.
pub(super) fn install(dir: &Path, packages: &[&str], about: &str) -> Result<()> {
    if paths::which("python3").is_none() {
        apt::install(&["python3", "python3-venv"]).context("install Python 3.9 or newer, with venv")?;
    }
    let python = paths::which("python3").context("install Python 3.9 or newer and put `python3` on PATH")?;
    let venv = dir.join("venv");
    let make_venv = || Cmd::new(&python).args(["-m", "venv"]).arg(&venv).logged(&log("venv")?);
    // Debian's Python comes without what `venv` needs; then a plain folder for pip serves as well.
    let made = make_venv().or_else(|_| apt::install(&["python3-venv"]).and_then(|()| make_venv()));
    let pip = if made.is_ok() {
        Cmd::new(venv.join("bin/python")).args(["-m", "pip", "install"])
    } else {
        if venv.exists() {
            fs::remove_dir_all(&venv)?;
        }
        Cmd::new(&python).args(["-m", "pip", "install", "--target"]).arg(dir.join("site"))
    };
    step(about, || {
        let only_wheels = ["--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input"];
        pip.args(only_wheels).args(packages).dir(dir).logged(&log("pip")?)
    })
    .with_context(|| format!("pip could not install {}", packages.join(" ")))
}
