//! Long-running children: ready when they say so, gone when we are, whatever ends us.

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::run::Cmd;

/// How long a child may take to end by itself after SIGTERM.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Service {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Service {
    /// Starts `cmd` in a process group of its own (a Ctrl-C reaches us alone; we then stop it in order), its output in `log`.
    pub(crate) fn start(name: &'static str, cmd: Cmd, log: &Path) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = cmd.into_command();
        // The pipe to its standard input ends with us, on every system; Linux tells the child as well.
        command.stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file).process_group(0);
        // SAFETY: the hook runs between fork and exec and makes one async-signal-safe system call.
        unsafe { command.pre_exec(end_with_parent) };
        let child = command.spawn().with_context(|| format!("cannot start the {name}"))?;
        Ok(Self { name, child, log: log.to_path_buf() })
    }

    /// Waits until `url` answers 200.
    pub(crate) fn wait_ready(&mut self, url: &str, limit: Duration) -> Result<()> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.exited()? {
                bail!("the {} ended at once ({status}):\n{}", self.name, self.last_words());
            }
            if ureq::get(url).call().is_ok() {
                return Ok(());
            }
            if start.elapsed() > limit {
                bail!("the {} was not ready after {} s:\n{}", self.name, limit.as_secs(), self.last_words());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn exited(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    pub(crate) fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if let Ok(id) = libc::pid_t::try_from(self.child.id()) {
            // SAFETY: a plain system call; the child is ours and not yet waited for, so the id is still its own.
            unsafe { libc::kill(id, libc::SIGTERM) };
        }
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(target_os = "linux")]
fn end_with_parent() -> io::Result<()> {
    // SAFETY: a system call without pointers.
    let done = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM as libc::c_ulong) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(not(target_os = "linux"))]
fn end_with_parent() -> io::Result<()> {
    Ok(())
}

/// A port that nobody uses now.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
