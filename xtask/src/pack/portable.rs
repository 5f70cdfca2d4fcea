//! A Wasm crate → the same as JavaScript, for places that compile no Wasm, or that cannot reach its file.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::names::Reader;
use super::{WasmCrate, unless_stamped, wasm, work};
use crate::hash::Hash;
use crate::paths;
use crate::run::step;
use crate::setup::node::Node;
use crate::setup::wasm::{TARGET, Wasm};

const TOGETHER: &str = include_str!("portable.mjs");
/// wasm2js knows the first edition of Wasm alone.
const FIRST_EDITION: &str = "-Ctarget-cpu=mvp -Ctarget-feature=+mutable-globals";
/// The standard library was compiled for a later edition.
const LOWER: [&str; 3] =
    ["--signext-lowering", "--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering"];

/// `<name>_wasm2js.js`: the exports of the glue, and a default one that starts it.
pub(super) fn build(one: &WasmCrate, wasm: &Wasm, node: &Node) -> Result<PathBuf> {
    // Other flags would make cargo build everything anew in the other folder.
    let target = paths::cargo_target().join("portable");
    let compile = wasm
        .command_with("cargo", &[], FIRST_EDITION)?
        .args(["build", "--quiet", "--package", one.package, "--lib", "--target", TARGET, "--profile", "wasm"])
        .arg("--target-dir")
        .arg(&target);
    step(&format!("compiling {} for wasm2js", one.package), || compile.run())?;
    let compiled = target.join(TARGET).join("wasm").join(format!("{}.wasm", one.package.replace('-', "_")));
    let dir = work().join(format!("{}-portable", one.name));
    let script = dir.join(format!("{}_wasm2js.js", one.name));
    let inputs = Hash::default().file(&compiled)?.part(TOGETHER).part(LOWER.concat()).part(wasm.to_string()).hex();
    unless_stamped(&work().join(format!("{}-portable.stamp", one.name)), &inputs, &[&script], || {
        step(&format!("wasm2js of {}", one.package), || {
            crate::files::fresh(&dir)?;
            let (plain, bound, lowered, body) = (
                dir.join("plain.wasm"),
                dir.join(format!("{}_bg.wasm", one.name)),
                dir.join("lowered.wasm"),
                dir.join("body.js"),
            );
            // wasm-bindgen goes by what the module says that it uses, and would use more itself.
            fs::write(&plain, without_features(&fs::read(&compiled)?)?)?;
            let log = |what: &str| work().join(format!("{}-{what}.log", one.name));
            wasm.command("wasm-bindgen", &[])?
                .args(["--target", "web", "--no-typescript", "--out-name", one.name, "--out-dir"])
                .args([&dir, &plain])
                .logged(&log("portable-bindgen"))?;
            let features = wasm::FEATURES.map(|feature| format!("--enable-{feature}"));
            let lower = node.tool("wasm-opt").arg(one.optimise).args(LOWER).args(&features).arg(&bound).arg("-o");
            lower.arg(&lowered).logged(&log("portable-wasm-opt"))?;
            node.tool("wasm2js").arg("-Oz").arg(&lowered).arg("-o").arg(&body).logged(&log("wasm2js"))?;
            let together = crate::run::Cmd::new("node").args(["--input-type=module", "-e", TOGETHER, "--"]);
            let together = together.arg(dir.join(format!("{}.js", one.name))).args([&body, &script]);
            together.logged(&log("portable"))
        })
    })?;
    Ok(script)
}

/// The module without the section in which it says which features it uses.
fn without_features(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut reader = Reader::new(wasm);
    let mut out = reader.take(8)?.to_vec();
    while !reader.is_at_end() {
        let start = reader.position();
        let id = reader.byte()?;
        let size = reader.number()?;
        let section = reader.take(size)?;
        let is_features = id == 0 && Reader::new(section).text().is_ok_and(|name| name == "target_features");
        if !is_features {
            out.extend(wasm.get(start..reader.position()).context("a section ends in the module")?);
        }
    }
    Ok(out)
}
