//! Embeds: settings for their owner, and what a page may know.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{
    accounts::TariffName,
    documents::{self, List, versioned},
    extract::{Id, Listing, Query, expected_version, matches_tag},
    json::StrictJson,
    origin_of_server, pickaxes, reply,
};
use crate::{
    app::AppState,
    auth::{self, Admin, Owner, Read},
    crypto,
    embeds::Settings,
    ids::{EmbedId, PickaxeId},
    pickaxes::{
        Pickaxe,
        fields::{Field, Kind},
    },
    problem::Problem,
    store::Embed,
};

/// An embed's settings as its owner reads them.
#[derive(Serialize, ToSchema)]
pub(super) struct SettingsView {
    id: String,
    pickaxe: String,
    #[serde(flatten)]
    settings: Settings,
    /// Paste this into a page.
    snippet: String,
}

fn view(app: &AppState, headers: &HeaderMap, embed: &Embed) -> reply::Result<SettingsView> {
    let id = embed.settings.id.to_string();
    let server = origin_of_server(app, headers);
    let snippet = format!("<script async src=\"{server}/embed.js\" data-embed=\"{id}\"></script>");
    let settings = Settings::stored(&embed.settings.body)?;
    Ok(SettingsView { id, pickaxe: embed.pickaxe.to_string(), settings, snippet })
}

fn body_of(settings: Settings) -> reply::Result<String> {
    serde_json::to_string(&settings.checked()?).map_err(Problem::internal)
}

fn answer(app: &AppState, headers: &HeaderMap, embed: &Embed, respond: fn(&SettingsView) -> Response) -> reply::Result {
    Ok(versioned(respond(&view(app, headers, embed)?), embed.settings.version))
}

async fn own(app: &AppState, owner: crate::ids::AccountId, id: EmbedId) -> reply::Result<Embed> {
    let embed = app.store.embed(id).await?;
    if embed.settings.account == owner { Ok(embed) } else { Err(Problem::NotFound("there is no such embed")) }
}

/// A pickaxe's embeds
#[utoipa::path(get, path = "/v1/pickaxes/{pkx}/embeds", tag = "Embeds", params(Listing), responses((status = 200, body = List<SettingsView>)))]
pub(super) async fn list(
    State(app): State<AppState>,
    owner: Owner<Read>,
    Id(pickaxe): Id<PickaxeId>,
    headers: HeaderMap,
    Query(listing): Query<Listing>,
) -> reply::Result {
    pickaxes::own(&app, owner.account, pickaxe).await?;
    let query = listing.checked()?;
    let cursor = query.cursor.clone();
    let page = documents::page(app.store.embeds(owner.account, pickaxe, query).await, cursor.as_ref())?;
    let data = page.data.iter().map(|embed| view(&app, &headers, embed)).collect::<reply::Result<_>>()?;
    Ok(reply::ok(&List { data, next_cursor: page.next_cursor }))
}

/// A new embed
#[utoipa::path(post, path = "/v1/pickaxes/{pkx}/embeds", tag = "Embeds", request_body = Settings, responses((status = 201, body = SettingsView)))]
pub(super) async fn create(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    Id(pickaxe): Id<PickaxeId>,
    headers: HeaderMap,
    body: StrictJson<Settings>,
) -> reply::Result {
    pickaxes::own(&app, owner.account, pickaxe).await?;
    let body = body_of(body.value)?;
    let embed = app.store.create_embed(owner.account, pickaxe, EmbedId::generate(), body).await?;
    answer(&app, &headers, &embed, reply::created)
}

/// An embed's settings
#[utoipa::path(get, path = "/v1/embeds/{emb}/settings", tag = "Embeds", responses((status = 200, body = SettingsView)))]
pub(super) async fn show_settings(
    State(app): State<AppState>,
    owner: Owner<Read>,
    Id(id): Id<EmbedId>,
    headers: HeaderMap,
) -> reply::Result {
    answer(&app, &headers, &own(&app, owner.account, id).await?, reply::ok)
}

/// Replace an embed's settings
#[utoipa::path(put, path = "/v1/embeds/{emb}/settings", tag = "Embeds", request_body = Settings, responses((status = 200, body = SettingsView)))]
pub(super) async fn replace_settings(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    Id(id): Id<EmbedId>,
    headers: HeaderMap,
    body: StrictJson<Settings>,
) -> reply::Result {
    own(&app, owner.account, id).await?;
    let body = body_of(body.value)?;
    let embed = app.store.update_embed(owner.account, id, expected_version(&headers)?, body).await?;
    answer(&app, &headers, &embed, reply::ok)
}

/// Delete an embed
#[utoipa::path(delete, path = "/v1/embeds/{emb}/settings", tag = "Embeds", responses((status = 204)))]
pub(super) async fn delete_settings(
    State(app): State<AppState>,
    owner: Owner<Admin>,
    Id(id): Id<EmbedId>,
) -> reply::Result {
    app.store.delete_embed(owner.account, id).await?;
    Ok(reply::no_content())
}

/// A field as a page draws it.
#[derive(Serialize, ToSchema)]
struct FieldView<'a> {
    name: &'a str,
    label: &'a str,
    kind: Kind,
    required: bool,
    placeholder: Option<&'a str>,
    max_length: Option<u32>,
    options: Option<&'a [String]>,
}

impl<'a> From<&'a Field> for FieldView<'a> {
    fn from(field: &'a Field) -> Self {
        Self {
            name: &field.name,
            label: field.label(),
            kind: field.kind,
            required: field.required,
            placeholder: field.placeholder.as_deref(),
            max_length: field.max_length,
            options: field.options.as_deref(),
        }
    }
}

/// A pickaxe without its prompt.
#[derive(Serialize, ToSchema)]
struct Form<'a> {
    id: String,
    name: &'a str,
    description: &'a str,
    fields: Vec<FieldView<'a>>,
    submit_label: &'a str,
}

/// What a page may know of an embed: never the prompt, never a balance.
#[derive(Serialize, ToSchema)]
pub(super) struct PublicEmbed<'a> {
    id: String,
    pickaxe: Form<'a>,
    prompt_runs_per_user: Option<u32>,
    window_seconds: Option<u32>,
    limit_message: &'a str,
    limit_url: Option<&'a str>,
    tariff: TariffName,
    theme: &'a Map<String, Value>,
    locale: &'a str,
}

/// The embed as pages show it
#[utoipa::path(get, path = "/v1/embeds/{emb}", tag = "For the embed", responses((status = 200, body = PublicEmbed), (status = 304)), security(()))]
pub(super) async fn show(State(app): State<AppState>, Id(id): Id<EmbedId>, headers: HeaderMap) -> reply::Result {
    let (embed, settings) = auth::load_embed(&app, id).await?;
    if auth::origin(&headers).is_some_and(|origin| !settings.allows(origin)) {
        return Err(Problem::OriginNotAllowed);
    }
    let pickaxe = Pickaxe::stored(&app.store.pickaxe(embed.pickaxe).await?.body)?;
    let profile = app.store.account(embed.settings.account).await?;
    let public = PublicEmbed {
        id: id.to_string(),
        pickaxe: Form {
            id: embed.pickaxe.to_string(),
            name: &pickaxe.name,
            description: &pickaxe.description,
            fields: pickaxe.fields.iter().map(FieldView::from).collect(),
            submit_label: pickaxe.submit_label(),
        },
        prompt_runs_per_user: settings.prompt_runs_per_user,
        window_seconds: settings.window_seconds,
        limit_message: &settings.limit_message,
        limit_url: settings.limit_url.as_deref(),
        tariff: profile.tariff.into(),
        theme: &settings.theme,
        locale: &settings.locale,
    };
    Ok(cached(&headers, &public))
}

/// With an entity tag of the very bytes; pages may keep it for half a minute.
fn cached(headers: &HeaderMap, body: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let tag = format!("\"{}\"", crypto::to_hex(digest.first_chunk::<16>().map_or(&[][..], <[u8; 16]>::as_slice)));
    let response =
        if matches_tag(headers, &tag) { reply::not_modified() } else { reply::bytes("application/json", bytes) };
    let response = reply::with(response, header::ETAG, &tag);
    reply::with(response, header::CACHE_CONTROL, "public, max-age=30")
}
