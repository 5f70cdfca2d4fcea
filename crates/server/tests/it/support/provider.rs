use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
};

/// A provider that does what the prompt says.
#[derive(Clone)]
pub struct Mock {
    pub base: String,
    state: Arc<Shared>,
}

struct Shared {
    calls: AtomicUsize,
    gate: Semaphore,
    called: Notify,
    last: std::sync::Mutex<Value>,
}

impl Mock {
    pub async fn start() -> Self {
        let state = Arc::new(Shared {
            calls: AtomicUsize::new(0),
            gate: Semaphore::new(0),
            called: Notify::new(),
            last: std::sync::Mutex::new(Value::Null),
        });
        let router = Router::new().route("/v1/chat/completions", post(answer)).with_state(state.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, state }
    }

    /// How often it was asked.
    pub fn calls(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// What it was asked last.
    pub fn last(&self) -> Value {
        self.state.last.lock().unwrap().clone()
    }

    /// Lets this many waiting answers go on.
    pub fn release(&self, answers: usize) {
        self.state.gate.add_permits(answers);
    }

    /// Waits until it was asked this often.
    pub async fn asked(&self, times: usize) {
        while self.calls() < times {
            let _ = tokio::time::timeout(Duration::from_millis(20), self.state.called.notified()).await;
        }
    }
}

fn words(text: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

fn end() -> String {
    let stop = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    let usage = json!({"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 2}});
    format!("data: {stop}\n\ndata: {usage}\n\ndata: [DONE]\n\n")
}

async fn answer(State(state): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let prompt = body["messages"][0]["content"].as_str().unwrap().to_owned();
    *state.last.lock().unwrap() = body;
    state.calls.fetch_add(1, Ordering::SeqCst);
    state.called.notify_waiters();
    match prompt.as_str() {
        "refuse" => (axum::http::StatusCode::INTERNAL_SERVER_ERROR, "no").into_response(),
        "garbage" => "<html>It works!</html>".into_response(),
        "document" => Json(json!({"choices": [{"message": {"content": "Hello world"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 2}}))
        .into_response(),
        "nothing" => streamed(vec![end()], None, state),
        "silent" => streamed(vec![words("Hello ")], Some(End::Hang), state),
        "cut" => streamed(vec![words("Hello ")], Some(End::Cut), state),
        "reset" => streamed(vec![words("Hello ")], Some(End::Reset), state),
        "error" => {
            streamed(vec![words("Hello "), "data: {\"error\":{\"message\":\"no\"}}\n\n".to_owned()], None, state)
        }
        "wait" => streamed(vec![words("Hello ")], Some(End::Gate), state),
        "mute" => streamed(vec![": thinking\n\n".to_owned()], Some(End::Gate), state),
        _ => streamed(vec![": hi\r\n\r\n".to_owned(), words("Hello "), words("world"), end()], None, state),
    }
}

enum End {
    Hang,
    Cut,
    Reset,
    Gate,
}

fn streamed(parts: Vec<String>, ending: Option<End>, state: Arc<Shared>) -> Response {
    let first = stream::iter(parts.into_iter().map(Ok::<_, std::io::Error>));
    let rest = stream::once(async move {
        match ending {
            Some(End::Hang) => std::future::pending().await,
            Some(End::Reset) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Err(std::io::Error::other("reset"))
            }
            Some(End::Gate) => {
                // Bytes keep coming, so that the time-out does not end it.
                state.gate.acquire().await.unwrap().forget();
                Ok(words("world") + &end())
            }
            Some(End::Cut) | None => Ok(String::new()),
        }
    });
    let body = Body::from_stream(first.chain(rest));
    Response::builder().header("content-type", "text/event-stream").body(body).unwrap()
}
