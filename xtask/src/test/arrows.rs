//! The rules of the house that a machine can check: who depends on whom, and what may stand in which room.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::tally::Tally;
use crate::run::Cmd;
use crate::{files, house, paths};

/// What the pure core may never pull in, not even through another crate.
const FOREIGN_TO_THE_CORE: [&str; 12] = [
    "tokio",
    "axum",
    "hyper",
    "reqwest",
    "rusqlite",
    "sqlx",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "getrandom",
    "rand",
    "chrono",
];

/// Words that may stand in some files only.
struct Rule {
    about: &'static str,
    folder: &'static str,
    words: &'static [&'static str],
    /// Where they may stand: ends of paths.
    allowed: &'static [&'static str],
}

const RULES: [Rule; 7] = [
    Rule {
        about: "the core has no I/O, no clock and no randomness",
        folder: "src",
        words: &[
            "SystemTime",
            "Instant::now",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "println!",
        ],
        allowed: &[],
    },
    Rule {
        about: "handlers write no SQL",
        folder: "crates/server/src/http",
        words: &["rusqlite", "sqlx", "SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE "],
        allowed: &[],
    },
    Rule {
        about: "statuses of refusals are decided in problem.rs alone",
        folder: "crates/server/src",
        words: &[
            "StatusCode::BAD_",
            "StatusCode::UN",
            "StatusCode::PAYMENT_",
            "StatusCode::FORBIDDEN",
            "StatusCode::NOT_FOUND",
            "StatusCode::METHOD_",
            "StatusCode::CONFLICT",
            "StatusCode::PAYLOAD_",
            "StatusCode::TOO_MANY",
            "StatusCode::INTERNAL_",
            "StatusCode::SERVICE_",
            "StatusCode::GATEWAY_",
            "StatusCode::PRECONDITION_",
        ],
        allowed: &["problem.rs"],
    },
    Rule {
        about: "statuses of successes are decided in reply.rs alone",
        folder: "crates/server/src",
        words: &["StatusCode::OK", "StatusCode::CREATED", "StatusCode::ACCEPTED", "StatusCode::NO_CONTENT"],
        allowed: &["http/reply.rs", "problem.rs"],
    },
    Rule {
        about: "the server reads the wall clock in one place",
        folder: "crates/server/src",
        words: &["SystemTime::now", "Timestamp::now", "Utc::now", "OffsetDateTime::now"],
        allowed: &["clock.rs"],
    },
    Rule {
        about: "the widget reads the clock and random numbers in one place",
        folder: "crates/widget/src",
        words: &["Date::now", "Date::new_0", "performance()", "Math::random", "random_uuid", "get_random_values"],
        allowed: &["clock.rs", "ids.rs"],
    },
    Rule {
        about: "no HTML is made from text",
        folder: "crates/widget/src",
        words: &["inner_html", "outer_html", "insert_adjacent_html", "document_write", "innerHTML"],
        allowed: &[],
    },
];

pub(super) fn check(tally: &mut Tally) -> Result<()> {
    core_is_pure(tally)?;
    arrows_point_inward(tally)?;
    for rule in &RULES {
        check_rule(rule, tally)?;
    }
    Ok(())
}

fn tree(package: &str) -> Result<Vec<String>> {
    let tree = Cmd::new("cargo")
        .args([
            "tree",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--all-features",
            "--format",
            "{p}",
        ])
        .output()?;
    Ok(tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

fn core_is_pure(tally: &mut Tally) -> Result<()> {
    let tree = tree("scrip")?;
    let found: Vec<&str> =
        FOREIGN_TO_THE_CORE.into_iter().filter(|foreign| tree.iter().any(|name| name == foreign)).collect();
    verdict(tally, "cargo tree of the core: no runtime, no browser", &found.join(", "));
    Ok(())
}

/// An allocator: it knows nothing of anybody.
const BELOW_ALL: &str = "scrip-heap";

/// Every crate of the house may know the core, and a binding `x-js` what it binds; never another one, never back.
fn arrows_point_inward(tally: &mut Tally) -> Result<()> {
    let members: Vec<String> = house::members()?.into_iter().map(|member| member.name).collect();
    for member in members.iter().filter(|member| *member != "xtask") {
        let bound = member.strip_suffix("-js");
        let foreign = |name: &&String| {
            let known = ["scrip", BELOW_ALL].contains(&name.as_str()) || Some(name.as_str()) == bound;
            members.contains(name) && *name != member && !known
        };
        let found: Vec<String> = tree(member)?.iter().filter(foreign).cloned().collect();
        verdict(tally, &format!("{member} depends on the core at most"), &found.join(", "));
    }
    Ok(())
}

fn check_rule(rule: &Rule, tally: &mut Tally) -> Result<()> {
    let mut found = Vec::new();
    for file in files::below(&paths::root().join(rule.folder))? {
        let allowed = rule.allowed.iter().any(|end| file.ends_with(end));
        if !allowed && file.extension().is_some_and(|end| end == "rs") {
            found.extend(places(&file, rule.words)?);
        }
    }
    verdict(tally, rule.about, &found.join(", "));
    Ok(())
}

/// Lines of shipping code with one of the words: comments and what follows `#[cfg(test)]` may say anything.
fn places(file: &Path, words: &[&str]) -> Result<Vec<String>> {
    let text = fs::read_to_string(file)?;
    let shipping = text.lines().take_while(|line| line.trim() != "#[cfg(test)]").enumerate();
    let bad = shipping.filter(|(_, line)| {
        let code = line.trim_start();
        !code.starts_with("//") && words.iter().any(|word| code.contains(word))
    });
    let name: PathBuf = file.strip_prefix(paths::root()).unwrap_or(file).to_path_buf();
    Ok(bad.map(|(number, _)| format!("{}:{}", name.display(), number + 1)).collect())
}

fn verdict(tally: &mut Tally, about: &str, broken: &str) {
    if broken.is_empty() {
        println!("  ✓ {about}");
        tally.pass();
    } else {
        println!("  ✗ {about}: {broken}");
        tally.fail(&format!("{about}: {broken}"));
    }
}
