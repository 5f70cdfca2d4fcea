//! Other people's prices: a pinned release, and the book that `scrip prices` makes of it.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::stages;
use crate::paths;
use crate::run::Cmd;
use crate::setup::node;

/// The data of the pinned release of genai-prices, as that project publishes it.
pub(super) fn data() -> Result<PathBuf> {
    // Links tests/node_modules, where the script finds it.
    node::ensure()?;
    let folder = paths::out().join("prices");
    fs::create_dir_all(&folder)?;
    let file = folder.join("genai-prices.json");
    fs::write(&file, Cmd::new("node").arg(paths::root().join("tests/prices/genai-prices.mjs")).output()?)?;
    Ok(file)
}

/// The same as a price book, made by the command that people use.
pub(super) fn imported_book() -> Result<PathBuf> {
    let (server, data) = (stages::build_server()?, data()?);
    let book = data.with_file_name("imported-book.json");
    let import = Cmd::new(server).args(["prices", "import", "--from", "genai-prices"]).arg(data).arg("-o").arg(&book);
    import.logged(&paths::out().join("logs/prices-import.log"))?;
    Ok(book)
}
