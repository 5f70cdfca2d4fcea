//! What an operator (or a sign-up) does: make owners and their keys, grant credits, look.

use scrip::Credits;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    crypto::{self, MasterKey},
    ids::{AccountId, KeyId},
    plans,
    problem::Problem,
    store::{AccountProfile, Action, Key, ListQuery, Movement, NewKey, Outcome, Store, Tariff, TransactionKind},
    wire::{Amount, Time},
};

/// Somebody who wants an account.
#[derive(Debug)]
pub struct NewOwner {
    /// Their address.
    pub email: String,
    /// For the console.
    pub password: Option<String>,
    /// How they pay.
    pub tariff: Tariff,
}

/// A new key with its secrets, shown once.
#[derive(Debug)]
pub struct Minted {
    /// Its public id.
    pub id: KeyId,
    /// `sk_…`.
    pub secret_key: String,
    /// What signs visitor tokens.
    pub signing_secret: String,
    /// What is stored of it.
    pub stored: NewKey,
}

/// A new account.
#[derive(Debug)]
pub struct Made {
    /// The account.
    pub profile: AccountProfile,
    /// Its first key.
    pub key: Minted,
}

/// A new key; storing it is the caller's.
///
/// # Errors
/// [`Problem::Internal`] when the machine has no random numbers.
pub fn mint_key(
    store: &dyn Store,
    master: &MasterKey,
    account: AccountId,
    name: &str,
    scopes: Vec<String>,
) -> Result<Minted, Problem> {
    let id = KeyId::generate();
    let make = || {
        let (secret_key, signing_secret) = (crypto::secret("sk")?, crypto::secret("ss")?);
        let sealed = master.seal(&id.to_string(), signing_secret.as_bytes())?;
        anyhow::Ok((secret_key, signing_secret, sealed))
    };
    let (secret_key, signing_secret, sealed) = make().map_err(Problem::internal)?;
    let key = Key { id, account, name: name.to_owned(), scopes, signing_secret: sealed, created_at: store.now() };
    let stored = NewKey { key, secret_hash: crypto::hash(&secret_key) };
    Ok(Minted { id, secret_key, signing_secret, stored })
}

/// Makes an account: 25 credits that each return, or, metered, none.
///
/// # Errors
/// [`Problem::Invalid`] for a bad address or password, [`Problem::EmailTaken`].
pub async fn create_owner(store: &dyn Store, master: &MasterKey, new: NewOwner) -> Result<Made, Problem> {
    let email = checked_email(&new.email)?;
    let password_hash = match new.password {
        Some(password) => Some(crate::passwords::hash(password).await?),
        None => None,
    };
    let profile = AccountProfile {
        id: AccountId::generate(),
        email,
        password_hash,
        tariff: new.tariff,
        plan: "free".to_owned(),
        packs: Vec::new(),
        created_at: store.now(),
    };
    let capacity = match new.tariff {
        Tariff::PromptRun => plans::capacity("free", &[])?,
        Tariff::Metered => Credits::ZERO,
    };
    let key = mint_key(store, master, profile.id, "first key", vec!["admin".to_owned()])?;
    store.create_account(profile.clone(), capacity, key.stored.clone()).await?;
    Ok(Made { profile, key })
}

fn checked_email(text: &str) -> Result<String, Problem> {
    let email = text.trim().to_lowercase();
    let plausible = email.len() <= 254
        && !email.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        && matches!(email.split_once('@'), Some((name, host))
            if !name.is_empty() && name.len() <= 64 && !host.contains('@') && !host.is_empty()
                && !host.starts_with('.') && !host.ends_with('.'));
    if plausible { Ok(email) } else { Err(Problem::invalid("/email", "expected an e-mail address")) }
}

/// What the command line asks of a server that runs, or of a store that it opens itself.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the command line's")]
pub enum Request {
    Create { email: String, password: Option<String>, metered: bool },
    List,
    Show { account: String },
    Grant { account: String, credits: String, note: Option<String> },
    Transactions { account: String, limit: u32 },
    Verify,
}

/// Does it; the answer is JSON, a refusal is a line for a person.
///
/// # Errors
/// What was wrong, in words.
pub async fn perform(store: &dyn Store, master: &MasterKey, request: Request) -> Result<Value, String> {
    attempt(store, master, request).await.map_err(|problem| {
        let document = problem.document();
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
        text("detail").or_else(|| text("title")).unwrap_or_default()
    })
}

async fn attempt(store: &dyn Store, master: &MasterKey, request: Request) -> Result<Value, Problem> {
    match request {
        Request::Create { email, password, metered } => {
            let tariff = if metered { Tariff::Metered } else { Tariff::PromptRun };
            let made = create_owner(store, master, NewOwner { email, password, tariff }).await?;
            Ok(json!({
                "account": made.profile.id,
                "key_id": made.key.id,
                "secret_key": made.key.secret_key,
                "signing_secret": made.key.signing_secret,
            }))
        }
        Request::List => {
            let mut rows = Vec::new();
            for profile in store.accounts().await? {
                let available = Amount(store.balance(profile.id).await?.balance.available);
                rows.push(json!({"account": profile.id, "email": profile.email, "available": available}));
            }
            Ok(json!(rows))
        }
        Request::Show { account } => {
            let id = find(store, &account).await?;
            Ok(json!(crate::http::account_view(store.account(id).await?, store.balance(id).await?)))
        }
        Request::Grant { account, credits, note } => grant(store, find(store, &account).await?, &credits, note).await,
        Request::Transactions { account, limit } => {
            let query = ListQuery { limit: limit.clamp(1, 200), ..ListQuery::default() };
            let page = store.transactions(find(store, &account).await?, query).await?;
            Ok(page.data.into_iter().map(|row| json!(crate::http::transaction_view(row))).collect())
        }
        Request::Verify => Ok(json!(store.verify().await?)),
    }
}

/// An account by its id or its e-mail address.
async fn find(store: &dyn Store, name: &str) -> Result<AccountId, Problem> {
    let none = |_| Problem::NotFound("there is no such account; `scrip owner list` shows all");
    match name.parse() {
        Ok(id) => store.account(id).await.map(|profile| profile.id).map_err(none),
        Err(_) => store.account_by_email(&name.to_lowercase()).await.map(|profile| profile.id).map_err(none),
    }
}

async fn grant(store: &dyn Store, account: AccountId, text: &str, note: Option<String>) -> Result<Value, Problem> {
    let amount: Credits = text.parse().map_err(|error: scrip::Error| Problem::invalid("credits", error.to_string()))?;
    let action = Action::TopUp { kind: TransactionKind::Grant, top_up: None, amount, note };
    match store.submit(Movement { account, idempotency: None, action }).await?.outcome {
        Outcome::Transaction(row) => Ok(json!({
            "transaction": row.id,
            "credits": Amount(row.amount),
            "available": Amount(row.balance.balance.available),
            "created_at": Time(row.created_at),
        })),
        _ => Err(Problem::internal("the store answered something else than a transaction")),
    }
}
