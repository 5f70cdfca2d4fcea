//! What may be said after `cargo xtask serve`.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

const HELP: &str = "options of serve: [--port-base N] [--data DIR] [--no-model] [--openai-base-url URL] [--openai-api-key KEY] [--openai-model NAME]";

pub(super) struct Options {
    /// The server's port; the website's is the next.
    pub(super) port_base: u16,
    pub(super) data: PathBuf,
    no_model: bool,
    /// The provider's variables as given on the command line; those of the environment reach the server by themselves.
    pub(super) provider: Vec<(&'static str, String)>,
}

impl Options {
    pub(super) fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self { port_base: 8787, data: super::default_data(), no_model: false, provider: Vec::new() };
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            let (name, inline) =
                arg.split_once('=').map_or((arg.as_str(), None), |(name, value)| (name, Some(value.to_owned())));
            let mut value = || {
                inline.clone().or_else(|| rest.next().cloned()).with_context(|| format!("{name} wants a value; {HELP}"))
            };
            match name {
                "--port-base" => {
                    let port = value()?;
                    options.port_base = port
                        .parse()
                        .ok()
                        .filter(|port| (1..u16::MAX).contains(port))
                        .with_context(|| format!("{port} is no port"))?;
                }
                "--data" => options.data = env::current_dir()?.join(value()?),
                "--no-model" => options.no_model = true,
                "--openai-base-url" => options.provider.push(("OPENAI_BASE_URL", value()?)),
                "--openai-api-key" => options.provider.push(("OPENAI_API_KEY", value()?)),
                "--openai-model" => options.provider.push(("OPENAI_MODEL", value()?)),
                _ => bail!("unknown option {arg}; {HELP}"),
            }
        }
        Ok(options)
    }

    pub(super) fn ports(&self) -> (u16, u16) {
        (self.port_base, self.port_base.saturating_add(1))
    }

    /// The same host with two ports is two origins to a browser.
    pub(super) fn server_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports().0)
    }

    pub(super) fn site_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports().1)
    }

    /// The website under both names of this machine: people type either.
    pub(super) fn site_origins(&self) -> [String; 2] {
        [self.site_origin(), format!("http://localhost:{}", self.ports().1)]
    }

    /// The local model is for those who name no provider.
    pub(super) fn wants_local_model(&self) -> bool {
        let named = |variable: &str| env::var_os(variable).is_some_and(|value| !value.is_empty());
        !self.no_model && self.provider.is_empty() && !named("OPENAI_BASE_URL") && !named("OPENAI_API_KEY")
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(args: &[&str]) -> anyhow::Result<Options> {
        Options::parse(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_website_has_the_port_after_the_servers() -> anyhow::Result<()> {
        assert_eq!(parse(&["--port-base", "9000"])?.site_origin(), "http://127.0.0.1:9001");
        assert_eq!(parse(&["--port-base=9000"])?.server_origin(), "http://127.0.0.1:9000");
        Ok(())
    }

    #[test]
    fn a_port_without_a_next_one_a_missing_value_and_an_unknown_option_are_refused() {
        assert!(parse(&["--port-base", "65535"]).is_err());
        assert!(parse(&["--data"]).is_err());
        assert!(parse(&["--colour"]).is_err());
    }

    #[test]
    fn a_named_provider_replaces_the_local_model() -> anyhow::Result<()> {
        assert!(!parse(&["--openai-base-url", "http://127.0.0.1:1/v1"])?.wants_local_model());
        assert!(!parse(&["--no-model"])?.wants_local_model());
        Ok(())
    }
}
