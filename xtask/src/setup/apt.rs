//! Debian packages, where we may install them.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{lock, log};
use crate::paths;
use crate::run::{Cmd, step};

/// Installs what is missing of `packages`; an error says what to do by hand.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !Path::new("/etc/debian_version").exists() || paths::which("apt-get").is_none() {
        bail!("this is not Debian, so `{names}` cannot be installed from here");
    }
    let by_hand = format!("install by hand: apt-get update && apt-get install {names}");
    let sudo = needs_sudo().with_context(|| by_hand.clone())?;
    let _lock = lock("apt")?;
    let apt = |args: &[&str]| {
        let command = if sudo { Cmd::new("sudo").args(["-n", "apt-get"]) } else { Cmd::new("apt-get") };
        // Another apt may be running: wait for its lock instead of failing.
        command.args(["-o", "DPkg::Lock::Timeout=300", "-q"]).args(args).env("DEBIAN_FRONTEND", "noninteractive")
    };
    let install: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].into_iter().chain(missing.iter().copied()).collect();
    step(&format!("apt-get install {names}"), || {
        apt(&["update"]).logged(&log("apt-update")?)?;
        apt(&install).logged(&log("apt-install")?)
    })
    .context(by_hand)
}

fn installed(package: &str) -> bool {
    Cmd::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output()
        .is_ok_and(|status| status.trim() == "installed")
}

fn needs_sudo() -> Result<bool> {
    let root = Cmd::new("id").arg("-u").output()?.trim() == "0";
    if root {
        return Ok(false);
    }
    if paths::which("sudo").is_some() && Cmd::new("sudo").args(["-n", "true"]).output().is_ok() {
        return Ok(true);
    }
    bail!("installing packages needs root or sudo without a password")
}
