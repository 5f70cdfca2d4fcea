//! `scrip prices`: price books as files.

pub mod check;
pub mod decimal;
pub mod diff;
pub mod document;
pub mod genai_prices;
pub mod import;
pub mod litellm;
pub mod tokenizers;
pub mod write;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use scrip::PriceBook;

use document::Place;
use import::Imported;

/// What can be done with price books.
#[derive(Debug, Subcommand)]
pub enum Prices {
    /// Make a price book of another project's data; says by name what a book cannot say
    Import {
        /// Whose data it is
        #[arg(long, value_enum)]
        from: Source,
        /// The data, as that project publishes it
        file: PathBuf,
        /// Where the book goes (else to standard output)
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Only models whose id is like this; `*` stands for anything
        #[arg(long, value_name = "PATTERN", num_args = 1..)]
        only: Vec<String>,
        /// Which release it is, for the rows' `source`: "genai-prices 0.1.8 of 2026-09-23"
        #[arg(long, value_name = "WORDS")]
        source: Option<String>,
    },
    /// Say every fault of a price book, with its code and place; exit code 1 if there is one
    Check {
        /// The book
        file: PathBuf,
    },
    /// What changed from one book to another, sources aside; exit code 1 if anything did, 2 if a book cannot be read
    Diff {
        /// The one
        a: PathBuf,
        /// The other
        b: PathBuf,
    },
}

/// A project that publishes prices.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Source {
    /// prices/data.json of pydantic/genai-prices, slim or not, of any version
    GenaiPrices,
    /// `model_prices_and_context_window_backup.json` of LiteLLM
    Litellm,
}

/// What a command says and how it ends.
struct Said {
    out: String,
    notes: String,
    code: u8,
}

impl Prices {
    /// Does it; notes go to standard error.
    ///
    /// # Errors
    /// One line that says what is wrong.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let said = match self {
            Self::Import { from, file, output, only, source } => import(from, &file, output.as_deref(), &only, source)?,
            Self::Check { file } => check(&file)?,
            Self::Diff { a, b } => diff(&a, &b),
        };
        eprint!("{}", said.notes);
        crate::cli::print_text(&said.out)?;
        Ok(ExitCode::from(said.code))
    }
}

/// Reads another project's data.
///
/// # Errors
/// What is not as that project writes it, with its place.
pub fn read(from: Source, text: &str, source: Option<String>) -> anyhow::Result<Imported> {
    let document = Place::root(text)?;
    match from {
        Source::GenaiPrices => genai_prices::read(&document, source.as_deref().unwrap_or("genai-prices")),
        Source::Litellm => litellm::read(&document, source.as_deref().unwrap_or("LiteLLM")),
    }
}

fn import(
    from: Source,
    file: &Path,
    output: Option<&Path>,
    only: &[String],
    source: Option<String>,
) -> anyhow::Result<Said> {
    let text = contents(file)?;
    let imported = read(from, &text, source).and_then(|imported| imported.only(only));
    let imported = imported.with_context(|| format!("cannot import {}", file.display()))?;
    let book = write::text(&imported.book()?);
    let mut notes = String::new();
    for left_out in &imported.left_out {
        writeln!(notes, "{left_out}")?;
    }
    writeln!(notes, "{}", imported.summary())?;
    let Some(output) = output else { return Ok(Said { out: book, notes, code: 0 }) };
    std::fs::write(output, book).with_context(|| format!("cannot write {}", output.display()))?;
    Ok(Said { out: String::new(), notes, code: 0 })
}

fn check(file: &Path) -> anyhow::Result<Said> {
    let text = contents(file)?;
    let faults = check::faults(&text);
    let mut out = String::new();
    for fault in &faults {
        writeln!(out, "{fault}")?;
    }
    if faults.is_empty() {
        let book = PriceBook::from_json(&text)?;
        let count = |names: &mut dyn Iterator<Item = &String>| names.collect::<BTreeSet<_>>().len();
        let models = count(&mut book.rows().iter().map(|row| &row.id));
        let suppliers = count(&mut book.rows().iter().map(|row| &row.supplier));
        writeln!(out, "{models} models of {suppliers} suppliers in {} rows: a sound price book", book.rows().len())?;
    }
    Ok(Said { out, notes: String::new(), code: u8::from(!faults.is_empty()) })
}

fn diff(one: &Path, other: &Path) -> Said {
    let book = |file: &Path| -> anyhow::Result<PriceBook> {
        PriceBook::from_json(&contents(file)?).with_context(|| format!("{} is no price book", file.display()))
    };
    match book(one).and_then(|one| Ok(diff::differences(&one, &book(other)?))) {
        Ok(lines) => {
            let code = u8::from(!lines.is_empty());
            Said { out: lines.into_iter().map(|line| line + "\n").collect(), notes: String::new(), code }
        }
        Err(error) => Said { out: String::new(), notes: format!("scrip: {error:#}\n"), code: 2 },
    }
}

fn contents(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
