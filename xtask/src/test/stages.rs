//! What each stage runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::package::{install, installed, node_tests};
use super::prices;
use super::tally::Tally;
use crate::run::Cmd;
use crate::setup::{browser, deny, model, node, postgres, wasm};
use crate::{files, house, local_model, pack, paths, programs};

fn cargo(args: &[&str]) -> Cmd {
    Cmd::new("cargo").args(args)
}

pub(super) fn fmt(tally: &mut Tally) -> Result<()> {
    tally.run(cargo(&["fmt", "--all", "--check"]))?;
    Ok(())
}

pub(super) fn clippy(tally: &mut Tally) -> Result<()> {
    let deny_warnings = ["--", "--deny", "warnings"];
    let wasm_crates = house::wasm_members()?;
    let native = cargo(&["clippy", "--quiet", "--workspace", "--all-targets"]);
    let native = wasm_crates.iter().fold(native, |native, member| native.args(["--exclude", &member.name]));
    tally.run(native.args(deny_warnings))?;
    // The widget sees the core without its price book.
    tally.run(
        cargo(&["clippy", "--quiet", "--package", "scrip", "--no-default-features", "--all-targets"])
            .args(deny_warnings),
    )?;
    let wasm = wasm::ensure()?;
    for member in &wasm_crates {
        // One after the other: the tests' crates would bring the standard library to a module that has none.
        for target in ["--lib", "--tests"] {
            let lint =
                wasm.cargo()?.args(["clippy", "--quiet", "--package", &member.name, "--target", wasm::TARGET, target]);
            tally.run(lint.args(deny_warnings))?;
        }
    }
    Ok(())
}

pub(super) fn deny(tally: &mut Tally) -> Result<()> {
    let deny = deny::ensure()?;
    tally.run(Cmd::new(&deny).args(["--log-level", "error", "check", "bans", "licenses", "sources"]))?;
    let fetched = paths::out().join("logs").join("deny-fetch.log");
    // Advisories come from a repository outside the package registries, which not every machine can reach.
    let fetch = Cmd::new(&deny).args(["fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0").timeout(Duration::from_secs(90));
    if fetch.logged(&fetched).is_ok() {
        tally.run(Cmd::new(&deny).args(["--log-level", "error", "check", "--disable-fetch", "advisories"]))?;
    } else {
        tally.note("advisories were not checked: their database cannot be reached from here");
    }
    Ok(())
}

pub(super) fn core(tally: &mut Tally) -> Result<()> {
    tally.run(cargo(&["test", "--quiet", "--package", "scrip"]))?;
    tally.run(cargo(&["test", "--quiet", "--package", "scrip", "--no-default-features"]))?;
    // Whatever else is native and small: the tokenizer, this program. The server has a stage of its own.
    let members = house::members()?;
    let others =
        members.iter().filter(|member| !member.is_wasm && !["scrip", "scrip-server"].contains(&member.name.as_str()));
    let others: Vec<&str> = others.flat_map(|member| ["--package", member.name.as_str()]).collect();
    tally.run(cargo(&["test", "--quiet"]).args(others))?;
    Ok(())
}

pub(super) fn server(tally: &mut Tally) -> Result<()> {
    postgres::ensure()?;
    build_server()?;
    let tests = cargo(&["test", "--quiet", "--package", "scrip-server"]);
    tally.run(tests.env("SCRIP_BIN", paths::server_binary()).env("SCRIP_GENAI_PRICES", prices::data()?))?;
    Ok(())
}

/// The release binary that people run: the browser plays against it, too.
pub(super) fn build_server() -> Result<PathBuf> {
    crate::serve::build_server()?;
    Ok(paths::server_binary())
}

pub(super) fn pack(tally: &mut Tally) -> Result<()> {
    let packed = pack::pack()?;
    print!("{}", packed.sizes);
    packed.sizes.check()?;
    tally.pass();
    Ok(())
}

pub(super) fn wasm(tally: &mut Tally) -> Result<()> {
    let (wasm, node, browser) = (wasm::ensure()?, node::ensure()?, browser::ensure()?);
    for member in house::wasm_members()? {
        if !mentions(&member.folder, "wasm_bindgen_test")? {
            tally.note(format!("{} has no tests of its own; the packed package is tested in Node", member.name));
            continue;
        }
        // Each suite runs where its `wasm_bindgen_test_configure!` says, and is passed over in the other place.
        let test = wasm.command("wasm-pack", &[node.bin()])?;
        let test = test.args(["test", "--mode", "no-install", "--node", "--headless", "--chrome", "--chromedriver"]);
        tally.run(test.arg(&browser.driver).arg(&member.folder).env("WASM_BINDGEN_TEST_TIMEOUT", "120"))?;
    }
    Ok(())
}

fn mentions(folder: &Path, word: &str) -> Result<bool> {
    let rust = files::below(folder)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs"));
    Ok(rust.filter_map(|file| fs::read_to_string(file).ok()).any(|text| text.contains(word)))
}

pub(super) fn browser(tally: &mut Tally) -> Result<()> {
    let (browser, weights) = (browser::ensure()?, model::ensure()?);
    node::ensure()?;
    let server = build_server()?;
    let packed = pack::pack()?;
    let project = install(&packed.tarball)?;
    let screenshots = paths::out().join("screenshots");
    fs::create_dir_all(&screenshots)?;
    let model = local_model::start(&weights, &paths::out().join("logs/model.log"))?;
    let run = node_tests(&paths::root().join("tests/browser"))?
        .env("SCRIP_BIN", server)
        .env("SCRIP_ASSETS", &packed.assets)
        .env("SCRIP_PACKAGE", installed(&project))
        .env("SCRIP_CHROMIUM", &browser.chromium)
        .env("SCRIP_MODEL_URL", &model.base_url)
        .env("SCRIP_ARTEFACTS", &screenshots);
    tally.run(run)?;
    Ok(())
}

pub(super) fn faults(tally: &mut Tally) -> Result<()> {
    let server = build_server()?;
    let campaigns = programs::named("soak_")?;
    if campaigns.is_empty() {
        bail!("crates/server/examples has no soak_*.rs");
    }
    for campaign in campaigns {
        let printed =
            tally.run(programs::run(&campaign, &["--rounds", "1", "--seed", "1"]).env("SCRIP_BIN", &server))?;
        let counts = programs::last_json(&printed.text).context("the campaign printed no counts");
        tally.note(format!("{campaign}: {}", counts?));
    }
    Ok(())
}
