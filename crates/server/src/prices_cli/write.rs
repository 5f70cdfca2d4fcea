//! A book as a file: the built-in one's shape, a row a line, so that a change of a price is a change of one line.

use scrip::PriceBook;

/// The whole book as text.
#[must_use]
pub fn text(book: &PriceBook) -> String {
    let rows: Vec<String> = book.rows().iter().map(scrip::Model::to_json).collect();
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
    format!("{{\"version\":1,\"models\":[{rows}]}}\n")
}
