//! `cargo xtask serve`: the demo. A server, somebody's website beside it, and a model that needs no key.

mod options;
mod seed;
mod site;

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::local_model::{self, LocalModel};
use crate::run::{Cmd, step};
use crate::service::Service;
use crate::setup::{model, node, wasm};
use crate::{pack, paths};
use options::Options;
use seed::Demo;

/// `cargo xtask serve [options]`
pub(crate) fn command(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let (server_port, site_port) = options.ports();
    drop(listen(server_port, &options)?);
    let site_listener = listen(site_port, &options)?;

    println!("set-up");
    wasm::ensure()?;
    node::ensure()?;
    let weights = if options.wants_local_model() { Some(model::ensure()?) } else { None };
    println!("build");
    build_server()?;
    let packed = pack::pack()?;
    packed.sizes.check()?;

    println!("start");
    fs::create_dir_all(&options.data).with_context(|| format!("cannot create {}", options.data.display()))?;
    // Dropped in reverse: the server first, then the model, so that no run is cut off by our own hand.
    let mut model = weights.map(|weights| local_model::start(&weights, &options.data.join("model.log"))).transpose()?;
    let stop = stop_signals()?;
    let mut server = start_server(&options, model.as_ref(), &packed.assets)?;
    let demo = seed::ensure(&options, &paths::root().join("examples/demo-site/pickaxes.json"))?;
    site::serve(site_listener, paths::root().join("examples/demo-site"), demo.placeholders(&options));
    introduce(&options, &demo, model.is_some());
    watch(&stop, &mut server, model.as_mut())
}

/// The release binary, with everything that the workspace's profile says.
pub(crate) fn build_server() -> Result<()> {
    step("building the server (release; the first time takes minutes)", || {
        Cmd::new("cargo").args(["build", "--quiet", "--release", "--package", "scrip-server", "--bin", "scrip"]).run()
    })
}

fn listen(port: u16, options: &Options) -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
        let other = options.port_base.saturating_add(1000);
        let advice = format!("stop what uses it or choose others: cargo xtask serve --port-base {other}");
        match error.kind() {
            ErrorKind::AddrInUse => anyhow!("port {port} is taken by another program; {advice}"),
            _ => anyhow!("port {port} cannot be used ({error}); {advice}"),
        }
    })
}

fn start_server(options: &Options, model: Option<&LocalModel>, assets: &Path) -> Result<Service> {
    step("starting the server", || {
        let (port, _) = options.ports();
        let mut cmd = Cmd::new(paths::server_binary())
            .args(["serve", "--data"])
            .arg(options.data.join("server"))
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .env("SCRIP_ASSETS", assets)
            .env("SCRIP_PUBLIC_URL", options.server_origin());
        if let Some(model) = model {
            cmd = cmd
                .env("OPENAI_BASE_URL", &model.base_url)
                .env("OPENAI_MODEL", local_model::NAME)
                .env("OPENAI_API_KEY", "local");
        }
        for (variable, value) in &options.provider {
            cmd = cmd.env(variable, value);
        }
        let mut server = Service::start("server", cmd, &options.data.join("server.log"))?;
        server.wait_ready(&format!("{}/healthz", options.server_origin()), Duration::from_secs(60))?;
        Ok(server)
    })
}

/// Ctrl-C, SIGTERM and a closed terminal, as messages.
fn stop_signals() -> Result<Receiver<()>> {
    let (send, receive) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = send.send(());
    })
    .context("cannot watch for Ctrl-C")?;
    Ok(receive)
}

fn introduce(options: &Options, demo: &Demo, local: bool) {
    let (server, site) = (options.server_origin(), options.site_origin());
    let model = if local {
        "SmolLM2, 135M parameters, on this machine: charming, not clever"
    } else {
        "the provider you named"
    };
    println!(
        "
  Somebody's website   {site}/
  The Scrip server     {server}/
  The demo owner       {email}
  their key            {key}
  The model            {model}

  Try this:
  1. Open the website and run a tool: the words stream in, the owner pays one credit.
  2. See the balance:   curl -s -H 'Authorization: Bearer {key}' {server}/v1/account
     and what was paid: curl -s -H 'Authorization: Bearer {key}' {server}/v1/transactions
  3. Run a tool until its limit: its message appears, with the day the next run comes back. Reload: it stays.
  4. Open the website in a private window: that is another visitor, with runs of their own.

  The data stays in {data} for the next start. Ctrl-C stops everything.
",
        email = demo.email,
        key = demo.owner_key,
        data = shown(&options.data),
    );
}

fn shown(path: &Path) -> String {
    path.strip_prefix(paths::root()).unwrap_or(path).display().to_string()
}

fn watch(stop: &Receiver<()>, server: &mut Service, mut model: Option<&mut LocalModel>) -> Result<()> {
    loop {
        if stop.recv_timeout(Duration::from_millis(300)).is_ok() {
            println!("\nstopping");
            return Ok(());
        }
        if let Some(status) = server.exited()? {
            bail!("the server ended by itself ({status}):\n{}", server.last_words());
        }
        if let Some(model) = model.as_mut()
            && let Some(status) = model.service.exited()?
        {
            bail!("the local model ended by itself ({status}):\n{}", model.service.last_words());
        }
    }
}

/// Where the demo keeps its things unless told otherwise: outside `target/`, so that `cargo clean` leaves the ledger alone.
fn default_data() -> PathBuf {
    paths::root().join(".demo")
}
