//! The tokenizer's vocabularies, made of the ranks that a published crate carries.

use std::path::PathBuf;

use anyhow::Result;

use super::{unless_stamped, work};
use crate::hash::Hash;
use crate::run::{Cmd, step};
use crate::{files, paths};

/// The files of the encodings.
pub(super) fn build() -> Result<Vec<PathBuf>> {
    let folder = work().join("vocabulary");
    let made = ["o200k_base.bin", "cl100k_base.bin"].map(|name| folder.join(name));
    let inputs = Hash::default().file(&paths::root().join("Cargo.lock"))?;
    let inputs = files::hash(inputs, &paths::root().join("crates/tokenizer"))?.hex();
    let outputs: Vec<_> = made.iter().map(PathBuf::as_path).collect();
    unless_stamped(&work().join("vocabulary.stamp"), &inputs, &outputs, || {
        let build = ["run", "--quiet", "--package", "scrip-tokenizer", "--example", "build_vocabulary", "--"];
        step("making the vocabularies", || {
            Cmd::new("cargo").args(build).arg(&folder).logged(&work().join("vocabulary.log"))
        })
    })?;
    Ok(made.to_vec())
}
