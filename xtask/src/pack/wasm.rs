//! A Wasm crate → wasm-bindgen's glue and an optimised module.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{WasmCrate, names, portable, unless_stamped, work};
use crate::hash::Hash;
use crate::paths;
use crate::run::{Cmd, step};
use crate::setup::node::Node;
use crate::setup::wasm::{TARGET, Wasm};

/// What rustc assumes of every browser since 2022; wasm-opt must be told each of them.
pub(super) const FEATURES: [&str; 6] =
    ["bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals", "multivalue", "reference-types"];

const OPTIMISE: [&str; 3] = ["--converge", "--strip-producers", "--strip-target-features"];

/// In the place of wasm-bindgen's own.
const LOADER: &str = include_str!("loader.js");

const GZIP: &str = r#"
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
const [from, to] = process.argv.slice(-2);
writeFileSync(to, gzipSync(readFileSync(from), { level: 9 }));
"#;

/// Changed when this file makes something else of the same inputs.
const STEP: &str = "6";

/// A module ready to ship: `<name>_bg.js` (not yet minified) and `<name>_bg.wasm`.
pub(super) struct Module {
    pub(super) name: &'static str,
    pub(super) glue: PathBuf,
    pub(super) wasm: PathBuf,
    /// The same gzipped, as the npm package has it: small whatever the host compresses.
    pub(super) packed: PathBuf,
    /// The same as JavaScript.
    pub(super) portable: Option<PathBuf>,
}

pub(super) fn build(one: &WasmCrate, wasm: &Wasm, node: &Node) -> Result<Module> {
    // Each in a cargo call of its own: built beside native crates, those would switch on features of the core.
    let compile = wasm.cargo()?.args([
        "build",
        "--quiet",
        "--package",
        one.package,
        "--lib",
        "--target",
        TARGET,
        "--profile",
        "wasm",
    ]);
    step(&format!("compiling {}", one.package), || compile.run())?;

    let library = one.package.replace('-', "_");
    let compiled = paths::cargo_target().join(TARGET).join("wasm").join(format!("{library}.wasm"));
    let dir = work().join(one.name);
    let module = Module {
        name: one.name,
        glue: dir.join(format!("{}_bg.js", one.name)),
        wasm: dir.join(format!("{}_bg.wasm", one.name)),
        packed: dir.join(format!("{}_bg.wasm.gz", one.name)),
        portable: if one.portable { Some(portable::build(one, wasm, node)?) } else { None },
    };
    let inputs = Hash::default()
        .file(&compiled)?
        .part(wasm.to_string())
        .part(optimiser(node)?)
        .part(OPTIMISE.concat())
        .part(one.optimise)
        .part(LOADER)
        .part(STEP)
        .hex();
    unless_stamped(
        &work().join(format!("{}.stamp", one.name)),
        &inputs,
        &[&module.glue, &module.wasm, &module.packed],
        || step(&format!("wasm-pack and wasm-opt of {}", one.package), || generate(one, wasm, node, &module)),
    )?;
    Ok(module)
}

fn optimiser(node: &Node) -> Result<String> {
    node.tool("wasm-opt").arg("--version").output()
}

fn generate(one: &WasmCrate, wasm: &Wasm, node: &Node, module: &Module) -> Result<()> {
    let dir = work().join(one.name);
    crate::files::fresh(&dir)?;
    // Its own wasm-opt stays off: it would not know the features, nor our passes.
    wasm.command("wasm-pack", &[node.bin()])?
        .args(["--quiet", "build", "--mode", "no-install", "--target", "web", "--profile", "wasm"])
        .args(["--no-opt", "--no-pack", "--no-typescript", "--no-gitignore", "--out-name", one.name, "--out-dir"])
        .arg(&dir)
        .arg(paths::root().join(one.folder))
        .logged(&work().join(format!("{}-wasm-pack.log", one.name)))?;
    // wasm-pack names the glue <name>.js; the package keeps that name for what people import.
    fs::rename(dir.join(format!("{}.js", one.name)), &module.glue).context("wasm-pack left no glue")?;
    let optimised = dir.join("optimised.wasm");
    let features = FEATURES.map(|feature| format!("--enable-{feature}"));
    let optimise: Cmd = node
        .tool("wasm-opt")
        .arg(one.optimise)
        .args(OPTIMISE)
        .args(features)
        .arg(&module.wasm)
        .arg("-o")
        .arg(&optimised);
    optimise.logged(&work().join(format!("{}-wasm-opt.log", one.name)))?;
    let (short_wasm, short_glue) = names::shorten(&fs::read(optimised)?, &fs::read_to_string(&module.glue)?)
        .with_context(|| format!("{} and its glue do not fit each other", one.package))?;
    fs::write(&module.wasm, short_wasm)?;
    // Without their export the minifier drops wasm-bindgen's own ways of starting.
    let glue = short_glue.replace("export { initSync, __wbg_init as default };", "");
    fs::write(&module.glue, glue + &LOADER.replace("__NAME__", one.name))?;
    let gzip = Cmd::new("node").args(["--input-type=module", "-e", GZIP, "--"]).arg(&module.wasm).arg(&module.packed);
    gzip.logged(&work().join(format!("{}-gzip.log", one.name)))
}
