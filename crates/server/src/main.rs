//! The `scrip` binary.

use std::{io::IsTerminal, process::ExitCode};

use clap::Parser;
use scrip_server::cli::{self, Cli};
use tracing_subscriber::{EnvFilter, fmt};

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("SCRIP_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    if std::env::var("SCRIP_LOG_FORMAT").is_ok_and(|format| format == "json") {
        logs.json().init();
    } else {
        logs.init();
    }
    match cli::run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            // One line that says what to do; the causes belong to it.
            eprintln!("scrip: {error:#}");
            ExitCode::FAILURE
        }
    }
}
