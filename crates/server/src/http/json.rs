//! Bodies: JSON that means exactly one thing. Unknown and duplicate members are refused with their place.

use std::fmt;

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, MapAccess, SeqAccess},
};
use serde_json::{Map, Number, Value};
use serde_path_to_error::{Path, Segment};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

const MAX_BODY_BYTES: usize = 1024 * 1024;

/// A checked body, and the hash of its very bytes for idempotency.
pub(crate) struct StrictJson<T> {
    pub(crate) value: T,
    pub(crate) hash: [u8; 32],
}

/// Like [`StrictJson`], for routes where no body at all means `{}`.
pub(crate) struct MaybeJson<T> {
    pub(crate) value: T,
    pub(crate) hash: [u8; 32],
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for StrictJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let typed = is_json(request.headers());
        let bytes = read(request).await?;
        if !typed {
            return Err(Problem::UnsupportedMediaType);
        }
        Ok(Self { value: parse(&bytes)?, hash: Sha256::digest(&bytes).into() })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for MaybeJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let typed = is_json(request.headers());
        let bytes = read(request).await?;
        if !typed && !bytes.is_empty() {
            return Err(Problem::UnsupportedMediaType);
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        Ok(Self { value: parse(text)?, hash: Sha256::digest(&bytes).into() })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

async fn read(request: Request) -> Result<Bytes, Problem> {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: usize| length > MAX_BODY_BYTES) {
        return Err(Problem::PayloadTooLarge);
    }
    axum::body::to_bytes(request.into_body(), MAX_BODY_BYTES).await.map_err(|error| {
        let too_long =
            std::error::Error::source(&error).is_some_and(|cause| cause.to_string().contains("length limit"));
        if too_long { Problem::PayloadTooLarge } else { Problem::Malformed("the body broke off".to_owned()) }
    })
}

/// Reads JSON text strictly.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: Unique = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let inner = error.inner();
        if inner.is_data() {
            Problem::invalid(pointer(error.path(), ""), without_place(inner))
        } else {
            Problem::Malformed(format!("the body is not JSON: {inner}"))
        }
    })?;
    reader.end().map_err(|error| Problem::Malformed(format!("the body is not JSON: {error}")))?;
    // serde would read a list as the members of a struct in their order.
    if !value.0.is_object() {
        return Err(Problem::invalid("", "expected an object"));
    }
    serde_path_to_error::deserialize(value.0).map_err(|error| {
        let detail = error.inner().to_string();
        Problem::invalid(pointer(error.path(), &detail), detail)
    })
}

fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// A JSON pointer to the faulty member; serde names a missing or unknown member only in its message.
fn pointer(path: &Path, detail: &str) -> String {
    let mut pointer = String::new();
    let mut push = |segment: &str| {
        pointer.push('/');
        pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    };
    let mut last = "";
    for segment in path {
        match segment {
            Segment::Seq { index } => push(&index.to_string()),
            Segment::Map { key } => {
                push(key);
                last = key;
            }
            Segment::Enum { variant } => push(variant),
            Segment::Unknown => {}
        }
    }
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| detail.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    if let Some(name) = named.filter(|name| *name != last) {
        push(name);
    }
    pointer
}

/// A JSON value in which no object has a member twice.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> de::Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let Unique(value) = members.next_value()?;
            if map.contains_key(&name) {
                return Err(de::Error::custom(format!("the member `{name}` stands twice")));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(default)]
        #[allow(dead_code)]
        fields: Map<String, Value>,
        #[allow(dead_code)]
        name: String,
    }

    fn faults(text: &str) -> Vec<crate::problem::Fault> {
        match parse::<Body>(text.as_bytes()) {
            Err(Problem::Invalid(faults)) => faults,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn members_that_are_unknown_missing_or_of_another_type_are_pointed_at() {
        assert_eq!(faults(r#"{"name":"a","x":1}"#)[0].pointer, "/x");
        assert_eq!(faults("{}")[0].pointer, "/name");
        assert_eq!(faults(r#"{"name":1}"#)[0].pointer, "/name");
    }

    #[test]
    fn a_member_that_stands_twice_is_refused_however_deep() {
        assert_eq!(faults(r#"{"name":"a","name":"b"}"#)[0].detail, "the member `name` stands twice");
        assert!(faults(r#"{"name":"a","fields":{"t":"1","t":"1"}}"#)[0].pointer.starts_with("/fields"));
    }

    #[test]
    fn text_that_is_no_json_is_malformed() {
        for text in ["", "{", "{}{}", "[1,]", "{\"a\":01}", "nul"] {
            assert!(matches!(parse::<Body>(text.as_bytes()), Err(Problem::Malformed(_))), "{text}");
        }
    }
}
