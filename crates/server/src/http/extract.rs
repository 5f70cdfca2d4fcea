//! Parts of a request, checked.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::reply;
use crate::{
    app::AppState,
    ids::{AccountId, Visitor},
    problem::Problem,
    store::{Idempotency, ListQuery, Outcome, TransactionKind},
    wire::Time,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The id in a path. Text that is no id names nothing: 404.
pub(super) struct Id<T>(pub(super) T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        const NONE: Problem = Problem::NotFound("there is no such object");
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| NONE)?;
        text.parse().map(Id).map_err(|_| NONE)
    }
}

/// The `Idempotency-Key` of a request that moves credits.
pub(super) struct Key {
    key: String,
    route: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let bad =
            || Problem::Malformed("send an Idempotency-Key header of 1 to 255 visible ASCII characters".to_owned());
        let mut values = parts.headers.get_all(&IDEMPOTENCY_KEY).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return Err(bad()) };
        let key = value.to_str().map_err(|_| bad())?;
        if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(bad());
        }
        Ok(Self { key: key.to_owned(), route: format!("{} {}", parts.method, parts.uri.path()) })
    }
}

impl Key {
    /// With the body's hash and the visitor it is the scope of idempotency.
    pub(super) fn scoped(self, body: [u8; 32], visitor: Option<Visitor>) -> Idempotency {
        Idempotency { key: self.key, route: self.route, visitor, body }
    }
}

/// What was answered before is answered again, even when it would be refused by now (another form, another tariff).
pub(super) async fn recalled(
    app: &AppState,
    account: AccountId,
    request: &Idempotency,
    problem: Problem,
) -> reply::Result<Outcome> {
    app.store.recall(account, request).await?.ok_or(problem)
}

/// The version that `If-Match` names; `None`: any.
pub(super) fn expected_version(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    match value.to_str().unwrap_or_default().trim() {
        "*" => Ok(None),
        tag => {
            let version = tag.strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"')?.parse().ok());
            // A tag that is none of ours names no present version.
            version.map(Some).ok_or(Problem::EditConflict)
        }
    }
}

/// Whether `If-None-Match` names this tag.
pub(super) fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|list| list.split(',')).map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// Query parameters; what is unknown, stands twice or does not fit is a 422 that names it.
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut members = serde_json::Map::new();
        for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if members.insert(name.to_string(), value.into()).is_some() {
                return Err(Problem::invalid(name, "stands twice"));
            }
        }
        let text = serde_json::Value::Object(members).to_string();
        super::json::parse(text.as_bytes()).map(Self).map_err(|problem| match problem {
            Problem::Invalid(mut faults) => {
                faults.iter_mut().for_each(|fault| fault.pointer = fault.pointer.trim_start_matches('/').to_owned());
                Problem::Invalid(faults)
            }
            other => other,
        })
    }
}

/// What listings take.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// 1 to 200; 50 unless it is given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// Only this kind (transactions).
    #[param(value_type = Option<String>)]
    kind: Option<String>,
    /// From this moment, inclusive (transactions).
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// To this moment, exclusive (transactions).
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Time>,
}

impl Listing {
    /// As the store takes it.
    pub(super) fn checked(self) -> Result<ListQuery, Problem> {
        let limit = self.limit.map_or(Some(50), |text| text.parse().ok()).filter(|limit| (1..=200).contains(limit));
        Ok(ListQuery {
            limit: limit.ok_or_else(|| Problem::invalid("limit", "a number from 1 to 200"))?,
            cursor: self.cursor,
            kind: self.kind.as_deref().map(kind).transpose()?,
            from: self.from.map(|time| time.0),
            to: self.to.map(|time| time.0),
        })
    }
}

fn kind(text: &str) -> Result<TransactionKind, Problem> {
    super::transactions::KINDS
        .iter()
        .find(|(_, name)| *name == text)
        .map(|(kind, _)| *kind)
        .ok_or_else(|| Problem::invalid("kind", "run, debit, refund, topup, grant, pipeline or benchmark"))
}
