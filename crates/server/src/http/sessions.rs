//! The console's session: a key that lives in a cookie.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{json::StrictJson, reply};
use crate::{
    app::AppState,
    auth::{self, SESSION_COOKIE, SESSION_SCOPE, SESSION_SECONDS},
    crypto,
    ids::KeyId,
    passwords,
    problem::Problem,
    store::{Key, NewKey, StoreError},
    wire::Time,
};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    email: String,
    password: String,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    account: String,
    expires_at: Time,
}

/// Sign in
#[utoipa::path(post, path = "/v1/sessions", tag = "Sessions", request_body = SignIn, responses((status = 201, body = Session)), security(()))]
pub(super) async fn create(State(app): State<AppState>, headers: HeaderMap, body: StrictJson<SignIn>) -> reply::Result {
    const REFUSED: Problem = Problem::Unauthorized("e-mail address and password do not fit");
    let SignIn { email, password } = body.value;
    let profile = match app.store.account_by_email(&email.trim().to_lowercase()).await {
        Err(StoreError::NotFound) => None,
        other => Some(other?),
    };
    let stored = profile.as_ref().and_then(|profile| profile.password_hash.clone());
    let right = passwords::verify(password, stored).await?;
    let profile = profile.filter(|_| right).ok_or(REFUSED)?;

    let secret = crypto::secret("ses").map_err(Problem::internal)?;
    let now = app.store.now();
    let key = Key {
        id: KeyId::generate(),
        account: profile.id,
        name: "console".to_owned(),
        scopes: vec!["admin".to_owned(), SESSION_SCOPE.to_owned()],
        signing_secret: Vec::new(),
        created_at: now,
    };
    app.store.create_key(NewKey { key, secret_hash: crypto::hash(&secret) }).await?;
    let ends = scrip::Timestamp::from_millis(now.as_millis().saturating_add(SESSION_SECONDS * 1000));
    let session = Session { account: profile.id.to_string(), expires_at: Time(ends.unwrap_or(scrip::Timestamp::MAX)) };
    Ok(with_cookie(&app, &headers, reply::created(&session), &secret, SESSION_SECONDS))
}

/// Sign out
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "Sessions", responses((status = 204)))]
pub(super) async fn delete(State(app): State<AppState>, request: Request) -> reply::Result {
    let (parts, _): (Parts, _) = request.into_parts();
    let secret = auth::session_secret(&parts.headers).ok_or(Problem::Unauthorized("there is no session"))?;
    auth::check_same_site(&app, &parts)?;
    match app.store.key_by_secret(crypto::hash(secret)).await {
        Ok(key) => app.store.delete_key(key.account, key.id).await?,
        Err(StoreError::NotFound) => return Err(Problem::Unauthorized("there is no session")),
        Err(error) => return Err(error.into()),
    }
    Ok(with_cookie(&app, &parts.headers, reply::no_content(), "", 0))
}

fn with_cookie(app: &AppState, headers: &HeaderMap, response: Response, secret: &str, seconds: i64) -> Response {
    let secure = if super::origin_of_server(app, headers).starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    reply::with(response, header::SET_COOKIE, &cookie)
}
