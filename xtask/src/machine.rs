//! What a measurement must say about where and when it was made.

use std::fs;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::run::Cmd;

/// The commit, with a mark when the tree has changes beside it.
pub(crate) fn commit() -> Result<String> {
    let id = Cmd::new("git").args(["rev-parse", "--short=12", "HEAD"]).output()?;
    let changes = Cmd::new("git").args(["status", "--porcelain", "--untracked-files=no"]).output()?;
    Ok(format!("{}{}", id.trim(), if changes.trim().is_empty() { "" } else { " + changes" }))
}

pub(crate) fn now() -> Result<String> {
    Ok(Cmd::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]).output()?.trim().to_owned())
}

pub(crate) fn seconds_since_epoch() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}

/// Processor, cores, memory, system and compiler.
pub(crate) fn describe() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let after_colon = |text: &str, key: &str| {
        text.lines()
            .find(|line| line.starts_with(key))
            .and_then(|line| line.split(':').nth(1))
            .unwrap_or("unknown")
            .trim()
            .to_owned()
    };
    let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = after_colon(&read("/proc/meminfo"), "MemTotal");
    let gigabytes = memory.split(' ').next().and_then(|kilo| kilo.parse::<u64>().ok()).unwrap_or(0) / 1_048_576;
    let compiler = Cmd::new("rustc").arg("--version").output().unwrap_or_default();
    let processor = after_colon(&read("/proc/cpuinfo"), "model name");
    format!("{processor}, {cores} cores, {gigabytes} GiB, {}, {}", std::env::consts::OS, compiler.trim())
}
