//! Everything a person types: `cargo xtask <command>`.

mod files;
mod hash;
mod pack;
mod paths;
mod run;
mod setup;

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
        name: "setup",
        arguments: "[all|wasm|node|browser|model|deny]…",
        about: "find or install every tool, once per machine (the others call it when they need it)",
        run: setup::command,
    },
    Command {
        name: "pack",
        arguments: "",
        about: "build the npm package (target/npm/*.tgz) and what the server serves (target/assets); print and enforce sizes",
        run: pack::command,
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
}
