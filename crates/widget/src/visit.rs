//! Who the visitor is to the server: a token, renewed with the previous one's name.

use crate::prelude::*;
use scrip::Timestamp;
use wasm_bindgen::JsValue;

use crate::cap::Count;
use crate::error::Problem;
use crate::request::{self, AbortController, Call, Lost};
use crate::storage::Store;
use crate::{browser, clock, js, lock};

const NAME: &str = "visit";

/// A token this close to its end is renewed before it is used.
const MARGIN_MILLIS: i64 = 30_000;

/// A visit as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The token.
    pub(crate) token: String,
    expires_at: Option<Timestamp>,
    /// The server's count, when it was asked just now.
    pub(crate) count: Count,
}

/// Why there is no visit.
#[derive(Debug)]
pub(crate) enum NoVisit {
    /// No reply: try again.
    Lost,
    /// The server refused.
    Refused(Problem),
}

impl From<Lost> for NoVisit {
    fn from(_: Lost) -> Self {
        Self::Lost
    }
}

impl Visit {
    fn read(value: &JsValue) -> Option<Self> {
        Some(Self {
            token: js::text(value, "token")?,
            expires_at: js::time(value, "expires_at"),
            count: Count::default(),
        })
    }

    /// The stored visit, also one that has expired.
    pub(crate) fn stored(store: &Store) -> Option<Self> {
        Self::read(&js::parse(&store.get(NAME)?)?)
    }

    fn is_fresh(&self) -> bool {
        self.expires_at.is_some_and(|at| at.as_millis().saturating_sub(MARGIN_MILLIS) > clock::now().as_millis())
    }
}

/// A visit that may be used: the stored one, or a new one that names it as its predecessor.
///
/// `refused` is a token the server no longer takes. One tab asks at a time, so that a visitor stays one visitor.
pub(crate) async fn current(
    store: &Store,
    url: &str,
    refused: Option<&str>,
    abort: &AbortController,
) -> Result<Visit, NoVisit> {
    let usable = |visit: &Visit| visit.is_fresh() && Some(visit.token.as_str()) != refused;
    if let Some(visit) = Visit::stored(store).filter(usable) {
        return Ok(visit);
    }
    let _guard = lock::hold(&store.key(NAME)).await;
    let previous = Visit::stored(store);
    if let Some(visit) = previous.clone().filter(usable) {
        return Ok(visit);
    }
    let body = match &previous {
        Some(visit) => js::stringify(&js::object(&[("visitor", JsValue::from_str(&visit.token))])),
        None => "{}".into(),
    };
    let response = request::send(Call { url, body: Some(&body), ..Call::default() }, abort).await?;
    if response.status() >= 300 {
        return Err(NoVisit::Refused(request::problem(&response).await));
    }
    let reply = request::json(&response).await?;
    let mut visit = Visit::read(&reply).ok_or(NoVisit::Lost)?;
    visit.count = Count::read(&reply);
    store.set(NAME, &js::stringify(&reply));
    Ok(visit)
}

/// The `cap` claim of a token that the owner's own backend made; it replaces the embed's limit.
pub(crate) fn claimed_cap(token: &str) -> Option<u32> {
    // The cast saturates; a count that large is as good as the largest.
    browser::claimed_cap(token).map(|cap| cap as u32)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_cap_of_an_owners_token_is_read_and_garbage_is_none() {
        // {"emb":"emb_1","cap":7}
        assert_eq!(claimed_cap("e30.eyJlbWIiOiJlbWJfMSIsImNhcCI6N30.x"), Some(7));
        for garbage in ["", "a", "a.b", "a.!!!.c", "e30.e30.x"] {
            assert_eq!(claimed_cap(garbage), None, "{garbage}");
        }
    }

    #[wasm_bindgen_test]
    fn an_expired_visit_is_stored_but_not_fresh() {
        let store = Store::open("scrip-test-visit:".into());
        store.set(NAME, "{\"token\":\"t\",\"expires_at\":\"2020-01-01T00:00:00.000Z\"}");
        let visit = Visit::stored(&store).expect("a visit");
        assert!(!visit.is_fresh());
        assert_eq!(visit.token, "t");
        store.remove(NAME);
    }
}
