//! Short names between a module and its glue.
//!
//! wasm-bindgen names every function that crosses with a hash, once in the module and once in the glue: some 2 KB after compression that
//! only the two of them ever read.

use anyhow::{Context, Result, bail};

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// The module and its glue with every crossing name shortened in both.
pub(super) fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut reader = Reader::new(wasm);
    let mut out = reader.take(8)?.to_vec();
    let mut glue = glue.to_owned();
    while !reader.is_at_end() {
        let id = reader.byte()?;
        let size = reader.number()?;
        let section = reader.take(size)?;
        let section = match id {
            IMPORTS => imports(section, &mut glue).context("imports")?,
            EXPORTS => exports(section, &mut glue).context("exports")?,
            _ => section.to_vec(),
        };
        out.push(id);
        write_number(&mut out, section.len());
        out.extend(section);
    }
    Ok((out, glue))
}

fn imports(section: &[u8], glue: &mut String) -> Result<Vec<u8>> {
    let mut reader = Reader::new(section);
    let count = reader.number()?;
    let mut out = Vec::new();
    write_number(&mut out, count);
    let mut shorts = (0..).map(short);
    for _ in 0..count {
        let (mut module, mut name) = (reader.text()?.to_owned(), reader.text()?.to_owned());
        let (kind, type_index) = (reader.byte()?, reader.number()?);
        if kind != 0 {
            bail!("{name} is no function");
        }
        // What the glue itself offers. A script of the crate's own (`snippets/…`) keeps the names that it exports.
        if module.matches('/').count() < 2 {
            let short = shorts.next().context("names do not end")?;
            *glue = glue.replace(&format!("\"{module}\": "), "\"a\": ");
            *glue = replace_word(glue, "", &name, &short).with_context(|| format!("the glue does not offer {name}"))?;
            (module, name) = ("a".to_owned(), short);
        }
        write_text(&mut out, &module);
        write_text(&mut out, &name);
        out.push(kind);
        write_number(&mut out, type_index);
    }
    Ok(out)
}

fn exports(section: &[u8], glue: &mut String) -> Result<Vec<u8>> {
    let mut reader = Reader::new(section);
    let count = reader.number()?;
    let mut out = Vec::new();
    write_number(&mut out, count);
    for short in (0..count).map(short) {
        let name = reader.text()?.to_owned();
        // An export that the glue never calls is nobody's, but may stay.
        if let Some(replaced) = replace_word(glue, "wasm.", &name, &short) {
            *glue = replaced;
        }
        write_text(&mut out, &short);
        out.push(reader.byte()?);
        write_number(&mut out, reader.number()?);
    }
    Ok(out)
}

/// Every whole word `name` after `before`; nothing when there is none.
fn replace_word(text: &str, before: &str, name: &str, new: &str) -> Option<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let pattern = format!("{before}{name}");
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut found) = (text, false);
    while let Some((head, tail)) = rest.split_once(&pattern) {
        out.push_str(head);
        let whole = !head.ends_with(is_word) && !tail.starts_with(is_word);
        out.push_str(if whole { before } else { &pattern });
        if whole {
            out.push_str(new);
            found = true;
        }
        rest = tail;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// a, b, … z, aa, ab, …
fn short(index: usize) -> String {
    let last = char::from(b'a' + u8::try_from(index % 26).unwrap_or(0));
    if index < 26 { last.to_string() } else { format!("{}{last}", short(index / 26 - 1)) }
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn take(&mut self, size: usize) -> Result<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.saturating_add(size)).context("the module ends too early")?;
        self.at += size;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8> {
        self.take(1)?.first().copied().context("the module ends too early")
    }

    /// LEB128.
    pub(super) fn number(&mut self) -> Result<usize> {
        let (mut value, mut shift) = (0_usize, 0);
        loop {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return Ok(value);
            }
            if shift > 28 {
                bail!("a number is too long");
            }
        }
    }

    pub(super) fn text(&mut self) -> Result<&'a str> {
        let size = self.number()?;
        Ok(std::str::from_utf8(self.take(size)?)?)
    }
}

fn write_number(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_number(out, text.len());
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{replace_word, short};

    #[test]
    fn names_are_counted_in_letters() {
        assert_eq!([0, 25, 26, 27, 701, 702].map(short), ["a", "z", "aa", "ab", "zz", "aaa"]);
    }

    #[test]
    fn only_whole_words_are_replaced() {
        let glue = "__wbg_a: f(), __wbg_ab: g(), wasm.run(); wasm.runs(); wasm.run";
        assert_eq!(
            replace_word(glue, "", "__wbg_a", "x").as_deref(),
            Some("x: f(), __wbg_ab: g(), wasm.run(); wasm.runs(); wasm.run")
        );
        assert_eq!(
            replace_word("wasm.run(); wasm.runs(wasm.run)", "wasm.", "run", "b").as_deref(),
            Some("wasm.b(); wasm.runs(wasm.b)")
        );
        assert_eq!(replace_word("nothing", "wasm.", "run", "b"), None);
    }
}
