//! Folders: walked in a fixed order, copied, replaced whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::hash::Hash;

/// Every file below `dir`, sorted, so that what is made from them is the same everywhere. A folder that is not there has none.
pub(crate) fn below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                if path.file_name().is_none_or(|name| name != "node_modules") {
                    folders.push(path);
                }
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Names and contents of every file below `dir`.
pub(crate) fn hash(mut hash: Hash, dir: &Path) -> Result<Hash> {
    for file in below(dir)? {
        let name = file.strip_prefix(dir)?;
        hash = hash.part(name.to_string_lossy().as_bytes()).file(&file)?;
    }
    Ok(hash)
}

/// Copies one file, making the folders it needs.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Copies a folder with all that is below it.
pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<()> {
    for file in below(from)? {
        copy(&file, &to.join(file.strip_prefix(from)?))?;
    }
    Ok(())
}

/// An empty folder, whatever was there.
pub(crate) fn fresh(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))
}

/// Puts a finished folder in the place of an older one.
pub(crate) fn replace(finished: &Path, place: &Path) -> Result<()> {
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::rename(finished, place).with_context(|| format!("cannot put {} in place", place.display()))
}

/// Files in which a placeholder may stand.
pub(crate) fn is_text(path: &Path) -> bool {
    let end = path.extension().unwrap_or_default().to_string_lossy();
    ["js", "mjs", "ts", "css", "html", "json", "svg", "txt", "md"].contains(&end.as_ref())
}

/// Replaces a placeholder in every text file below `dir`.
pub(crate) fn fill_in(dir: &Path, placeholder: &str, value: &str) -> Result<()> {
    for file in below(dir)?.into_iter().filter(|file| is_text(file)) {
        let text = fs::read_to_string(&file).with_context(|| format!("{} is not UTF-8", file.display()))?;
        if text.contains(placeholder) {
            fs::write(&file, text.replace(placeholder, value))?;
        }
    }
    Ok(())
}
