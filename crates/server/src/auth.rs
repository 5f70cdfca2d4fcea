//! Who asks: an owner (secret key or console session) or a visitor (token).

use std::marker::PhantomData;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};

use crate::{
    app::AppState,
    crypto,
    embeds::Settings,
    ids::{AccountId, EmbedId, Visitor},
    problem::Problem,
    store::{CapRule, Embed, Key, StoreError},
    tokens::{Claims, Unverified},
};

/// The cookie of the console's session.
pub(crate) const SESSION_COOKIE: &str = "scrip_session";
/// The scope that marks a key as a session; it is never listed.
pub(crate) const SESSION_SCOPE: &str = "session";
/// How long a session lasts.
pub(crate) const SESSION_SECONDS: i64 = 7 * 86_400;

/// What an owner's key must be allowed to do.
pub trait Scope {
    /// Any of these is enough; `admin` always is.
    const ANY_OF: &'static [&'static str];
}

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $list:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;
        impl Scope for $name { const ANY_OF: &'static [&'static str] = &$list; }
    )*};
}

scopes! {
    /// Everything.
    Admin = [];
    /// Debits, holds, refunds.
    Debit = ["debit"];
    /// Reading.
    Read = ["read"];
}

/// An owner whose key has a scope.
#[derive(Debug)]
pub struct Owner<S> {
    /// Whose account.
    pub account: AccountId,
    scope: PhantomData<S>,
}

/// A visitor of an embed.
#[derive(Clone, Debug)]
pub struct VisitorAt {
    /// Who.
    pub visitor: Visitor,
    /// The embed as stored.
    pub embed: Embed,
    /// Its settings.
    pub settings: Settings,
    /// The token's own limit, when it names one.
    pub cap: Option<Option<u32>>,
}

impl VisitorAt {
    /// The limit that counts for this visitor.
    #[must_use]
    pub fn rule(&self) -> CapRule {
        let mut rule = self.settings.rule(self.embed.settings.id, self.visitor.clone());
        if let Some(cap) = self.cap {
            rule.limit = cap;
        }
        rule
    }
}

/// An owner's key with a scope, or a visitor.
#[derive(Debug)]
pub enum Spender<S> {
    /// The owner.
    Owner(Owner<S>),
    /// A visitor; the embed's owner pays.
    Visitor(Box<VisitorAt>),
}

impl<S> Spender<S> {
    /// Who pays.
    #[must_use]
    pub fn account(&self) -> AccountId {
        match self {
            Self::Owner(owner) => owner.account,
            Self::Visitor(at) => at.embed.settings.account,
        }
    }

    /// A visitor reads the embed's own words when the limit is reached.
    #[must_use]
    pub fn explain(&self, problem: Problem) -> Problem {
        match self {
            Self::Visitor(at) => problem.with_limit_message(&at.settings.limit_message),
            Self::Owner(_) => problem,
        }
    }

    /// The visitor's name for the scope of idempotency.
    #[must_use]
    pub fn visitor(&self) -> Option<Visitor> {
        match self {
            Self::Owner(_) => None,
            Self::Visitor(at) => Some(at.visitor.clone()),
        }
    }
}

impl<S: Scope + Send> FromRequestParts<AppState> for Owner<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        if let Some(token) = bearer(&parts.headers)?.filter(|token| !token.starts_with("sk_")) {
            verified(app, token).await?;
            return Err(Problem::Forbidden("a visitor token authorises runs and debits, nothing else"));
        }
        let key = owner_key(app, parts).await?;
        require::<S>(&key)?;
        Ok(Self { account: key.account, scope: PhantomData })
    }
}

impl<S: Scope + Send> FromRequestParts<AppState> for Spender<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        match bearer(&parts.headers)?.filter(|token| !token.starts_with("sk_")) {
            Some(token) => {
                let claims = verified(app, token).await?;
                visitor(app, claims, &parts.headers).await.map(|at| Self::Visitor(Box::new(at)))
            }
            None => Owner::from_request_parts(parts, app).await.map(Self::Owner),
        }
    }
}

fn require<S: Scope>(key: &Key) -> Result<(), Problem> {
    let enough = |scope: &String| scope == "admin" || S::ANY_OF.contains(&scope.as_str());
    if key.scopes.iter().any(enough) { Ok(()) } else { Err(Problem::Forbidden("the key's scopes do not allow this")) }
}

/// The bearer token; a header of another scheme is refused.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(Some(token.trim()))
        }
        _ => Err(Problem::Unauthorized("expected Authorization: Bearer …")),
    }
}

async fn owner_key(app: &AppState, parts: &Parts) -> Result<Key, Problem> {
    let session = session_secret(&parts.headers);
    let (secret, by_cookie) = match bearer(&parts.headers)? {
        Some(secret) => (secret, false),
        None => (session.ok_or(Problem::Unauthorized("send a secret key or sign in"))?, true),
    };
    let key = match app.store.key_by_secret(crypto::hash(secret)).await {
        Err(StoreError::NotFound) => return Err(Problem::Unauthorized("the key is not known")),
        other => other?,
    };
    if by_cookie {
        let age = app.store.now().as_millis().saturating_sub(key.created_at.as_millis());
        if age > SESSION_SECONDS * 1000 {
            return Err(Problem::Unauthorized("the session has ended; sign in again"));
        }
        check_same_site(app, parts)?;
    }
    Ok(key)
}

/// The session's secret, from its cookie.
pub(crate) fn session_secret(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, secret)| *name == SESSION_COOKIE && secret.starts_with("ses_"))
        .map(|(_, secret)| secret)
}

/// A cookie changes something only when the server's own pages ask.
pub(crate) fn check_same_site(app: &AppState, parts: &Parts) -> Result<(), Problem> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let origin = origin(&parts.headers);
    let own = crate::http::origin_of_server(app, &parts.headers);
    if origin.is_some_and(|origin| origin == own) {
        return Ok(());
    }
    Err(Problem::Forbidden("a session acts from the server's own pages only"))
}

/// The request's Origin.
pub(crate) fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN).and_then(|value| value.to_str().ok())
}

/// The secret that signs a token, when its key fits its embed.
async fn signing_secret(app: &AppState, token: &Unverified<'_>) -> Result<Option<Vec<u8>>, Problem> {
    let Some(id) = token.key else { return Ok(Some(app.visit_key.to_vec())) };
    let key = match app.store.key(id).await {
        Err(StoreError::NotFound) => return Ok(None),
        other => other?,
    };
    let embed = match app.store.embed(token.claims.embed).await {
        Err(StoreError::NotFound) => return Ok(None),
        other => other?,
    };
    if embed.settings.account != key.account || key.scopes.iter().any(|scope| scope == SESSION_SCOPE) {
        return Ok(None);
    }
    app.master_key.open(&id.to_string(), &key.signing_secret).map(Some).map_err(Problem::internal)
}

/// A token's claims when its signature is right, expired or not.
pub(crate) async fn named(app: &AppState, token: &str) -> Result<Option<Claims>, Problem> {
    let Some(token) = Unverified::parse(token) else { return Ok(None) };
    let secret = signing_secret(app, &token).await?;
    Ok(secret.filter(|secret| token.is_signed_by(secret)).map(|_| token.claims))
}

async fn verified(app: &AppState, token: &str) -> Result<Claims, Problem> {
    const REFUSED: Problem =
        Problem::Unauthorized("the visitor token is not valid or has expired; ask for a new visit");
    let unverified = Unverified::parse(token).ok_or(REFUSED)?;
    if !unverified.holds(app.store.now()) {
        return Err(REFUSED);
    }
    named(app, token).await?.ok_or(REFUSED)
}

async fn visitor(app: &AppState, claims: Claims, headers: &HeaderMap) -> Result<VisitorAt, Problem> {
    let (embed, settings) = load_embed(app, claims.embed).await?;
    if origin(headers).is_some_and(|origin| !settings.allows(origin)) {
        return Err(Problem::OriginNotAllowed);
    }
    Ok(VisitorAt { visitor: claims.visitor, embed, settings, cap: claims.cap })
}

/// An embed and its settings.
pub(crate) async fn load_embed(app: &AppState, id: EmbedId) -> Result<(Embed, Settings), Problem> {
    let embed = app.store.embed(id).await?;
    let settings = Settings::stored(&embed.settings.body)?;
    Ok((embed, settings))
}
