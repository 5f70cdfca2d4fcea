//! Pickaxes and embeds: checked documents with versions. A deleted one keeps its row, because entries name it.

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

pub(super) use crate::store::paging::{cursor, fetch, page};

use super::{batch::Batch, columns::Moment, error::Fault};
use crate::{
    ids::{AccountId, EmbedId, PickaxeId, Visitor},
    store::{Document, Embed, ListQuery, Page, StoreError},
};

const PICKAXE: &str = "SELECT p.public, a.public, p.version, p.body, p.created_at
     FROM pickaxes p JOIN accounts a ON a.id = p.account";
const EMBED: &str = "SELECT m.public, a.public, m.version, m.body, m.created_at, p.public
     FROM embeds m JOIN accounts a ON a.id = m.account JOIN pickaxes p ON p.id = m.pickaxe";

fn document<Id: rusqlite::types::FromSql>(row: &Row<'_>) -> rusqlite::Result<Document<Id>> {
    Ok(Document {
        id: row.get(0)?,
        account: row.get(1)?,
        version: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
        body: row.get(3)?,
        created_at: row.get::<_, Moment>(4)?.0,
    })
}

fn embed_row(row: &Row<'_>) -> rusqlite::Result<Embed> {
    Ok(Embed { settings: document(row)?, pickaxe: row.get(5)? })
}

fn one<T>(
    conn: &Connection,
    sql: &str,
    values: impl Params,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<T, Fault> {
    conn.prepare_cached(sql)?.query_row(values, read).optional()?.ok_or_else(|| StoreError::NotFound.into())
}

/// A pickaxe, whoever asks.
pub(super) fn pickaxe(conn: &Connection, id: PickaxeId) -> Result<Document<PickaxeId>, Fault> {
    one(conn, &format!("{PICKAXE} WHERE p.public = ?1 AND p.body IS NOT NULL"), [id], document)
}

/// An embed, whoever asks.
pub(super) fn embed(conn: &Connection, id: EmbedId) -> Result<Embed, Fault> {
    one(conn, &format!("{EMBED} WHERE m.public = ?1 AND m.body IS NOT NULL"), [id], embed_row)
}

/// A new pickaxe.
pub(super) fn create_pickaxe(
    batch: &Batch<'_>,
    account: AccountId,
    id: PickaxeId,
    body: &str,
) -> Result<Document<PickaxeId>, Fault> {
    batch
        .conn
        .prepare_cached(
            "INSERT INTO pickaxes (public, account, version, body, created_at)
             SELECT ?1, id, 1, ?3, ?4 FROM accounts WHERE public = ?2",
        )?
        .execute(params![id, account, body, Moment(batch.now)])?;
    pickaxe(batch.conn, id)
}

/// Replaces a pickaxe.
pub(super) fn update_pickaxe(
    batch: &Batch<'_>,
    account: AccountId,
    id: PickaxeId,
    expected: Option<u64>,
    body: &str,
) -> Result<Document<PickaxeId>, Fault> {
    let current = pickaxe(batch.conn, id)?;
    check(&current, account, expected)?;
    batch
        .conn
        .prepare_cached("UPDATE pickaxes SET version = version + 1, body = ?2 WHERE public = ?1")?
        .execute(params![id, body])?;
    pickaxe(batch.conn, id)
}

/// Deletes a pickaxe and its embeds.
pub(super) fn delete_pickaxe(batch: &Batch<'_>, account: AccountId, id: PickaxeId) -> Result<(), Fault> {
    check(&pickaxe(batch.conn, id)?, account, None)?;
    const EMBEDS: &str = "SELECT m.id FROM embeds m JOIN pickaxes p ON p.id = m.pickaxe WHERE p.public = ?1";
    batch.conn.prepare_cached(&format!("DELETE FROM embed_origins WHERE embed IN ({EMBEDS})"))?.execute([id])?;
    batch.conn.prepare_cached(&format!("UPDATE embeds SET body = NULL WHERE id IN ({EMBEDS})"))?.execute([id])?;
    batch.conn.prepare_cached("UPDATE pickaxes SET body = NULL WHERE public = ?1")?.execute([id])?;
    Ok(())
}

/// A new embed of an own pickaxe.
pub(super) fn create_embed(
    batch: &Batch<'_>,
    account: AccountId,
    of: PickaxeId,
    id: EmbedId,
    body: &str,
) -> Result<Embed, Fault> {
    check(&pickaxe(batch.conn, of)?, account, None)?;
    batch
        .conn
        .prepare_cached(
            "INSERT INTO embeds (public, account, pickaxe, version, body, created_at)
             SELECT ?1, account, id, 1, ?3, ?4 FROM pickaxes WHERE public = ?2",
        )?
        .execute(params![id, of, body, Moment(batch.now)])?;
    write_origins(batch, id, body)?;
    embed(batch.conn, id)
}

/// Replaces an embed's settings.
pub(super) fn update_embed(
    batch: &Batch<'_>,
    account: AccountId,
    id: EmbedId,
    expected: Option<u64>,
    body: &str,
) -> Result<Embed, Fault> {
    check(&embed(batch.conn, id)?.settings, account, expected)?;
    batch
        .conn
        .prepare_cached("UPDATE embeds SET version = version + 1, body = ?2 WHERE public = ?1")?
        .execute(params![id, body])?;
    write_origins(batch, id, body)?;
    embed(batch.conn, id)
}

/// Deletes an embed.
pub(super) fn delete_embed(batch: &Batch<'_>, account: AccountId, id: EmbedId) -> Result<(), Fault> {
    check(&embed(batch.conn, id)?.settings, account, None)?;
    batch.conn.prepare_cached("UPDATE embeds SET body = NULL WHERE public = ?1")?.execute([id])?;
    write_origins(batch, id, "{}")
}

/// Another account's document is none; another version is a conflict.
fn check<Id>(current: &Document<Id>, account: AccountId, expected: Option<u64>) -> Result<(), Fault> {
    if current.account != account {
        return Err(StoreError::NotFound.into());
    }
    match expected {
        Some(expected) if expected != current.version => Err(StoreError::EditConflict.into()),
        _ => Ok(()),
    }
}

/// Takes the allowed origins out of the settings, for CORS preflights.
fn write_origins(batch: &Batch<'_>, id: EmbedId, body: &str) -> Result<(), Fault> {
    batch
        .conn
        .prepare_cached("DELETE FROM embed_origins WHERE embed = (SELECT id FROM embeds WHERE public = ?1)")?
        .execute([id])?;
    batch
        .conn
        .prepare_cached(
            "INSERT OR IGNORE INTO embed_origins (origin, embed)
             SELECT o.value, m.id FROM embeds m, json_each(?2, '$.allowed_origins') o WHERE m.public = ?1",
        )?
        .execute(params![id, body])?;
    Ok(())
}

/// Whether any embed allows this origin.
pub(super) fn origin_is_known(conn: &Connection, origin: &str) -> Result<bool, Fault> {
    Ok(conn.prepare_cached("SELECT 1 FROM embed_origins WHERE origin IN (?1, '*') LIMIT 1")?.exists([origin])?)
}

/// An account's pickaxes.
pub(super) fn pickaxes(
    conn: &Connection,
    account: AccountId,
    query: &ListQuery,
) -> Result<Page<Document<PickaxeId>>, Fault> {
    let cursor = cursor::<PickaxeId>(query)?;
    let sql = format!(
        "{PICKAXE} WHERE a.public = ?1 AND p.body IS NOT NULL
         AND (?2 IS NULL OR p.id < (SELECT id FROM pickaxes WHERE public = ?2)) ORDER BY p.id DESC LIMIT ?3"
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![account, cursor, fetch(query)], document)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(page(rows, query, |document: &Document<PickaxeId>| document.id.to_string()))
}

/// A pickaxe's embeds.
pub(super) fn embeds(
    conn: &Connection,
    account: AccountId,
    of: PickaxeId,
    query: &ListQuery,
) -> Result<Page<Embed>, Fault> {
    check(&pickaxe(conn, of)?, account, None)?;
    let cursor = cursor::<EmbedId>(query)?;
    let sql = format!(
        "{EMBED} WHERE p.public = ?1 AND m.body IS NOT NULL
         AND (?2 IS NULL OR m.id < (SELECT id FROM embeds WHERE public = ?2)) ORDER BY m.id DESC LIMIT ?3"
    );
    let rows = conn
        .prepare_cached(&sql)?
        .query_map(params![of, cursor, fetch(query)], embed_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(page(rows, query, |embed: &Embed| embed.settings.id.to_string()))
}

/// The number of an account's own embed that is not deleted.
pub(super) fn embed_number(conn: &Connection, account: i64, id: EmbedId) -> Result<(i64, EmbedId), Fault> {
    let found = conn
        .prepare_cached("SELECT id FROM embeds WHERE public = ?1 AND account = ?2 AND body IS NOT NULL")?
        .query_row(params![id, account], |row| row.get(0))
        .optional()?;
    found.map(|number| (number, id)).ok_or_else(|| StoreError::NotFound.into())
}

/// The number of a pickaxe that is not deleted.
pub(super) fn pickaxe_number(conn: &Connection, id: PickaxeId) -> Result<i64, Fault> {
    let found = conn
        .prepare_cached("SELECT id FROM pickaxes WHERE public = ?1 AND body IS NOT NULL")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    found.ok_or_else(|| StoreError::NotFound.into())
}

/// An embed and a visitor, by number and as the owner knows them.
type Place = (Option<(i64, EmbedId)>, Option<(i64, Visitor)>);

/// Where a run took place.
pub(super) fn place(conn: &Connection, embed: Option<i64>, visitor: Option<i64>) -> Result<Place, Fault> {
    let embed = match embed {
        None => None,
        Some(number) => {
            let sql = "SELECT public FROM embeds WHERE id = ?1";
            Some((number, conn.prepare_cached(sql)?.query_row([number], |row| row.get(0))?))
        }
    };
    let visitor = match visitor {
        None => None,
        Some(number) => {
            let sql = "SELECT name FROM visitors WHERE id = ?1";
            Some((number, conn.prepare_cached(sql)?.query_row([number], |row| row.get(0))?))
        }
    };
    Ok((embed, visitor))
}
