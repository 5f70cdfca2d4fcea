//! What measures each group, and what it needs to be there.

use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::run::{Cmd, step};
use crate::setup::{node, wasm};
use crate::{files, pack, paths, programs, serve};

pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) run: fn() -> Result<Vec<Value>>,
}

pub(super) const GROUPS: [Group; 4] = [
    Group { name: "size", run: size },
    Group { name: "debits", run: debits },
    Group { name: "tokens", run: tokens },
    Group { name: "pricing", run: pricing },
];

fn size() -> Result<Vec<Value>> {
    Ok(pack::pack()?.sizes.figures())
}

fn debits() -> Result<Vec<Value>> {
    serve::build_server()?;
    measured(programs::example("scrip-server", "bench_debits", &[]).env("SCRIP_BIN", paths::server_binary()))
}

fn tokens() -> Result<Vec<Value>> {
    let rival = tiktoken_crate()?;
    let mut figures = measured(programs::example("scrip-tokenizer", "bench_tokenizer", &[]))?;
    figures.extend(measured(in_node("tokens.mjs")?.env("TIKTOKEN_CRATE", rival))?);
    Ok(figures)
}

fn pricing() -> Result<Vec<Value>> {
    measured(in_node("pricing.mjs")?)
}

/// The figures that a program prints.
fn measured(program: Cmd) -> Result<Vec<Value>> {
    let printed = program.tee()?;
    if !printed.ok {
        bail!("`{}` failed: BENCHMARKS.md is left as it was", printed.shown);
    }
    Ok(programs::json_lines(&printed.text))
}

/// A program of tests/bench with the packed package and with what it is measured against.
fn in_node(program: &str) -> Result<Cmd> {
    let folder = paths::root().join("tests/bench");
    node::install(&folder)?;
    let tarball = pack::pack()?.tarball;
    Ok(Cmd::new("node").arg(folder.join(program)).env("SCRIP_TARBALL", tarball))
}

/// The crate `tiktoken` as Wasm, as fast as the tools make it.
fn tiktoken_crate() -> Result<PathBuf> {
    let (wasm, node) = (wasm::ensure()?, node::ensure()?);
    let made = paths::out().join("tiktoken-crate");
    step("building the crate tiktoken for Wasm, to be measured against", || {
        let log = paths::out().join("logs/tiktoken-crate.log");
        let manifest = paths::root().join("tests/bench/tiktoken-crate/Cargo.toml");
        let build = wasm.cargo()?.args(["build", "--release", "--locked", "--target", wasm::TARGET, "--manifest-path"]);
        build.arg(manifest).arg("--target-dir").arg(&made).logged(&log)?;
        let module = made.join(wasm::TARGET).join("release/tiktoken_crate.wasm");
        let web = made.join("web");
        files::fresh(&web)?;
        wasm.command("wasm-bindgen", &[])?.args(["--target", "web", "--out-dir"]).arg(&web).arg(module).logged(&log)?;
        let module = web.join("tiktoken_crate_bg.wasm");
        node.tool("wasm-opt").args(["-O3", "--all-features"]).arg(&module).arg("-o").arg(&module).logged(&log)
    })?;
    Ok(made.join("web"))
}
