//! SHA-256, in hexadecimal: for stamps and for the version of the assets.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Fed part by part; parts cannot run into each other.
#[derive(Default)]
pub(crate) struct Hash(Sha256);

impl Hash {
    pub(crate) fn part(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn file(self, path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(self.part(bytes))
    }

    pub(crate) fn hex(self) -> String {
        hex(&self.0.finalize())
    }
}

/// As `sha256sum` prints it.
pub(crate) fn text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
