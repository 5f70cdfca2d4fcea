//! The Wasm half of the toolchain: a compiler with the target, wasm-bindgen of the locked version, wasm-pack.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::cargo_tools::Tool;
use super::{apt, lock, log};
use crate::paths;
use crate::run::{Cmd, step};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const LINKED: &str = "scrip-wasm";
/// rust-web-llvm brings `rust-lld`, the linker of this target; it is only recommended by rustc-web.
const DEBIAN: [&str; 7] =
    ["rustc-web", "cargo-web", "rust-web-src", "lld-22", "rust-web-llvm", "rust-web-clippy", "rustfmt-web"];
const BUILD_STD: &str = include_str!("wasm-std.sh");

/// What a Wasm build needs around it.
pub(crate) struct Wasm {
    /// `None`: the toolchain that runs us has the target.
    toolchain: Option<&'static str>,
    bins: Vec<PathBuf>,
    bindgen_version: String,
}

impl Wasm {
    /// A command with the toolchain, the tools and reproducible paths around it. The toolchain is chosen by environment alone: a
    /// rust-toolchain.toml that names targets would make rustup download on every call.
    pub(crate) fn command(&self, program: &str, more_bins: &[PathBuf]) -> Result<Cmd> {
        self.command_with(program, more_bins, "")
    }

    /// The same with more flags for the compiler.
    pub(crate) fn command_with(&self, program: &str, more_bins: &[PathBuf], more_flags: &str) -> Result<Cmd> {
        let bins: Vec<PathBuf> = self.bins.iter().chain(more_bins).cloned().collect();
        let home = std::env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
        // Panic messages name source files: no path of this machine may travel to a visitor's browser.
        let mut flags = format!("{more_flags} --remap-path-prefix={}=scrip", paths::root().display());
        if let Some(home) = home {
            flags.push_str(&format!(" --remap-path-prefix={}=cargo", home.display()));
        }
        let command = Cmd::new(program)
            .env("PATH", paths::path_with(&bins)?)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
            .env_remove("RUSTFLAGS")
            // `cargo run` points this at the native toolchain's libraries.
            .env_remove("LD_LIBRARY_PATH");
        Ok(match self.toolchain {
            Some(toolchain) => command.env("RUSTUP_TOOLCHAIN", toolchain),
            None => command,
        })
    }

    pub(crate) fn cargo(&self) -> Result<Cmd> {
        self.command("cargo", &[])
    }
}

impl fmt::Display for Wasm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let toolchain =
            self.toolchain.map_or("the default toolchain has the target", |_| "Debian's compiler with our std");
        write!(f, "{toolchain}; wasm-bindgen {}, wasm-pack {}", self.bindgen_version, WASM_PACK.version)
    }
}

const WASM_PACK: Tool<'static> = Tool { name: "wasm-pack", version: "0.15.1", locked: true, about: "about a minute" };

pub(crate) fn ensure() -> Result<Wasm> {
    let toolchain = toolchain()?;
    let bindgen_version = bindgen_version()?;
    // With its own lock file this one does not build.
    let bindgen = Tool { name: "wasm-bindgen-cli", version: &bindgen_version, locked: false, about: "about a minute" };
    let bins = vec![bindgen.ensure()?, WASM_PACK.ensure()?];
    Ok(Wasm { toolchain, bins, bindgen_version })
}

/// The tool and the crate must be of one version: the workspace's lock file decides.
fn bindgen_version() -> Result<String> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock"))?;
    let entry = lock.split("[[package]]").find(|entry| entry.contains("\nname = \"wasm-bindgen\"\n"));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)).and_then(|rest| rest.split('"').next());
    Ok(version.context("Cargo.lock names no wasm-bindgen")?.to_owned())
}

/// The target is there → use it; Debian's is built → use it; rustup can fetch it → use it; Debian → build it.
fn toolchain() -> Result<Option<&'static str>> {
    let forced_debian = std::env::var("SCRIP_WASM_TOOLCHAIN").is_ok_and(|choice| choice == "debian");
    if !forced_debian && has_target() {
        return Ok(None);
    }
    let sysroot = paths::tools()?.join("rust-wasm");
    if debian_std_is_linked(&sysroot) {
        return Ok(Some(LINKED));
    }
    if !forced_debian && rustup_adds_target() && has_target() {
        return Ok(None);
    }
    build_debian_std(&sysroot).with_context(|| {
        format!("the Rust target {TARGET} cannot be had: `rustup target add {TARGET}` did not work, and neither did Debian's packages")
    })?;
    Ok(Some(LINKED))
}

fn has_target() -> bool {
    let libraries = Cmd::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    libraries.is_ok_and(|dir| {
        let mut files = fs::read_dir(dir.trim()).into_iter().flatten().flatten();
        files.any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

fn rustup_adds_target() -> bool {
    let added = step(&format!("rustup target add {TARGET}"), || {
        Cmd::new("rustup")
            .args(["target", "add", TARGET])
            .env("RUSTUP_MAX_RETRIES", "0")
            .timeout(Duration::from_secs(120))
            .logged(&log("rustup")?)
    });
    if let Err(error) = &added {
        println!("  … rustup cannot fetch it; trying Debian's packages ({})", first_line(error));
    }
    added.is_ok()
}

fn first_line(error: &anyhow::Error) -> String {
    error.root_cause().to_string().lines().next().unwrap_or_default().to_owned()
}

/// True when the std was built by the compiler that is installed now, and rustup knows it.
fn debian_std_is_linked(sysroot: &Path) -> bool {
    let compiler = Cmd::new("/usr/bin/rustc").arg("-vV").env_remove("LD_LIBRARY_PATH").output();
    let linked =
        Cmd::new("rustup").args(["run", LINKED, "rustc", "--print", "sysroot"]).env_remove("LD_LIBRARY_PATH").output();
    match (compiler, fs::read_to_string(sysroot.join(".stamp")), linked) {
        (Ok(compiler), Ok(stamp), Ok(linked)) => {
            let id: String = crate::hash::text(&compiler).chars().take(16).collect();
            stamp.contains(&id) && Path::new(linked.trim()) == sysroot
        }
        _ => false,
    }
}

fn build_debian_std(sysroot: &Path) -> Result<()> {
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64"))) {
        bail!("install by hand: rustup target add {TARGET}");
    }
    apt::install(&DEBIAN)?;
    let _lock = lock("rust-wasm")?;
    if !debian_std_is_linked(sysroot) {
        step("building the Rust standard library for Wasm (once per machine, one to two minutes)", || {
            let command =
                Cmd::new("bash").args(["-c", BUILD_STD]).env("WASM_TOOLCHAIN", LINKED).env("WASM_SYSROOT", sysroot);
            command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTFLAGS").logged(&log("rust-wasm")?)
        })?;
        // Cargo does not notice a new std (E0463).
        let stale = paths::cargo_target().join(TARGET);
        if stale.exists() {
            fs::remove_dir_all(stale)?;
        }
    }
    Ok(())
}
