//! Where things lie: the clone, its `target/`, and the tools folder that all clones of one machine share.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the clone. `cargo run` names the manifest's folder at run time, so a copied target folder cannot mislead us.
pub(crate) fn root() -> PathBuf {
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// What xtask itself writes: always `target/` of the clone, because the documentation names it.
pub(crate) fn out() -> PathBuf {
    root().join("target")
}

/// Where cargo puts its builds.
pub(crate) fn cargo_target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(out, |dir| root().join(dir))
}

/// The release build of the server.
pub(crate) fn server_binary() -> PathBuf {
    cargo_target().join("release").join(format!("scrip{}", env::consts::EXE_SUFFIX))
}

/// Heavy tools live outside the clone, so that a second clone is quick.
pub(crate) fn tools() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("SCRIP_TOOLS").filter(|dir| !dir.is_empty()) {
        return Ok(PathBuf::from(dir));
    }
    if let Some(data) = env::var_os("XDG_DATA_HOME").filter(|dir| !dir.is_empty()) {
        return Ok(PathBuf::from(data).join("scrip-tools"));
    }
    let home = env::home_dir().context("no home folder: set SCRIP_TOOLS to a folder for the tools")?;
    Ok(home.join(".local/share/scrip-tools"))
}

/// The first program of that name on PATH.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(program)).find(|candidate| candidate.is_file())
}

/// `dir` put before the PATH of this process.
pub(crate) fn path_with(dirs: &[PathBuf]) -> Result<std::ffi::OsString> {
    let own = env::var_os("PATH").unwrap_or_default();
    let all = dirs.iter().cloned().chain(env::split_paths(&own));
    env::join_paths(all).context("a folder on PATH has a character that PATH cannot hold")
}
