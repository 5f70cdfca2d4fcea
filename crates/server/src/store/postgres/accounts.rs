//! Accounts without their numbers, and their keys.

use scrip::{Account, Command, Credits};
use tokio_postgres::{Row, error::SqlState};

use super::{
    Shared,
    batch::BLOCK,
    columns::{Amount, Moment, text},
    error::Fault,
    pool::Connections,
};
use crate::{
    ids::{AccountId, KeyId, TransactionId},
    store::{AccountProfile, Key, NewKey, StoreError, kind::Kind},
};

const NEW_KEY: &str = "INSERT INTO keys (public, account, name, scopes, signing_secret, secret_hash, created_at)
     SELECT $1, id, $3, $4, $5, $6, $7 FROM accounts WHERE public = $2";

/// A new account with its first key. Its first entry is its capacity.
pub(super) async fn create(
    shared: &Shared,
    profile: &AccountProfile,
    capacity: Credits,
    new_key: &NewKey,
) -> Result<(), Fault> {
    let now = shared.now();
    let mut account = Account::new(Credits::ZERO, now);
    let transition = account.apply(Command::SetCapacity { capacity }, now)?;
    let after = account.snapshot();
    let mut client = shared.connections.get().await?;
    let change = client.transaction().await?;
    let account = "INSERT INTO accounts (public, email, password_hash, tariff, plan, packs, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let (packs, created_at) = (profile.packs.join(","), Moment(profile.created_at));
    let row = change
        .query_one(
            account,
            &[
                &profile.id,
                &text(&profile.email),
                &profile.password_hash,
                &profile.tariff,
                &profile.plan,
                &packs,
                &created_at,
            ],
        )
        .await
        .map_err(|error| match error.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => StoreError::EmailTaken.into(),
            _ => Fault::from(error),
        })?;
    let number: i64 = row.try_get(0)?;
    let balance = "INSERT INTO balances (account, capacity, spent, prepaid, held_allowance, held_prepaid, clock)
                   VALUES ($1, $2, 0, 0, 0, 0, $3)";
    change.execute(balance, &[&number, &Amount(after.capacity), &Moment(after.clock)]).await?;
    let entry =
        "INSERT INTO entries (id, public, account, kind, at, allowance, prepaid, capacity, spent, prepaid_after,
                 held_allowance, held_prepaid) SELECT nextval('numbers') * $1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0";
    let (public, at) = (TransactionId::generate(), Moment(transition.at));
    let (allowance, prepaid) = (Amount(transition.legs.allowance), Amount(transition.legs.prepaid));
    let values: super::pool::Values<'_> =
        &[&BLOCK, &public, &number, &Kind::Open, &at, &allowance, &prepaid, &Amount(after.capacity)];
    change.execute(entry, values).await?;
    let key = &new_key.key;
    let (scopes, secret_hash, at) = (key.scopes.join(","), new_key.secret_hash.as_slice(), Moment(key.created_at));
    change
        .execute(NEW_KEY, &[&key.id, &key.account, &text(&key.name), &scopes, &key.signing_secret, &secret_hash, &at])
        .await?;
    change.commit().await?;
    shared.passed(now);
    Ok(())
}

macro_rules! profiles {
    ($rest:literal) => {
        concat!("SELECT public, email, password_hash, tariff, plan, packs, created_at FROM accounts ", $rest)
    };
}

fn profile(row: &Row) -> Result<AccountProfile, Fault> {
    Ok(AccountProfile {
        id: row.try_get(0)?,
        email: row.try_get(1)?,
        password_hash: row.try_get(2)?,
        tariff: row.try_get(3)?,
        plan: row.try_get(4)?,
        packs: list(row.try_get(5)?),
        created_at: row.try_get::<_, Moment>(6)?.0,
    })
}

fn list(text: &str) -> Vec<String> {
    text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// An account's profile.
pub(super) async fn by_id(connections: &Connections, id: AccountId) -> Result<AccountProfile, Fault> {
    let row = connections.query_opt(profiles!("WHERE public = $1"), &[&id]).await?;
    profile(&row.ok_or(StoreError::NotFound)?)
}

/// The account with this address.
pub(super) async fn by_email(connections: &Connections, email: &str) -> Result<AccountProfile, Fault> {
    let row = connections.query_opt(profiles!("WHERE lower(email) = lower($1)"), &[&text(email)]).await?;
    profile(&row.ok_or(StoreError::NotFound)?)
}

/// Every account, oldest first.
pub(super) async fn all(connections: &Connections) -> Result<Vec<AccountProfile>, Fault> {
    connections.query(profiles!("ORDER BY id"), &[]).await?.iter().map(profile).collect()
}

/// One more key.
pub(super) async fn create_key(connections: &Connections, NewKey { key, secret_hash }: &NewKey) -> Result<(), Fault> {
    let (scopes, secret_hash, at) = (key.scopes.join(","), secret_hash.as_slice(), Moment(key.created_at));
    let values: super::pool::Values<'_> =
        &[&key.id, &key.account, &text(&key.name), &scopes, &key.signing_secret, &secret_hash, &at];
    match connections.execute(NEW_KEY, values).await? {
        0 => Err(StoreError::NotFound.into()),
        _ => Ok(()),
    }
}

/// One key less.
pub(super) async fn delete_key(connections: &Connections, account: AccountId, id: KeyId) -> Result<(), Fault> {
    let delete = "DELETE FROM keys WHERE public = $1 AND account = (SELECT id FROM accounts WHERE public = $2)";
    match connections.execute(delete, &[&id, &account]).await? {
        0 => Err(StoreError::NotFound.into()),
        _ => Ok(()),
    }
}

macro_rules! keys {
    ($rest:literal) => {
        concat!(
            "SELECT k.public, a.public, k.name, k.scopes, k.signing_secret, k.created_at
             FROM keys k JOIN accounts a ON a.id = k.account ",
            $rest
        )
    };
}

fn key(row: &Row) -> Result<Key, Fault> {
    Ok(Key {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        name: row.try_get(2)?,
        scopes: list(row.try_get(3)?),
        signing_secret: row.try_get(4)?,
        created_at: row.try_get::<_, Moment>(5)?.0,
    })
}

/// The key whose secret has this hash.
pub(super) async fn key_by_secret(connections: &Connections, secret_hash: &[u8; 32]) -> Result<Key, Fault> {
    let row = connections.query_opt(keys!("WHERE k.secret_hash = $1"), &[&secret_hash.as_slice()]).await?;
    key(&row.ok_or(StoreError::NotFound)?)
}

/// A key by its public id.
pub(super) async fn key_by_id(connections: &Connections, id: KeyId) -> Result<Key, Fault> {
    let row = connections.query_opt(keys!("WHERE k.public = $1"), &[&id]).await?;
    key(&row.ok_or(StoreError::NotFound)?)
}

/// An account's keys, oldest first.
pub(super) async fn keys(connections: &Connections, account: AccountId) -> Result<Vec<Key>, Fault> {
    connections.query(keys!("WHERE a.public = $1 ORDER BY k.id"), &[&account]).await?.iter().map(key).collect()
}
