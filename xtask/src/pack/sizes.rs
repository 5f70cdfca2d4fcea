//! What a browser downloads, and the sums that decide how soon people can work.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::package::Package;

/// Bytes (1 KB = 1000) after brotli 11: the form stands and can be filled in.
const FORM_USABLE_LIMIT: u64 = 8_000;
/// The rules are there too: the form can be submitted.
const READY_LIMIT: u64 = 40_000;

/// The price book and the estimator: what a cost preview waits for.
const ENGINE_LIMIT: u64 = 40_000;
/// What it was to be.
const ENGINE_TARGET: u64 = 25_000;
const ENGINE_CAUSE: &str = "Machine code, which compresses to less than half of itself at best: the estimator first, then the book's \
    reader, JSON, the live preview, the allowance, collections and text, exact numbers; the book itself is a small part. Away already: \
    serde, JavaScript values, formatting, panic text, futures, reading by characters. Tried without gain: opt-level s, inlining \
    thresholds, more passes of wasm-opt, an allocator that frees nothing.";
/// What exact token counts wait for, on demand.
const VOCABULARY_LIMIT: u64 = 705_000;

/// The package as npm unpacks it, without what is fetched only on demand.
const UNPACKED_LIMIT: u64 = 250_000;
/// Vocabularies, the modules as JavaScript, languages.
const ON_DEMAND: [&str; 4] = ["o200k", "cl100k", "wasm2js", "lang/"];

/// Read first by a page, in this order.
const SHELL: [&str; 2] = ["embed.js", "widget.js"];
const RULES: [&str; 2] = ["widget_bg.js", "widget_bg.wasm"];
const ENGINE: [&str; 2] = ["index.js", "scrip_bg.wasm"];
const VOCABULARY: &str = "o200k_base.bin";

struct Row {
    name: String,
    raw: u64,
    brotli: u64,
}

pub(crate) struct Sizes {
    rows: Vec<Row>,
    sums: Vec<Sum>,
}

/// Bytes that are waited for together.
struct Sum {
    what: &'static str,
    size: u64,
    /// More fails the build.
    limit: u64,
    /// What was promised, and why it is not held, where that is less.
    missed: Option<(u64, String)>,
}

pub(super) fn measure(package: &Package, assets: &Path) -> Result<Sizes> {
    let folder = assets.join("pkg").join(&package.version);
    let mut rows = Vec::new();
    for file in crate::files::below(&folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if [".js", ".wasm", ".bin"].iter().any(|end| name.ends_with(end)) {
            let brotli = fs::metadata(folder.join(format!("{name}.br")))
                .with_context(|| format!("{name} was not compressed"))?;
            rows.push(Row { raw: fs::metadata(&file)?.len(), brotli: brotli.len(), name });
        }
    }
    let shell = with_static_imports(&SHELL, &package.meta)?;
    let mut everything = with_static_imports(&RULES, &package.meta)?;
    everything.extend(shell.iter().cloned());
    let sum =
        |names: &BTreeSet<String>| rows.iter().filter(|row| names.contains(&row.name)).map(|row| row.brotli).sum();
    let engine = with_static_imports(&ENGINE, &package.meta)?;
    let vocabulary = BTreeSet::from([VOCABULARY.to_owned()]);
    let held = |what, size, limit| Sum { what, size, limit, missed: None };
    let sums = vec![
        held("form usable", sum(&shell), FORM_USABLE_LIMIT),
        held("ready to submit", sum(&everything), READY_LIMIT),
        Sum {
            missed: Some((ENGINE_TARGET, ENGINE_CAUSE.to_owned())),
            ..held("engine and built-in book", sum(&engine), ENGINE_LIMIT)
        },
        held("o200k_base vocabulary", sum(&vocabulary), VOCABULARY_LIMIT),
        unpacked(&package.dir)?,
    ];
    Ok(Sizes { rows, sums })
}

fn unpacked(dir: &Path) -> Result<Sum> {
    let mut size = 0;
    for file in crate::files::below(dir)? {
        let name = file.strip_prefix(dir)?.to_string_lossy().into_owned();
        if !ON_DEMAND.iter().any(|part| name.contains(part)) {
            size += fs::metadata(&file)?.len();
        }
    }
    Ok(Sum { what: "package unpacked", size, limit: UNPACKED_LIMIT, missed: None })
}

/// The files and whatever they import before they run; what they import later is not counted.
fn with_static_imports(names: &[&str], meta: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) && name.ends_with(".js") {
            let text = fs::read_to_string(meta.join(format!("{name}.json")))
                .with_context(|| format!("pkg-template has no {name}, which the widget starts with"))?;
            open.extend(static_imports(&serde_json::from_str(&text)?));
        }
    }
    Ok(found)
}

fn static_imports(meta: &Value) -> Vec<String> {
    let outputs = meta.get("outputs").and_then(Value::as_object).into_iter().flat_map(|outputs| outputs.values());
    let imports = outputs.filter_map(|output| output.get("imports").and_then(Value::as_array)).flatten();
    imports
        .filter(|import| import.get("kind").and_then(Value::as_str) == Some("import-statement"))
        .filter_map(|import| import.get("path").and_then(Value::as_str))
        .filter_map(|path| path.rsplit('/').next())
        .map(str::to_owned)
        .collect()
}

impl Sizes {
    /// Size is a test: fails when a sum is over its limit.
    pub(crate) fn check(&self) -> Result<()> {
        for Sum { what, size, limit, .. } in &self.sums {
            if size > limit {
                bail!("{what} takes {size} bytes, the limit is {limit}");
            }
        }
        Ok(())
    }

    /// One JSON object per figure, as `cargo xtask bench` reads them.
    pub(crate) fn figures(&self) -> Vec<Value> {
        let rows = self.rows.iter().map(|row| {
            json!({"group": "size", "name": format!("{} (brotli)", row.name), "value": row.brotli, "unit": "bytes", "bound": null, "met": null})
        });
        let sums = self.sums.iter().map(|Sum { what, size, limit, missed }| {
            let (bound, cause) = missed.as_ref().map_or((*limit, None), |(target, cause)| (*target, Some(cause)));
            json!({"group": "size", "name": what, "value": size, "unit": "bytes", "bound": format!("≤ {bound}"), "met": *size <= bound,
                "cause": cause})
        });
        rows.chain(sums).collect()
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<24} {:>10} {:>10}", "file", "raw", "brotli")?;
        for row in &self.rows {
            writeln!(f, "{:<24} {:>10} {:>10}", row.name, row.raw, row.brotli)?;
        }
        for Sum { what, size, limit, missed } in &self.sums {
            let verdict = if size <= limit { "ok" } else { "TOO MUCH" };
            let aim = missed.as_ref().filter(|(aim, _)| size > aim);
            let aim = aim.map(|(aim, _)| format!(", MISSED: {aim}")).unwrap_or_default();
            writeln!(f, "{what:<24} {:>10} {size:>10}   limit {limit}: {verdict}{aim}", "")?;
        }
        Ok(())
    }
}
