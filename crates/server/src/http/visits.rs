//! Visits: a page of an allowed origin gets a token that names its visitor.

use axum::{extract::State, http::HeaderMap};
use scrip::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{extract::Id, json::MaybeJson, reply};
use crate::{
    app::AppState,
    auth,
    ids::{EmbedId, Visitor},
    problem::Problem,
    runs::events::cap_members,
    tokens::{self, Claims, LIFETIME_SECONDS},
    wire::Time,
};

/// The visitor's token of an earlier visit, if the page still has it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitBody {
    #[serde(default)]
    visitor: Option<String>,
}

/// A visit.
#[derive(Serialize, ToSchema)]
pub(super) struct Visit {
    token: String,
    visitor: String,
    expires_at: Time,
    cap: Option<u32>,
    remaining: Option<u32>,
    resets_at: Option<Time>,
}

/// Begin a visit
#[utoipa::path(post, path = "/v1/embeds/{emb}/visits", tag = "For the embed", request_body = VisitBody, responses((status = 201, body = Visit)), security(()))]
pub(super) async fn create(
    State(app): State<AppState>,
    Id(id): Id<EmbedId>,
    headers: HeaderMap,
    body: MaybeJson<VisitBody>,
) -> reply::Result {
    let (_, settings) = auth::load_embed(&app, id).await?;
    if !auth::origin(&headers).is_some_and(|origin| settings.allows(origin)) {
        return Err(Problem::OriginNotAllowed);
    }
    // An expired token still names its visitor; a forged one, or another embed's, names nobody.
    let before = match &body.value.visitor {
        Some(token) => auth::named(&app, token).await?.filter(|claims| claims.embed == id),
        None => None,
    };
    let visitor = before.map_or_else(Visitor::generate, |claims| claims.visitor);
    let expires = app.store.now().as_millis().div_euclid(1000).saturating_add(LIFETIME_SECONDS);
    let expires_at = Timestamp::from_millis(expires.saturating_mul(1000)).map_err(Problem::internal)?;
    let decision = app.store.visitor(&settings.rule(id, visitor.clone())).await?;
    let claims = Claims { embed: id, visitor, expires, cap: None };
    let (remaining, resets_at) = cap_members(Some(decision));
    Ok(reply::created(&Visit {
        token: tokens::mint(&app.visit_key, None, &claims),
        visitor: claims.visitor.as_str().to_owned(),
        expires_at: Time(expires_at),
        cap: decision.limit,
        remaining,
        resets_at,
    }))
}
