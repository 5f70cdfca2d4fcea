use reqwest::{RequestBuilder, header::HeaderMap};
use serde_json::Value;

use super::uuid;

/// A request being put together.
pub struct Call(RequestBuilder);

impl Call {
    pub fn new(request: RequestBuilder) -> Self {
        Self(request)
    }
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }
    pub fn json(self, body: &Value) -> Self {
        Self(self.0.header("content-type", "application/json").body(body.to_string()))
    }
    pub fn text(self, body: &str) -> Self {
        Self(self.0.header("content-type", "application/json").body(body.to_owned()))
    }
    pub fn body(self, body: &str) -> Self {
        Self(self.0.body(body.to_owned()))
    }
    pub fn key(self, key: &str) -> Self {
        Self(self.0.bearer_auth(key))
    }
    pub fn origin(self, origin: &str) -> Self {
        self.header("origin", origin)
    }
    pub fn accept(self, kind: &str) -> Self {
        self.header("accept", kind)
    }
    pub fn idem(self) -> Self {
        let key = uuid();
        self.idem_key(&key)
    }
    pub fn idem_key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }
    pub async fn open(self) -> reqwest::Response {
        self.0.send().await.unwrap()
    }
    pub async fn send(self) -> Reply {
        let response = self.open().await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Reply { status, headers, text }
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }
    /// A problem of this status and code, in the contract's form.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert!(problem["type"].is_string() && problem["title"].is_string());
        problem
    }
    /// A 422 that points at a place.
    #[track_caller]
    pub fn invalid(&self, pointer: &str) -> Value {
        let problem = self.problem(422, "invalid_request");
        let faults = problem["errors"].as_array().unwrap();
        assert!(faults.iter().any(|fault| fault["pointer"] == pointer), "{pointer} is not in {problem}");
        problem
    }
    pub fn replayed(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }
}

/// An event of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
}

/// The events of a stream's text.
pub fn events(text: &str) -> Vec<Event> {
    text.split("\n\n")
        .filter(|block| block.contains("event:"))
        .map(|block| {
            let line = |name: &str| {
                let found = block.lines().find_map(|line| line.strip_prefix(name));
                found.unwrap_or_else(|| panic!("no {name} in {block:?}")).trim().to_owned()
            };
            Event { name: line("event:"), id: line("id:"), data: serde_json::from_str(&line("data:")).unwrap() }
        })
        .collect()
}
