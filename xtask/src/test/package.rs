//! The packed package as others get it: installed from its tarball into a project that has nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::prices;
use super::tally::Tally;
use super::types;
use crate::run::Cmd;
use crate::setup::{browser, node};
use crate::{files, pack, paths};

pub(super) fn package(tally: &mut Tally) -> Result<()> {
    let (node, packed) = (node::ensure()?, pack::pack()?);
    let project = install(&packed.tarball)?;
    let tests = project.join("tests");
    files::copy_all(&paths::root().join("tests/js"), &tests.join("js"))?;
    files::copy_all(&paths::root().join("tests/vectors"), &tests.join("vectors"))?;
    std::os::unix::fs::symlink(node.modules(), tests.join("node_modules"))?;
    let run = node_tests(&tests.join("js"))?.dir(&project).env("SCRIP_IMPORTED_BOOK", prices::imported_book()?);
    tally.run(run.env("SCRIP_PACKAGE", installed(&project)).env("SCRIP_TARBALL", &packed.tarball))?;
    types::check(tally, &node, &packed, &project)?;
    node_example(tally, &project)
}

/// Everything that is to import and use the package: bundlers, other runtimes, workers, a server-side render.
pub(super) fn runtimes(tally: &mut Tally) -> Result<()> {
    let (node, browser, packed) = (node::ensure()?, browser::ensure()?, pack::pack()?);
    let project = install(&packed.tarball)?;
    types::link_react(&node, &project)?;
    let run = node_tests(&paths::root().join("tests/runtimes"))?;
    tally.run(run.env("SCRIP_PROJECT", &project).env("SCRIP_CHROMIUM", &browser.chromium))?;
    Ok(())
}

/// A project that has nothing but the packed package.
pub(super) fn install(tarball: &Path) -> Result<PathBuf> {
    let project = paths::out().join("package-test");
    files::fresh(&project)?;
    fs::write(project.join("package.json"), r#"{"name": "package-test", "private": true, "type": "module"}"#)?;
    let install =
        Cmd::new("npm").args(["install", "--ignore-scripts", "--no-audit", "--no-fund"]).arg(tarball).dir(&project);
    install.logged(&paths::out().join("logs/package-install.log"))?;
    Ok(project)
}

pub(super) fn installed(project: &Path) -> PathBuf {
    project.join("node_modules/@scrip/embed")
}

/// `node --test` with every `*.test.mjs` below a folder, one after another.
pub(super) fn node_tests(folder: &Path) -> Result<Cmd> {
    let tests: Vec<PathBuf> =
        files::below(folder)?.into_iter().filter(|file| file.to_string_lossy().ends_with(".test.mjs")).collect();
    if tests.is_empty() {
        bail!("there are no tests (*.test.mjs) in {}", folder.display());
    }
    Ok(Cmd::new("node")
        .args(["--test", "--test-concurrency=1", "--test-timeout=600000", "--test-reporter=spec"])
        .args(tests))
}

/// The example, as its first lines say, against the package that is installed already.
fn node_example(tally: &mut Tally, project: &Path) -> Result<()> {
    let folder = project.join("examples/node");
    files::copy_all(&paths::root().join("examples/node"), &folder)?;
    tally.run(Cmd::new("node").arg("index.mjs").dir(&folder))?;
    Ok(())
}
