//! Pickaxes and embeds: checked documents with versions. A deleted one keeps its row, because entries name it.

use deadpool_postgres::Transaction;
use tokio_postgres::{Row, types::FromSqlOwned};

use super::{
    Shared,
    columns::{Moment, count},
    error::Fault,
    pool::{Connections, Values},
};
use crate::{
    ids::{AccountId, EmbedId, PickaxeId},
    store::{
        Document, Embed, ListQuery, Page, StoreError,
        paging::{cursor, fetch, page},
    },
};

macro_rules! select_pickaxe {
    ($rest:literal) => {
        concat!(
            "SELECT p.public, a.public, p.version, p.body, p.created_at
             FROM pickaxes p JOIN accounts a ON a.id = p.account WHERE p.body IS NOT NULL AND ",
            $rest
        )
    };
}

macro_rules! select_embed {
    ($rest:literal) => {
        concat!(
            "SELECT m.public, a.public, m.version, m.body, m.created_at, p.public FROM embeds m
             JOIN accounts a ON a.id = m.account JOIN pickaxes p ON p.id = m.pickaxe WHERE m.body IS NOT NULL AND ",
            $rest
        )
    };
}

const PICKAXE: &str = select_pickaxe!("p.public = $1");
const EMBED: &str = select_embed!("m.public = $1");

fn document<Id: FromSqlOwned>(row: &Row) -> Result<Document<Id>, Fault> {
    Ok(Document {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        version: count(row.try_get(2)?),
        body: row.try_get(3)?,
        created_at: row.try_get::<_, Moment>(4)?.0,
    })
}

fn embed_row(row: &Row) -> Result<Embed, Fault> {
    Ok(Embed { settings: document(row)?, pickaxe: row.try_get(5)? })
}

fn found(row: Option<Row>) -> Result<Row, Fault> {
    row.ok_or_else(|| StoreError::NotFound.into())
}

/// A pickaxe, whoever asks.
pub(super) async fn pickaxe(connections: &Connections, id: PickaxeId) -> Result<Document<PickaxeId>, Fault> {
    document(&found(connections.query_opt(PICKAXE, &[&id]).await?)?)
}

/// An embed, whoever asks.
pub(super) async fn embed(connections: &Connections, id: EmbedId) -> Result<Embed, Fault> {
    embed_row(&found(connections.query_opt(EMBED, &[&id]).await?)?)
}

/// Whoever changes documents of an account takes its turn with the account's movements.
async fn lock(change: &Transaction<'_>, account: AccountId) -> Result<(), Fault> {
    let lock = "SELECT 1 FROM balances WHERE account = (SELECT id FROM accounts WHERE public = $1) FOR UPDATE";
    found(change.query_opt(lock, &[&account]).await?).map(drop)
}

async fn one(change: &Transaction<'_>, sql: &str, values: Values<'_>) -> Result<Row, Fault> {
    found(change.query_opt(sql, values).await?)
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

/// A new pickaxe.
pub(super) async fn create_pickaxe(
    shared: &Shared,
    account: AccountId,
    id: PickaxeId,
    body: &str,
) -> Result<Document<PickaxeId>, Fault> {
    let create = "INSERT INTO pickaxes (public, account, version, body, created_at)
                  SELECT $1, id, 1, $3, $4 FROM accounts WHERE public = $2";
    shared.connections.execute(create, &[&id, &account, &body, &Moment(shared.now())]).await?;
    pickaxe(&shared.connections, id).await
}

/// Replaces a pickaxe.
pub(super) async fn update_pickaxe(
    connections: &Connections,
    account: AccountId,
    id: PickaxeId,
    expected: Option<u64>,
    body: &str,
) -> Result<Document<PickaxeId>, Fault> {
    let mut client = connections.get().await?;
    let change = client.transaction().await?;
    lock(&change, account).await?;
    check(&document::<PickaxeId>(&one(&change, PICKAXE, &[&id]).await?)?, account, expected)?;
    change.execute("UPDATE pickaxes SET version = version + 1, body = $2 WHERE public = $1", &[&id, &body]).await?;
    let changed = document(&one(&change, PICKAXE, &[&id]).await?)?;
    change.commit().await?;
    Ok(changed)
}

/// Deletes a pickaxe and its embeds.
pub(super) async fn delete_pickaxe(connections: &Connections, account: AccountId, id: PickaxeId) -> Result<(), Fault> {
    let mut client = connections.get().await?;
    let change = client.transaction().await?;
    lock(&change, account).await?;
    check(&document::<PickaxeId>(&one(&change, PICKAXE, &[&id]).await?)?, account, None)?;
    let origins = "DELETE FROM embed_origins o USING embeds m JOIN pickaxes p ON p.id = m.pickaxe
                   WHERE o.embed = m.id AND p.public = $1";
    change.execute(origins, &[&id]).await?;
    let embeds = "UPDATE embeds SET body = NULL WHERE pickaxe = (SELECT id FROM pickaxes WHERE public = $1)";
    change.execute(embeds, &[&id]).await?;
    change.execute("UPDATE pickaxes SET body = NULL WHERE public = $1", &[&id]).await?;
    change.commit().await?;
    Ok(())
}

/// A new embed of an own pickaxe.
pub(super) async fn create_embed(
    shared: &Shared,
    account: AccountId,
    of: PickaxeId,
    id: EmbedId,
    body: &str,
) -> Result<Embed, Fault> {
    let mut client = shared.connections.get().await?;
    let change = client.transaction().await?;
    lock(&change, account).await?;
    check(&document::<PickaxeId>(&one(&change, PICKAXE, &[&of]).await?)?, account, None)?;
    let create = "INSERT INTO embeds (public, account, pickaxe, version, body, created_at)
                  SELECT $1, account, id, 1, $3, $4 FROM pickaxes WHERE public = $2";
    change.execute(create, &[&id, &of, &body, &Moment(shared.now())]).await?;
    write_origins(&change, id, body).await?;
    let created = embed_row(&one(&change, EMBED, &[&id]).await?)?;
    change.commit().await?;
    Ok(created)
}

/// Replaces an embed's settings.
pub(super) async fn update_embed(
    connections: &Connections,
    account: AccountId,
    id: EmbedId,
    expected: Option<u64>,
    body: &str,
) -> Result<Embed, Fault> {
    let mut client = connections.get().await?;
    let change = client.transaction().await?;
    lock(&change, account).await?;
    check(&embed_row(&one(&change, EMBED, &[&id]).await?)?.settings, account, expected)?;
    change.execute("UPDATE embeds SET version = version + 1, body = $2 WHERE public = $1", &[&id, &body]).await?;
    write_origins(&change, id, body).await?;
    let changed = embed_row(&one(&change, EMBED, &[&id]).await?)?;
    change.commit().await?;
    Ok(changed)
}

/// Deletes an embed.
pub(super) async fn delete_embed(connections: &Connections, account: AccountId, id: EmbedId) -> Result<(), Fault> {
    let mut client = connections.get().await?;
    let change = client.transaction().await?;
    lock(&change, account).await?;
    check(&embed_row(&one(&change, EMBED, &[&id]).await?)?.settings, account, None)?;
    change.execute("UPDATE embeds SET body = NULL WHERE public = $1", &[&id]).await?;
    write_origins(&change, id, "{}").await?;
    change.commit().await?;
    Ok(())
}

/// The member of the settings that CORS preflights ask about.
#[derive(serde::Deserialize)]
struct Origins {
    #[serde(default)]
    allowed_origins: Vec<String>,
}

/// Takes the allowed origins out of the settings, for CORS preflights.
async fn write_origins(change: &Transaction<'_>, id: EmbedId, body: &str) -> Result<(), Fault> {
    let origins = serde_json::from_str::<Origins>(body).map(|settings| settings.allowed_origins).unwrap_or_default();
    let delete = "DELETE FROM embed_origins WHERE embed = (SELECT id FROM embeds WHERE public = $1)";
    change.execute(delete, &[&id]).await?;
    let insert = "INSERT INTO embed_origins (origin, embed) SELECT DISTINCT w.origin, m.id
                  FROM embeds m, unnest($2::text[]) w(origin) WHERE m.public = $1";
    change.execute(insert, &[&id, &origins]).await?;
    Ok(())
}

/// Whether any embed allows this origin.
pub(super) async fn origin_is_known(connections: &Connections, origin: &str) -> Result<bool, Fault> {
    let known = "SELECT 1 FROM embed_origins WHERE origin IN ($1, '*') LIMIT 1";
    Ok(connections.query_opt(known, &[&super::columns::text(origin)]).await?.is_some())
}

/// An account's pickaxes.
pub(super) async fn pickaxes(
    connections: &Connections,
    account: AccountId,
    query: &ListQuery,
) -> Result<Page<Document<PickaxeId>>, Fault> {
    let (cursor, rows) = (cursor::<PickaxeId>(query)?, i64::from(fetch(query)));
    let list = select_pickaxe!(
        "a.public = $1 AND ($2::uuid IS NULL OR p.id < (SELECT id FROM pickaxes WHERE public = $2))
         ORDER BY p.id DESC LIMIT $3"
    );
    let rows = connections.query(list, &[&account, &cursor, &rows]).await?;
    let rows = rows.iter().map(document).collect::<Result<Vec<_>, _>>()?;
    Ok(page(rows, query, |document: &Document<PickaxeId>| document.id.to_string()))
}

/// A pickaxe's embeds.
pub(super) async fn embeds(
    connections: &Connections,
    account: AccountId,
    of: PickaxeId,
    query: &ListQuery,
) -> Result<Page<Embed>, Fault> {
    check(&pickaxe(connections, of).await?, account, None)?;
    let (cursor, rows) = (cursor::<EmbedId>(query)?, i64::from(fetch(query)));
    let list = select_embed!(
        "p.public = $1 AND ($2::uuid IS NULL OR m.id < (SELECT id FROM embeds WHERE public = $2))
         ORDER BY m.id DESC LIMIT $3"
    );
    let rows = connections.query(list, &[&of, &cursor, &rows]).await?;
    let rows = rows.iter().map(embed_row).collect::<Result<Vec<_>, _>>()?;
    Ok(page(rows, query, |embed: &Embed| embed.settings.id.to_string()))
}
