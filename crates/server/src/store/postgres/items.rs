//! What a transaction is made of, as JSON in its entry. The item nearly all have (one unit, at the entry's amount) is only
//! its three names.

use scrip::Credits;
use serde::{Deserialize, Serialize};

use super::{columns::text, error::Fault};
use crate::store::Item;

/// `["debit","scrip","run"]`, or a list of all items' members in order.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Stored {
    Plain([String; 3]),
    Full(Vec<Row>),
}

/// Model, supplier, unit, quantity, credits, per, amount, valid from; amounts in nano-credits.
type Row = (String, String, String, String, u64, String, u64, Option<String>);

/// What `entries.items` shall say. `None`: the entry has no items.
pub(super) fn write(items: &[Item], amount: Credits) -> Result<Option<String>, Fault> {
    let stored = match items {
        [] => return Ok(None),
        [item] if is_plain(item, amount) => Stored::Plain([text(&item.model), text(&item.supplier), text(&item.unit)]),
        items => Stored::Full(items.iter().map(row).collect()),
    };
    serde_json::to_string(&stored).map(Some).map_err(|_| Fault::damaged("items that are no JSON"))
}

fn is_plain(item: &Item, amount: Credits) -> bool {
    item.amount == amount
        && item.credits == amount
        && item.quantity == "1"
        && item.per == "1"
        && item.valid_from.is_none()
}

fn row(item: &Item) -> Row {
    (
        text(&item.model),
        text(&item.supplier),
        text(&item.unit),
        item.quantity.clone(),
        item.credits.nanos(),
        item.per.clone(),
        item.amount.nanos(),
        item.valid_from.clone(),
    )
}

/// The items of an entry.
pub(super) fn read(stored: Option<&str>, amount: Credits) -> Result<Vec<Item>, Fault> {
    let damaged = || Fault::damaged("an entry's items cannot be read");
    let Some(stored) = stored else { return Ok(Vec::new()) };
    match serde_json::from_str(stored).map_err(|_| damaged())? {
        Stored::Plain([model, supplier, unit]) => Ok(vec![Item {
            model,
            supplier,
            unit,
            quantity: "1".to_owned(),
            credits: amount,
            per: "1".to_owned(),
            amount,
            valid_from: None,
        }]),
        Stored::Full(rows) => rows
            .into_iter()
            .map(|(model, supplier, unit, quantity, credits, per, amount, valid_from)| {
                let credits = Credits::from_nanos(credits)?;
                let amount = Credits::from_nanos(amount)?;
                Ok(Item { model, supplier, unit, quantity, credits, per, amount, valid_from })
            })
            .collect(),
    }
}
