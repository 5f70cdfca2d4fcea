//! `pkg-template/` + the Wasm modules → `target/npm/package/` and its tarball.
//!
//! Every JavaScript file at the template's top level is an entry of the package: bundled with what it imports from subfolders and
//! minified. Entries and the modules' glue stay files of their own, so that what is imported late is loaded late.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::wasm::Module;
use super::{unless_stamped, work};
use crate::hash::Hash;
use crate::run::{Cmd, step};
use crate::setup::node::Node;
use crate::{files, paths};

/// For programs alone: without the blanks that people like.
const COMPACT: [&str; 2] = ["custom-elements.json", "price-book.schema.json"];

/// The loader is a classic script, put into pages that know no modules.
const CLASSIC: &str = "embed.js";

pub(super) struct Package {
    pub(super) dir: PathBuf,
    pub(super) tarball: PathBuf,
    /// What esbuild found out about each entry: `<entry>.json`.
    pub(super) meta: PathBuf,
    /// Package version and content, e.g. `0.1.0-1a2b3c4d5e`.
    pub(super) version: String,
}

pub(super) fn assemble(modules: &[Module], vocabularies: &[PathBuf], node: &Node) -> Result<Package> {
    let stage = stage(modules, vocabularies)?;
    let inputs = files::hash(Hash::default().part(VERSION_OF_THIS_STEP).part(esbuild_version(node)?), &stage)?.hex();
    let npm = paths::out().join("npm");
    let (dir, meta, version_file) = (npm.join("package"), work().join("meta"), work().join("version.txt"));
    let tarball = npm.join(tarball_name(&stage)?);
    unless_stamped(&work().join("package.stamp"), &inputs, &[&dir, &tarball, &version_file], || {
        step("minifying and packing the npm package", || {
            files::fresh(&npm)?;
            files::fresh(&meta)?;
            let made = work().join("package");
            files::fresh(&made)?;
            for file in top_level(&stage)? {
                let target = made.join(file.file_name().context("a file has a name")?);
                if file.extension().is_some_and(|end| end == "js") {
                    minify(&file, &target, &stage, &meta, node)?;
                } else if COMPACT.iter().any(|name| file.ends_with(name)) {
                    let json: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
                    fs::write(&target, json.to_string())?;
                } else {
                    files::copy(&file, &target)?;
                }
            }
            let version = format!("{}-{}", package_version(&stage)?, content_id(&made)?);
            fs::write(&version_file, &version)?;
            files::replace(&made, &dir)?;
            pack(&dir, &npm)
        })
    })?;
    let version = fs::read_to_string(version_file)?;
    Ok(Package { dir, tarball, meta, version })
}

/// Changed when this file makes something else of the same inputs.
const VERSION_OF_THIS_STEP: &str = "7";

/// The template with the modules and the licences beside it, as people would write the package by hand.
fn stage(modules: &[Module], vocabularies: &[PathBuf]) -> Result<PathBuf> {
    let stage = work().join("stage");
    files::fresh(&stage)?;
    let template = paths::root().join("pkg-template");
    files::copy_all(&template, &stage)?;
    for module in modules {
        files::copy(&module.glue, &stage.join(format!("{}_bg.js", module.name)))?;
        files::copy(&module.packed, &stage.join(format!("{}_bg.wasm.gz", module.name)))?;
        let snippets = module.glue.with_file_name("snippets");
        files::copy_all(&snippets, &stage.join("snippets"))?;
    }
    let portable = modules.iter().filter_map(|module| module.portable.as_ref());
    for file in portable.chain(vocabularies) {
        files::copy(file, &stage.join(file.file_name().context("a file has a name")?))?;
    }
    // Of the two licences that may be chosen from, the text of the short one; the README names both.
    files::copy(&paths::root().join("LICENSE-MIT"), &stage.join("LICENSE-MIT"))?;
    if !stage.join("package.json").exists() {
        bail!("pkg-template/package.json is missing");
    }
    Ok(stage)
}

fn top_level(stage: &Path) -> Result<Vec<PathBuf>> {
    Ok(files::below(stage)?.into_iter().filter(|file| file.parent() == Some(stage)).collect())
}

fn esbuild_version(node: &Node) -> Result<String> {
    node.tool("esbuild").arg("--version").output()
}

fn minify(entry: &Path, target: &Path, stage: &Path, meta: &Path, node: &Node) -> Result<()> {
    let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // Beside the others, so that what stays an import keeps its address, seen from wherever it stands.
    let made = stage.join(format!("{name}.min"));
    let mut esbuild = node
        .tool("esbuild")
        .dir(stage)
        .arg(format!("./{name}"))
        .args([
            "--bundle",
            "--minify",
            "--target=es2022",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
        ])
        .args(["--loader:.css=text", "--platform=neutral", "--packages=external", "--external:*.wasm"])
        .arg(if name == CLASSIC { "--format=iife" } else { "--format=esm" })
        .arg(format!("--metafile={}", meta.join(format!("{name}.json")).display()))
        .arg(format!("--outfile={}", made.display()));
    if name.ends_with("_bg.js") {
        // wasm-bindgen's advice to developers; what it does about each case stays.
        esbuild = esbuild.arg("--drop:console");
    }
    for sibling in top_level(stage)? {
        let sibling = sibling.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if sibling != name && sibling.ends_with(".js") {
            esbuild = esbuild.arg(format!("--external:./{sibling}"));
        }
    }
    esbuild.logged(&work().join("esbuild.log"))?;
    let minified = fs::read_to_string(&made).with_context(|| format!("esbuild made nothing of {name}"))?;
    fs::remove_file(&made)?;
    fs::write(target, minified.replace(NODE_ALONE, &format!("import({IGNORED}")))?;
    Ok(())
}

/// What bundlers are told not to look for; the minifier takes every comment away.
const NODE_ALONE: &str = "import([\"node:fs\"";
const IGNORED: &str = "/*webpackIgnore:true*//*@vite-ignore*/[\"node:fs\"";

fn package_json(stage: &Path) -> Result<Value> {
    let text = fs::read_to_string(stage.join("package.json"))?;
    serde_json::from_str(&text).context("pkg-template/package.json is not JSON")
}

/// The package and the workspace are released together: one version.
fn package_version(stage: &Path) -> Result<String> {
    let version = package_json(stage)?.get("version").and_then(Value::as_str).unwrap_or_default().to_owned();
    let workspace = env!("CARGO_PKG_VERSION");
    if version != workspace {
        bail!("pkg-template/package.json has version {version:?}, the workspace {workspace:?}");
    }
    Ok(version)
}

/// As `npm pack` names it: `@scrip/embed` 0.1.0 → `scrip-embed-0.1.0.tgz`.
fn tarball_name(stage: &Path) -> Result<String> {
    let name = package_json(stage)?.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(format!("{}-{}.tgz", name.trim_start_matches('@').replace('/', "-"), package_version(stage)?))
}

/// Rebuilt content gets another address, so no cache can mix two builds.
fn content_id(dir: &Path) -> Result<String> {
    Ok(files::hash(Hash::default(), dir)?.hex().chars().take(10).collect())
}

fn pack(dir: &Path, into: &Path) -> Result<()> {
    Cmd::new("npm")
        .args(["pack", "--ignore-scripts", "--pack-destination"])
        .arg(into)
        .dir(dir)
        .logged(&work().join("npm-pack.log"))
}
