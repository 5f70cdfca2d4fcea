//! The models: any OpenAI-compatible endpoint, streamed.

mod sse;

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde_json::json;

pub use sse::{Parser, Piece, Usage};

use crate::config::Settings;

/// Words beyond this end the answer.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Why the provider gave no answer, for the log and, in plain words, for the visitor.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Failure {
    /// It cannot be reached.
    #[error("the model's provider cannot be reached")]
    Unreachable,
    /// It answered with an error status.
    #[error("the model's provider refused the request")]
    Status(u16),
    /// Nothing came for too long.
    #[error("the model's provider fell silent")]
    Silent,
    /// The stream ended in the middle.
    #[error("the model's provider broke the answer off")]
    BrokenOff,
    /// It sent an error object inside its answer.
    #[error("the model's provider reported an error")]
    Reported,
    /// What it sent is no answer.
    #[error("the model's provider sent something that is no answer")]
    Garbage,
    /// It sent too much.
    #[error("the model's provider sent too much")]
    TooLong,
    /// It ended well and said nothing.
    #[error("the model gave an empty answer")]
    Empty,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// The provider's name of the model.
    pub model: String,
    /// The filled prompt.
    pub prompt: String,
    /// The longest answer.
    pub max_output_tokens: u32,
}

/// An endpoint.
#[derive(Clone, Debug)]
pub struct Provider {
    client: reqwest::Client,
    url: String,
    key: Option<String>,
    timeout: Duration,
}

impl Provider {
    /// From the operator's settings.
    ///
    /// # Errors
    /// When the base URL is none, or TLS cannot be set up.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        // A second call finds the first one's provider installed, which is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = settings.openai_base_url.trim_end_matches('/');
        let parsed = url::Url::parse(base);
        anyhow::ensure!(
            parsed.is_ok_and(|url| matches!(url.scheme(), "http" | "https")),
            "OPENAI_BASE_URL is no http address: {base}"
        );
        let client = reqwest::Client::builder()
            .connect_timeout(settings.provider_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            url: format!("{base}/chat/completions"),
            key: settings.openai_api_key.clone().filter(|key| !key.is_empty()),
            timeout: settings.provider_timeout,
        })
    }

    /// Asks; the answer's pieces come one by one.
    ///
    /// # Errors
    /// When there is no answer at all.
    pub async fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        let body = json!({
            "model": question.model,
            "messages": [{"role": "user", "content": question.prompt}],
            "max_tokens": question.max_output_tokens,
            "stream": true,
            "stream_options": {"include_usage": true},
        });
        let mut request = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .body(body.to_string());
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let response = tokio::time::timeout(self.timeout, request.send()).await.map_err(|_| Failure::Silent)?;
        let response = response.map_err(|error| {
            tracing::warn!(error = %error.without_url(), "the provider cannot be reached");
            Failure::Unreachable
        })?;
        let status = response.status();
        if !status.is_success() {
            tracing::warn!(status = status.as_u16(), "the provider refused");
            return Err(Failure::Status(status.as_u16()));
        }
        Ok(Answer {
            bytes: Box::pin(response.bytes_stream()),
            timeout: self.timeout,
            parser: Parser::default(),
            ready: VecDeque::new(),
            received: 0,
            over: false,
        })
    }
}

/// An answer that is coming.
pub struct Answer {
    bytes: std::pin::Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    timeout: Duration,
    parser: Parser,
    ready: VecDeque<Piece>,
    received: usize,
    over: bool,
}

impl Answer {
    /// The next piece; `None` after a proper end.
    ///
    /// # Errors
    /// When the answer breaks off, in whatever way.
    pub async fn next(&mut self) -> Result<Option<Piece>, Failure> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            if self.over {
                return Ok(None);
            }
            let chunk = tokio::time::timeout(self.timeout, self.bytes.next()).await.map_err(|_| Failure::Silent)?;
            match chunk {
                Some(Ok(bytes)) => {
                    self.received = self.received.saturating_add(bytes.len());
                    if self.received > MAX_ANSWER_BYTES {
                        return Err(Failure::TooLong);
                    }
                    self.parser.push(&bytes, &mut self.ready)?;
                    self.over = self.parser.is_done();
                }
                Some(Err(error)) => {
                    tracing::warn!(error = %error.without_url(), "the provider's answer broke");
                    return Err(Failure::BrokenOff);
                }
                None => {
                    self.parser.finish(&mut self.ready)?;
                    self.over = true;
                }
            }
        }
    }
}
