//! The command line.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use serde_json::Value;

use crate::{
    config::Serve,
    crypto::MasterKey,
    operator::{self, Request},
    prices_cli::Prices,
    serve::{self, control},
    store::Store,
};

/// Credits for AI tools embedded in other people's pages.
#[derive(Debug, Parser)]
#[command(name = "scrip", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(Box<Serve>),
    /// What an operator does by hand
    Owner {
        #[command(subcommand)]
        command: Owner,
    },
    /// Price books as files: import, check, compare
    Prices {
        #[command(subcommand)]
        command: Prices,
    },
    /// Replay every entry of the ledger and check every rule
    Verify(Place),
    /// The program's version
    Version,
}

/// Which ledger.
#[derive(Args, Debug)]
struct Place {
    /// The data folder; a server may be running on it
    #[arg(long, env = "SCRIP_DATA", required_unless_present = "database")]
    data: Option<PathBuf>,
    /// The PostgreSQL database, when the servers have one; they may be running
    #[arg(long, alias = "scrip-database", env = "SCRIP_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The master key, when the server has it from the environment too
    #[arg(long, alias = "scrip-master-key", env = "SCRIP_MASTER_KEY", hide_env_values = true)]
    master_key: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Owner {
    /// Make an account; prints its secrets once
    Create {
        #[command(flatten)]
        place: Place,
        /// The owner's address
        #[arg(long)]
        email: String,
        /// For the console
        #[arg(long)]
        password: Option<String>,
        /// Pay by usage, from prepaid credits alone
        #[arg(long)]
        metered: bool,
    },
    /// All accounts
    List(Place),
    /// An account and its balance
    Show {
        #[command(flatten)]
        place: Place,
        /// Its id or e-mail address
        #[arg(long)]
        account: String,
    },
    /// Add prepaid credits
    Grant {
        #[command(flatten)]
        place: Place,
        /// Its id or e-mail address
        #[arg(long)]
        account: String,
        /// How many, such as 20 or 0.5
        #[arg(long)]
        credits: String,
        /// Why
        #[arg(long)]
        note: Option<String>,
    },
    /// An account's latest transactions
    Transactions {
        #[command(flatten)]
        place: Place,
        /// Its id or e-mail address
        #[arg(long)]
        account: String,
        /// How many
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
}

impl Owner {
    fn split(self) -> (Place, Request) {
        match self {
            Self::Create { place, email, password, metered } => (place, Request::Create { email, password, metered }),
            Self::List(place) => (place, Request::List),
            Self::Show { place, account } => (place, Request::Show { account }),
            Self::Grant { place, account, credits, note } => (place, Request::Grant { account, credits, note }),
            Self::Transactions { place, account, limit } => (place, Request::Transactions { account, limit }),
        }
    }
}

/// Runs a command line; what it prints is for people and programs alike.
///
/// # Errors
/// One line that says what is wrong and what to do.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(options) => serve::serve(*options).await?,
        Command::Owner { command } => {
            let (place, request) = command.split();
            print(&perform(&place, &request).await?)?;
        }
        Command::Prices { command } => return command.run(),
        Command::Verify(place) => verify(&place).await?,
        Command::Version => print_line(env!("CARGO_PKG_VERSION"))?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(place: &Place) -> anyhow::Result<()> {
    let findings = perform(place, &Request::Verify).await?;
    let findings: Vec<String> = serde_json::from_value(findings)?;
    for finding in &findings {
        print_line(finding)?;
    }
    anyhow::ensure!(findings.is_empty(), "the ledger has {} faults; restore the last backup", findings.len());
    print_line("the ledger is sound")
}

/// Asks the database, or the server that runs on the folder, or opens the folder when none does.
async fn perform(place: &Place, request: &Request) -> anyhow::Result<Value> {
    let Some(folder) = place.data.as_deref().filter(|_| place.database.is_none()) else {
        let database = place.database.as_deref().context("say which ledger: --data or --database")?;
        let store = serve::open_database(database).await?;
        return perform_on(store, &serve::shared_key(place.master_key.as_deref())?, request).await;
    };
    if let Some(answer) = control::ask(folder, request).await? {
        return answer.map_err(anyhow::Error::msg);
    }
    anyhow::ensure!(
        has_ledger(folder) || matches!(request, Request::Create { .. }),
        "there is no ledger in {}; give the server's --data folder",
        folder.display()
    );
    let store = serve::open(folder).await?;
    let master = match &place.master_key {
        Some(text) => MasterKey::from_text(text)?,
        None => MasterKey::in_folder(folder)?,
    };
    perform_on(store, &master, request).await
}

async fn perform_on(store: Arc<dyn Store>, master: &MasterKey, request: &Request) -> anyhow::Result<Value> {
    // The request travels as JSON to a server, too, so that both ways do the same.
    let request = serde_json::from_str(&serde_json::to_string(request)?)?;
    let answer = operator::perform(&*store, master, request).await;
    store.close().await?;
    answer.map_err(anyhow::Error::msg)
}

fn has_ledger(folder: &Path) -> bool {
    folder.join("scrip.db").exists()
}

fn print(value: &Value) -> anyhow::Result<()> {
    print_line(&serde_json::to_string_pretty(value)?)
}

fn print_line(text: &str) -> anyhow::Result<()> {
    print_text(&format!("{text}\n"))
}

/// Prints text as it is.
pub(crate) fn print_text(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever read has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
