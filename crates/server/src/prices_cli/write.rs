//! A book as a file: the built-in one's shape, a row a line, so that a change of a price is a change of one line.

use scrip::PriceBook;

/// The whole book as text.
///
/// # Errors
/// Never in practice: everything in a book can be written.
pub fn text(book: &PriceBook) -> serde_json::Result<String> {
    let rows: Vec<String> =
        book.rows().iter().map(|row| serde_json::to_string(&row.to_value())).collect::<Result<_, _>>()?;
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
    Ok(format!("{{\"version\":1,\"models\":[{rows}]}}\n"))
}
