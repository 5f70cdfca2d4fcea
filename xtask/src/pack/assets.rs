//! `target/assets/`: what the server serves, with everything precompressed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::package::Package;
use super::wasm::Module;
use super::{VERSION_PLACEHOLDER, unless_stamped, work};
use crate::hash::Hash;
use crate::run::{Cmd, step};
use crate::{files, paths};

const COMPRESS: &str = include_str!("compress.mjs");

/// What the loader in the package loads, by a path from itself.
const BESIDE: &str = "\"./widget.js\"";

pub(super) fn assemble(package: &Package, modules: &[Module]) -> Result<PathBuf> {
    let www = paths::root().join("www");
    let assets = paths::out().join("assets");
    let inputs = files::hash(Hash::default().part(&package.version).part(COMPRESS), &www)?.hex();
    unless_stamped(&work().join("assets.stamp"), &inputs, &[&assets], || {
        step("assembling and compressing what the server serves", || {
            let made = work().join("assets");
            files::fresh(&made)?;
            let immutable = made.join("pkg").join(&package.version);
            for file in files::below(&package.dir)? {
                let name = file.file_name().context("a file has a name")?;
                if file.extension().is_some_and(|end| ["js", "ts", "bin"].iter().any(|served| end == *served)) {
                    files::copy(&file, &immutable.join(name))?;
                }
            }
            // Our server compresses by itself, and better.
            for module in modules {
                files::copy(&module.wasm, &immutable.join(format!("{}_bg.wasm", module.name)))?;
            }
            files::fill_in(&immutable, "_bg.wasm.gz", "_bg.wasm")?;
            fs::write(made.join("embed.js"), loader(package)?)?;
            files::copy_all(&www, &made.join("www"))?;
            files::fill_in(&made.join("www"), VERSION_PLACEHOLDER, &package.version)?;
            fs::write(made.join("version.txt"), &package.version)?;
            let compress = Cmd::new("node").args(["--input-type=module", "-e", COMPRESS, "--"]).arg(&made);
            compress.logged(&work().join("compress.log"))?;
            files::replace(&made, &assets)
        })
    })?;
    Ok(assets)
}

/// The loader that is served stands above the versions, and loads the widget of this one.
fn loader(package: &Package) -> Result<String> {
    let text = fs::read_to_string(package.dir.join("embed.js"))?;
    if text.matches(BESIDE).count() != 1 {
        bail!("the packed embed.js does not name {BESIDE} once");
    }
    Ok(text.replace(BESIDE, &format!("\"./pkg/{}/widget.js\"", package.version)))
}
