//! Accounts without their numbers, and their keys.

use rusqlite::{Connection, OptionalExtension, Row, params};
use scrip::{Account, Command, Credits};

use super::{
    batch::Batch,
    columns::{Amount, Kind, Moment},
    entries,
    error::Fault,
};
use crate::{
    ids::{AccountId, KeyId},
    store::{AccountProfile, Key, NewKey, StoreError},
};

/// A new account with its first key. Its first entry is its capacity.
pub(super) fn create(
    batch: &mut Batch<'_>,
    profile: &AccountProfile,
    capacity: Credits,
    key: &NewKey,
) -> Result<(), Fault> {
    let taken = batch.conn.prepare_cached("SELECT 1 FROM accounts WHERE email = ?1")?.exists([&profile.email])?;
    if taken {
        return Err(StoreError::EmailTaken.into());
    }
    batch
        .conn
        .prepare_cached(
            "INSERT INTO accounts (public, email, password_hash, tariff, plan, packs, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            profile.id,
            profile.email,
            profile.password_hash,
            profile.tariff,
            profile.plan,
            profile.packs.join(","),
            Moment(profile.created_at),
        ])?;
    let number = batch.conn.last_insert_rowid();
    let empty = Account::new(Credits::ZERO, batch.now).snapshot();
    batch
        .conn
        .prepare_cached(
            "INSERT INTO balances (account, capacity, spent, prepaid, held_allowance, held_prepaid, clock)
             VALUES (?1, ?2, 0, 0, 0, 0, ?3)",
        )?
        .execute(params![number, Amount(empty.capacity), Moment(empty.clock)])?;
    create_key(batch, key)?;
    let mut moving = batch.take(profile.id)?;
    let transition = moving.apply(batch, Command::SetCapacity { capacity })?;
    entries::write_unseen(batch, &moving, Kind::Open, &transition)?;
    batch.put(moving);
    Ok(())
}

const PROFILE: &str = "SELECT public, email, password_hash, tariff, plan, packs, created_at FROM accounts";

fn profile(row: &Row<'_>) -> rusqlite::Result<AccountProfile> {
    Ok(AccountProfile {
        id: row.get(0)?,
        email: row.get(1)?,
        password_hash: row.get(2)?,
        tariff: row.get(3)?,
        plan: row.get(4)?,
        packs: list(&row.get::<_, String>(5)?),
        created_at: row.get::<_, Moment>(6)?.0,
    })
}

fn list(text: &str) -> Vec<String> {
    text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// An account's profile.
pub(super) fn by_id(conn: &Connection, id: AccountId) -> Result<AccountProfile, Fault> {
    let found = conn.prepare_cached(&format!("{PROFILE} WHERE public = ?1"))?.query_row([id], profile).optional()?;
    found.ok_or_else(|| StoreError::NotFound.into())
}

/// The account with this address.
pub(super) fn by_email(conn: &Connection, email: &str) -> Result<AccountProfile, Fault> {
    let found = conn.prepare_cached(&format!("{PROFILE} WHERE email = ?1"))?.query_row([email], profile).optional()?;
    found.ok_or_else(|| StoreError::NotFound.into())
}

/// Every account, oldest first.
pub(super) fn all(conn: &Connection) -> Result<Vec<AccountProfile>, Fault> {
    let all = conn
        .prepare_cached(&format!("{PROFILE} ORDER BY id"))?
        .query_map([], profile)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(all)
}

/// One more key.
pub(super) fn create_key(batch: &Batch<'_>, NewKey { key, secret_hash }: &NewKey) -> Result<(), Fault> {
    let written = batch
        .conn
        .prepare_cached(
            "INSERT INTO keys (public, account, name, scopes, signing_secret, secret_hash, created_at)
             SELECT ?1, id, ?3, ?4, ?5, ?6, ?7 FROM accounts WHERE public = ?2",
        )?
        .execute(params![
            key.id,
            key.account,
            key.name,
            key.scopes.join(","),
            key.signing_secret,
            secret_hash,
            Moment(key.created_at),
        ])?;
    if written == 0 { Err(StoreError::NotFound.into()) } else { Ok(()) }
}

/// One key less.
pub(super) fn delete_key(batch: &Batch<'_>, account: AccountId, id: KeyId) -> Result<(), Fault> {
    let deleted = batch
        .conn
        .prepare_cached("DELETE FROM keys WHERE public = ?1 AND account = (SELECT id FROM accounts WHERE public = ?2)")?
        .execute(params![id, account])?;
    if deleted == 0 { Err(StoreError::NotFound.into()) } else { Ok(()) }
}

const KEY: &str = "SELECT k.public, a.public, k.name, k.scopes, k.signing_secret, k.created_at
     FROM keys k JOIN accounts a ON a.id = k.account";

fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        id: row.get(0)?,
        account: row.get(1)?,
        name: row.get(2)?,
        scopes: list(&row.get::<_, String>(3)?),
        signing_secret: row.get(4)?,
        created_at: row.get::<_, Moment>(5)?.0,
    })
}

/// The key whose secret has this hash.
pub(super) fn key_by_secret(conn: &Connection, secret_hash: &[u8; 32]) -> Result<Key, Fault> {
    let found =
        conn.prepare_cached(&format!("{KEY} WHERE k.secret_hash = ?1"))?.query_row([secret_hash], key).optional()?;
    found.ok_or_else(|| StoreError::NotFound.into())
}

/// A key by its public id.
pub(super) fn key_by_id(conn: &Connection, id: KeyId) -> Result<Key, Fault> {
    let found = conn.prepare_cached(&format!("{KEY} WHERE k.public = ?1"))?.query_row([id], key).optional()?;
    found.ok_or_else(|| StoreError::NotFound.into())
}

/// An account's keys, oldest first.
pub(super) fn keys(conn: &Connection, account: AccountId) -> Result<Vec<Key>, Fault> {
    let keys = conn
        .prepare_cached(&format!("{KEY} WHERE a.public = ?1 ORDER BY k.id"))?
        .query_map([account], key)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(keys)
}
