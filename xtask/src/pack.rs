//! `cargo xtask pack`: the npm package and the folder of files that the server serves.
//!
//! Every step is skipped when nothing it reads has changed, and everything is the same wherever it is built from the same tools.

mod assets;
mod names;
mod package;
mod portable;
pub(crate) mod sizes;
mod vocabulary;
mod wasm;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;

use crate::setup::{node, wasm as wasm_setup};
use crate::{paths, run};

/// A Wasm crate and the name of its module in the package: `<name>_bg.wasm` with its glue `<name>_bg.js`.
struct WasmCrate {
    package: &'static str,
    folder: &'static str,
    name: &'static str,
    /// What wasm-opt is to make of it: small, or quick.
    optimise: &'static str,
    /// Whether the package has it as JavaScript, too.
    portable: bool,
}

const CRATES: [WasmCrate; 3] = [
    WasmCrate { package: "scrip-widget", folder: "crates/widget", name: "widget", optimise: "-Oz", portable: false },
    WasmCrate {
        package: "scrip-pricing-js",
        folder: "crates/pricing-js",
        name: "scrip",
        optimise: "-Oz",
        portable: true,
    },
    WasmCrate {
        package: "scrip-tokenizer-js",
        folder: "crates/tokenizer-js",
        name: "tokenizer",
        optimise: "-O3",
        portable: true,
    },
];

/// Stands for the version of the assets wherever a file must name it.
const VERSION_PLACEHOLDER: &str = "__SCRIP_VERSION__";

/// What a pack leaves behind.
pub(crate) struct Packed {
    /// The npm package as a file.
    pub(crate) tarball: PathBuf,
    /// The folder the server serves.
    pub(crate) assets: PathBuf,
    pub(crate) sizes: sizes::Sizes,
}

/// `cargo xtask pack`
pub(crate) fn command(_args: &[String]) -> Result<()> {
    let start = Instant::now();
    let packed = pack()?;
    print!("{}", packed.sizes);
    println!("npm package: {}", shown(&packed.tarball));
    println!("served folder: {}", shown(&packed.assets));
    println!("packed ({})", run::seconds(start.elapsed()));
    packed.sizes.check()
}

/// Builds and assembles; the caller judges the sizes.
pub(crate) fn pack() -> Result<Packed> {
    let wasm = wasm_setup::ensure()?;
    let node = node::ensure()?;
    let modules = CRATES.iter().map(|one| wasm::build(one, &wasm, &node)).collect::<Result<Vec<_>>>()?;
    let package = package::assemble(&modules, &vocabulary::build()?, &node)?;
    let assets = assets::assemble(&package, &modules)?;
    let sizes = sizes::measure(&package, &assets)?;
    Ok(Packed { tarball: package.tarball, assets, sizes })
}

fn work() -> PathBuf {
    paths::out().join("pack")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(paths::root()).unwrap_or(path).display().to_string()
}

/// Does the work unless `stamp` says that it was done from the very same inputs.
fn unless_stamped(stamp: &Path, inputs: &str, outputs: &[&Path], work: impl FnOnce() -> Result<()>) -> Result<()> {
    let same = fs::read_to_string(stamp).is_ok_and(|was| was == inputs);
    if same && outputs.iter().all(|output| output.exists()) {
        return Ok(());
    }
    if stamp.exists() {
        fs::remove_file(stamp)?;
    }
    work()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, inputs)?;
    Ok(())
}
