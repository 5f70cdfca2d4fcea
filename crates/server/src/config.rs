//! What an operator can set: flags and environment variables of the same names.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

/// Whether strangers may make accounts.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum SignUp {
    /// Anybody may.
    Open,
    /// Only the operator, with `scrip owner create`.
    Closed,
}

/// Who takes money.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Payments {
    /// Nobody.
    Off,
    /// The test provider: every purchase succeeds at once and costs nothing.
    Test,
}

/// A switch whose default is on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Options of `scrip serve`.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// The folder that holds the ledger and its keys; made when it is missing
    #[arg(long, env = "SCRIP_DATA")]
    pub data: PathBuf,
    /// A PostgreSQL database for the ledger, as postgres://user:password@host/database; any number of servers share it
    #[arg(long, alias = "scrip-database", env = "SCRIP_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Where to listen, as HOST:PORT
    #[arg(long, env = "SCRIP_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: String,
    #[command(flatten)]
    #[allow(missing_docs, reason = "a group of flags")]
    pub settings: Settings,
}

/// Everything that shapes answers.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// The address browsers reach this server at, for snippets (else the Host header)
    #[arg(long, env = "SCRIP_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Base URL of an OpenAI-compatible provider
    #[arg(long, env = "OPENAI_BASE_URL", default_value = "https://api.openai.com/v1")]
    pub openai_base_url: String,
    /// The provider's key
    #[arg(long, env = "OPENAI_API_KEY", hide_env_values = true)]
    pub openai_api_key: Option<String>,
    /// The provider's model for every model that SCRIP_MODELS does not map
    #[arg(long, env = "OPENAI_MODEL", default_value = "gpt-4o-mini")]
    pub openai_model: String,
    /// JSON object: price-book id to the provider's name of the model
    #[arg(long, alias = "scrip-models", env = "SCRIP_MODELS", value_parser = models, default_value = "{}")]
    pub models: Models,
    /// Seconds without a byte after which the provider counts as gone
    #[arg(long, alias = "scrip-provider-timeout", env = "SCRIP_PROVIDER_TIMEOUT", value_parser = seconds, default_value = "60")]
    pub provider_timeout: Duration,
    /// Whether strangers may make accounts
    #[arg(long, alias = "scrip-signup", env = "SCRIP_SIGNUP", value_enum, default_value = "open")]
    pub signup: SignUp,
    /// Who takes money
    #[arg(long, alias = "scrip-payments", env = "SCRIP_PAYMENTS", value_enum, default_value = "off")]
    pub payments: Payments,
    /// Limit of requests per address on public routes
    #[arg(long, alias = "scrip-rate-limit", env = "SCRIP_RATE_LIMIT", value_enum, default_value = "on")]
    pub rate_limit: Switch,
    /// 64 hexadecimal digits that encrypt secrets and sign visits (else DIR/master.key; required with --database)
    #[arg(long, alias = "scrip-master-key", env = "SCRIP_MASTER_KEY", hide_env_values = true)]
    pub master_key: Option<String>,
    /// A price book of your own (JSON), instead of the built-in one
    #[arg(long, alias = "scrip-price-book", env = "SCRIP_PRICE_BOOK")]
    pub price_book: Option<PathBuf>,
    /// A rate on top of suppliers' prices: 0.2 is 20 %
    #[arg(long, alias = "scrip-margin", env = "SCRIP_MARGIN", default_value = "0")]
    pub margin: scrip::Quantity,
    /// Seconds for which the words of a finished run can still be read
    #[arg(long, env = "SCRIP_OUTPUT_SECONDS", default_value = "600")]
    pub output_seconds: u64,
    /// The folder `cargo xtask pack` writes (else ../assets beside the binary)
    #[arg(long, env = "SCRIP_ASSETS")]
    pub assets: Option<PathBuf>,
}

/// Price-book ids and what the provider calls them.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct Models(pub BTreeMap<String, String>);

fn models(text: &str) -> Result<Models, String> {
    serde_json::from_str(text).map_err(|error| format!("expected a JSON object of names: {error}"))
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 => Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string()),
        _ => Err("expected seconds above 0".to_owned()),
    }
}

impl Settings {
    /// What the provider calls a model of the price book.
    #[must_use]
    pub fn provider_model(&self, id: &str) -> &str {
        self.models.0.get(id).unwrap_or(&self.openai_model)
    }
}
