//! What the long-running examples share: a real server as a child process, and a way to talk to it.
#![allow(dead_code, reason = "each example uses its part")]

use std::{
    env,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// The server's binary: `SCRIP_BIN`, or the one beside this example in the target folder.
pub(crate) fn binary() -> Result<PathBuf> {
    if let Some(path) = env::var_os("SCRIP_BIN") {
        return Ok(path.into());
    }
    let this = env::current_exe()?;
    let folder = this.parent().and_then(Path::parent).context("this example lies in no target folder")?;
    let beside = folder.join("scrip");
    ensure!(
        beside.is_file(),
        "no server at {}: build it (cargo build --release --bin scrip) or set SCRIP_BIN",
        beside.display()
    );
    Ok(beside)
}

/// Runs the binary to its end and returns what it printed.
pub(crate) fn run(binary: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(binary).args(arguments).env("SCRIP_LOG", "error").output()?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(
        output.status.success(),
        "scrip {} failed: {text}{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(text)
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// A port that was free a moment ago.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Server {
    /// Starts it and waits until it answers.
    pub(crate) fn start(binary: &Path, data: &Path, address: SocketAddr, variables: &[(&str, &str)]) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg("serve").arg("--data").arg(data).arg("--listen").arg(address.to_string());
        command.env("SCRIP_RATE_LIMIT", "off").env("SCRIP_LOG", env::var("SCRIP_LOG").unwrap_or("error".to_owned()));
        command.envs(variables.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().with_context(|| format!("{} does not start", binary.display()))?;
        let mut server = Self { child, address };
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            if get(address, "/healthz").is_ok_and(|(status, _)| status == 200) {
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended at its start: {status}");
            }
            ensure!(Instant::now() < patience, "the server does not answer at {address}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        ensure!(Command::new("kill").args(["-TERM", &pid]).status()?.success(), "kill -TERM {pid} failed");
        let status = self.child.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Resident memory in KiB, now and at most: `VmRSS` and `VmHWM`.
    pub(crate) fn memory_kib(&self) -> Result<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such field")?;
            Ok(line.trim_matches(|c: char| !c.is_ascii_digit()).parse()?)
        };
        Ok((field("VmRSS:")?, field("VmHWM:")?))
    }

    /// One number of `GET /metrics`.
    pub(crate) fn metric(&self, name: &str) -> Result<u64> {
        let (_, text) = get(self.address, "/metrics")?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(line.with_context(|| format!("no metric {name}"))?.trim().parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Only after an error of the example itself: nothing is left behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// One request on a connection of its own.
pub(crate) fn get(address: SocketAddr, path: &str) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let status = text.split(' ').nth(1).context("no status")?.parse()?;
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((status, body.to_owned()))
}

/// A new owner, made by the operator's command: account id and secret key. `place`: the flags that say which ledger.
pub(crate) fn new_owner(binary: &Path, place: &[&str], email: &str) -> Result<(String, String)> {
    let made = run(binary, &[&["owner", "create", "--email", email], place].concat())?;
    let answer: Value = serde_json::from_str(&made)?;
    let text = |name: &str| answer[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {answer}"));
    Ok((text("account")?, text("secret_key")?))
}

/// A random number generator that a seed repeats (SplitMix64).
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}
