//! Running other programs: shown, timed, and with their last words when they fail.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A program about to be run.
pub(crate) struct Cmd {
    command: Command,
    shown: String,
    timeout: Option<Duration>,
}

impl Cmd {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let shown = Path::new(program.as_ref()).file_name().unwrap_or(program.as_ref()).to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.current_dir(crate::paths::root());
        Self { command, shown, timeout: None }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        let _ = write!(self.shown, " {}", arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(self, args: impl IntoIterator<Item = S>) -> Self {
        args.into_iter().fold(self, Cmd::arg)
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    pub(crate) fn env_remove(mut self, key: &str) -> Self {
        self.command.env_remove(key);
        self
    }

    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// The plain command, for what wants to keep the child.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs in the foreground; fails when the program does.
    pub(crate) fn run(mut self) -> Result<()> {
        let status =
            self.command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{}`", self.shown))?;
        if status.success() { Ok(()) } else { bail!("`{}` failed ({status})", self.shown) }
    }

    /// Runs silently with its output in a file; a failure carries the last lines of it.
    pub(crate) fn logged(mut self, log: &Path) -> Result<()> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        self.command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let status = self.wait()?;
        if status.success() {
            return Ok(());
        }
        let text = fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(25)..).unwrap_or_default().join("\n    ");
        bail!("`{}` failed ({status}):\n    {tail}\n  all of it is in {}", self.shown, log.display())
    }

    /// What the program printed on its standard output.
    pub(crate) fn output(mut self) -> Result<String> {
        let output =
            self.command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{}`", self.shown))?;
        if !output.status.success() {
            bail!("`{}` failed ({}):\n{}", self.shown, output.status, String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs in the foreground and keeps what was printed: for counting tests.
    pub(crate) fn tee(mut self) -> Result<Printed> {
        println!("$ {}", self.shown);
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().with_context(|| format!("cannot start `{}`", self.shown))?;
        let text = Arc::new(Mutex::new(String::new()));
        let streams: [Option<Box<dyn Read + Send>>; 2] =
            [child.stdout.take().map(|out| Box::new(out) as _), child.stderr.take().map(|err| Box::new(err) as _)];
        let readers: Vec<_> =
            streams.into_iter().flatten().map(|stream| copy_lines(stream, Arc::clone(&text))).collect();
        let status = child.wait()?;
        for reader in readers {
            let _ = reader.join();
        }
        let text = text.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Printed { ok: status.success(), text, shown: self.shown })
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        let mut child = self.command.spawn().with_context(|| format!("cannot start `{}`", self.shown))?;
        let Some(limit) = self.timeout else { return Ok(child.wait()?) };
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > limit {
                child.kill()?;
                child.wait()?;
                bail!("`{}` did not end within {} s", self.shown, limit.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// What a program printed, and whether it ended well.
pub(crate) struct Printed {
    pub(crate) ok: bool,
    pub(crate) text: String,
    pub(crate) shown: String,
}

fn copy_lines(stream: Box<dyn Read + Send>, into: Arc<Mutex<String>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(std::result::Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            let mut text = into.lock().unwrap_or_else(PoisonError::into_inner);
            text.push_str(&line);
            text.push('\n');
        }
    })
}

/// Says what begins, does it, says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("  … {what}");
    std::io::stdout().flush()?;
    let start = Instant::now();
    let result = work();
    println!(" {} ({})", if result.is_ok() { "done" } else { "FAILED" }, seconds(start.elapsed()));
    result.with_context(|| what.to_owned())
}

/// A duration as people read it.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 { format!("{} min {:02} s", whole / 60, whole % 60) } else { format!("{:.1} s", time.as_secs_f64()) }
}
