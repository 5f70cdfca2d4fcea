//! What a transaction is made of. The item nearly all have (one unit, at the entry's amount) costs a number in its entry.

use rusqlite::{Connection, OptionalExtension, params};
use scrip::Credits;

use super::{batch::Batch, columns::Amount, error::Fault};
use crate::store::Item;

/// `entries.item` of an entry whose items lie in their own table.
const IN_TABLE: i64 = 0;

/// What `entries.item` shall say. `None`: the entry has no items.
pub(super) fn reference(batch: &Batch<'_>, items: &[Item], amount: Credits) -> Result<Option<i64>, Fault> {
    match items {
        [] => Ok(None),
        [item] if is_plain(item, amount) => name(batch, item).map(Some),
        _ => Ok(Some(IN_TABLE)),
    }
}

fn is_plain(item: &Item, amount: Credits) -> bool {
    item.amount == amount
        && item.credits == amount
        && item.quantity == "1"
        && item.per == "1"
        && item.valid_from.is_none()
}

/// Writes the items of an entry that need rows of their own.
pub(super) fn write(batch: &Batch<'_>, entry: i64, reference: Option<i64>, items: &[Item]) -> Result<(), Fault> {
    if reference != Some(IN_TABLE) {
        return Ok(());
    }
    for (place, item) in (0_i64..).zip(items) {
        let name = name(batch, item)?;
        batch
            .conn
            .prepare_cached(
                "INSERT INTO items (entry, place, name, quantity, credits, per, amount, valid_from)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                entry,
                place,
                name,
                item.quantity,
                Amount(item.credits),
                item.per,
                Amount(item.amount),
                item.valid_from,
            ])?;
    }
    Ok(())
}

fn name(batch: &Batch<'_>, item: &Item) -> Result<i64, Fault> {
    let values = params![item.model, item.supplier, item.unit];
    let known = batch
        .conn
        .prepare_cached("SELECT id FROM item_names WHERE model = ?1 AND supplier = ?2 AND unit = ?3")?
        .query_row(values, |row| row.get(0))
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    batch.conn.prepare_cached("INSERT INTO item_names (model, supplier, unit) VALUES (?1, ?2, ?3)")?.execute(values)?;
    Ok(batch.conn.last_insert_rowid())
}

/// The items of an entry.
pub(super) fn read(
    conn: &Connection,
    entry: i64,
    reference: Option<i64>,
    amount: Credits,
) -> rusqlite::Result<Vec<Item>> {
    match reference {
        None => Ok(Vec::new()),
        Some(IN_TABLE) => conn
            .prepare_cached(
                "SELECT n.model, n.supplier, n.unit, i.quantity, i.credits, i.per, i.amount, i.valid_from
                 FROM items i JOIN item_names n ON n.id = i.name WHERE i.entry = ?1 ORDER BY i.place",
            )?
            .query_map([entry], |row| {
                Ok(Item {
                    model: row.get(0)?,
                    supplier: row.get(1)?,
                    unit: row.get(2)?,
                    quantity: row.get(3)?,
                    credits: row.get::<_, Amount>(4)?.0,
                    per: row.get(5)?,
                    amount: row.get::<_, Amount>(6)?.0,
                    valid_from: row.get(7)?,
                })
            })?
            .collect(),
        Some(name) => conn.prepare_cached("SELECT model, supplier, unit FROM item_names WHERE id = ?1")?.query_row(
            [name],
            |row| {
                Ok(vec![Item {
                    model: row.get(0)?,
                    supplier: row.get(1)?,
                    unit: row.get(2)?,
                    quantity: "1".to_owned(),
                    credits: amount,
                    per: "1".to_owned(),
                    amount,
                    valid_from: None,
                }])
            },
        ),
    }
}
