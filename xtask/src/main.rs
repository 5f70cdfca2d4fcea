//! Everything a person types: `cargo xtask <command>`.

mod bench;
mod files;
mod hash;
mod house;
mod local_model;
mod machine;
mod pack;
mod paths;
mod programs;
mod run;
mod serve;
mod service;
mod setup;
mod soak;
mod test;

use std::process::ExitCode;

use anyhow::Result;

/// A command, as `cargo xtask` lists it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "serve",
        arguments: "[--port-base N] [--data DIR] [--no-model] [--openai-base-url URL] [--openai-api-key KEY] [--openai-model NAME]",
        about: "the demo: server, somebody's website with three tools, a local model; sets up whatever is missing",
        run: serve::command,
    },
    Command {
        name: "test",
        arguments: "[stage…]",
        about: "everything that must hold: fmt clippy deny arrows core tokens server pack wasm package runtimes browser faults",
        run: test::command,
    },
    Command {
        name: "pack",
        arguments: "",
        about: "the npm package (target/npm/*.tgz) and what the server serves (target/assets), with enforced sizes",
        run: pack::command,
    },
    Command {
        name: "bench",
        arguments: "[group…]",
        about: "measure size, debits, tokens, pricing and write BENCHMARKS.md; chosen groups are only printed",
        run: bench::command,
    },
    Command {
        name: "soak",
        arguments: "[campaign] [--rounds N] [--seed S]",
        about: "long campaigns against the real server, kept in SOAK.md",
        run: soak::command,
    },
    Command {
        name: "setup",
        arguments: "[all|wasm|node|browser|model|deny]…",
        about: "find or install every tool, once per machine (the others call it when they need it)",
        run: setup::command,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        list();
        return ExitCode::SUCCESS;
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        list();
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("there is no command `{name}`");
        list();
        return ExitCode::from(2);
    };
    match (command.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn list() {
    println!("cargo xtask <command>\n");
    for command in COMMANDS {
        println!("  {} {}\n      {}", command.name, command.arguments, command.about);
    }
    println!(
        "
  SCRIP_TOOLS=DIR               where the tools of all clones lie (else ~/.local/share/scrip-tools)
  SCRIP_CHROMIUM=FILE           a Chromium of your own; SCRIP_CHROMEDRIVER=FILE its driver
  SCRIP_WASM_TOOLCHAIN=debian   Debian's compiler for Wasm even where rustup has the target"
    );
}
