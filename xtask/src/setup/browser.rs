//! A Chromium and its driver: whatever is there, else Debian's.

use std::env;
use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::paths;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

impl fmt::Display for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.chromium.display(), self.driver.display())
    }
}

pub(crate) fn ensure() -> Result<Browser> {
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    apt::install(&["chromium", "chromium-driver"])
        .context("no Chromium or ChromeDriver on PATH: install both (of one version), or name them by SCRIP_CHROMIUM and SCRIP_CHROMEDRIVER")?;
    find()?.context("Debian's Chromium was installed but is not on PATH")
}

fn find() -> Result<Option<Browser>> {
    let chromium = named("SCRIP_CHROMIUM")?
        .or_else(|| NAMES.iter().find_map(|name| paths::which(name)))
        .or_else(|| Some(PathBuf::from(MAC)).filter(|path| path.is_file()));
    let driver = named("SCRIP_CHROMEDRIVER")?.or_else(|| paths::which("chromedriver"));
    Ok(chromium.zip(driver).map(|(chromium, driver)| Browser { chromium, driver }))
}

fn named(variable: &str) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from) else { return Ok(None) };
    if path.is_file() { Ok(Some(path)) } else { bail!("{variable} names {}, which is no file", path.display()) }
}
