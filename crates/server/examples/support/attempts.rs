//! What clients ask for, each under a key that it repeats until it knows what became of it.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::Random;

const SITE: &str = "https://site.example";
/// Visitors of a round; each presses several times.
const VISITORS: usize = 20;
/// A key whose outcome is not known after that is a failure of its own.
const PATIENCE: Duration = Duration::from_secs(60);

/// Something asked for once.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    what: What,
    bearer: String,
    key: String,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// A run whose answer is one document.
    Run { by_owner: bool },
    /// A run whose words stream in.
    Stream { by_owner: bool },
    /// A debit of one credit.
    Debit,
    /// A hold of five credits of which three are settled.
    Hold,
}

/// What a key came to.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    /// The run, or the transaction.
    pub(crate) id: String,
    /// Whole credits.
    pub(crate) charge: i64,
    pub(crate) replayed: bool,
}

/// A client of one owner.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    secret: String,
    pickaxe: String,
    embed: String,
}

impl Client {
    /// Makes the owner's pickaxe and embed.
    pub(crate) async fn new(address: SocketAddr, secret: String) -> Result<Self> {
        let http = reqwest::Client::builder().timeout(PATIENCE).build()?;
        let base = format!("http://{address}");
        let mut client = Self { http, base, secret, pickaxe: String::new(), embed: String::new() };
        let pickaxe = json!({
            "name": "Poet", "description": "Writes a line", "prompt": "{{topic}}", "model": "openai/gpt-4",
            "fields": [{"name": "topic", "label": "Topic", "kind": "text", "required": true}],
            "max_output_tokens": 100,
        });
        client.pickaxe = client.create("/v1/pickaxes", &pickaxe).await?;
        let embed = json!({"allowed_origins": [SITE], "prompt_runs_per_user": null, "limit_message": "Enough!"});
        client.embed = client.create(&format!("/v1/pickaxes/{}/embeds", client.pickaxe), &embed).await?;
        Ok(client)
    }

    async fn create(&self, path: &str, body: &Value) -> Result<String> {
        let answer = self.post(path, &self.secret, body.to_string()).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status == StatusCode::CREATED, "{path}: {status} {text}");
        let body: Value = serde_json::from_str(&text)?;
        Ok(body["id"].as_str().context("no id")?.to_owned())
    }

    fn post(&self, path: &str, bearer: &str, body: String) -> reqwest::RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(bearer).body(body);
        request.header("content-type", "application/json").header("origin", SITE)
    }

    /// A document of the owner's.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        let answer = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.secret).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status == StatusCode::OK, "{path}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// What a round asks for.
    pub(crate) async fn attempts(&self, count: usize, random: &mut Random) -> Result<Vec<Attempt>> {
        let mut visitors = Vec::with_capacity(VISITORS);
        for _ in 0..VISITORS {
            let path = format!("{}/v1/embeds/{}/visits", self.base, self.embed);
            let request = self.http.post(path).header("origin", SITE).header("content-type", "application/json");
            let visit: Value = serde_json::from_str(&request.body("{}").send().await?.text().await?)?;
            visitors.push(visit["token"].as_str().with_context(|| format!("no token: {visit}"))?.to_owned());
        }
        let attempt = |place: usize| {
            let what = match random.below(10) {
                0 => What::Run { by_owner: true },
                1 => What::Stream { by_owner: true },
                2..=4 => What::Run { by_owner: false },
                5..=7 => What::Stream { by_owner: false },
                8 => What::Debit,
                _ => What::Hold,
            };
            let visitor = matches!(what, What::Run { by_owner: false } | What::Stream { by_owner: false });
            let bearer = if visitor { &visitors[place % VISITORS] } else { &self.secret };
            Attempt { what, bearer: bearer.clone(), key: uuid::Uuid::now_v7().to_string() }
        };
        Ok((0..count).map(attempt).collect())
    }

    /// Asks once; nothing, when no outcome came back.
    pub(crate) async fn once(self, attempt: Attempt) -> Option<Acknowledged> {
        self.ask(&attempt).await.ok().flatten()
    }

    /// Asks until the outcome is known.
    pub(crate) async fn until_known(self, attempt: Attempt) -> Result<Acknowledged> {
        let begin = Instant::now();
        loop {
            match self.ask(&attempt).await {
                Ok(Some(known)) => return Ok(known),
                Ok(None) if begin.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(50)).await,
                Ok(None) => bail!("{attempt:?} has no outcome"),
                Err(error) => return Err(error.context(format!("{attempt:?}"))),
            }
        }
    }

    /// `None`: not known, or nothing was charged and the key may be used again.
    async fn ask(&self, attempt: &Attempt) -> Result<Option<Acknowledged>> {
        match attempt.what {
            What::Debit => self.transact("/v1/debits", attempt, "{}", "amount").await,
            What::Hold => self.hold(attempt).await,
            What::Run { by_owner } => {
                let body = self.run_body(by_owner);
                let request = self.post("/v1/runs", &attempt.bearer, body).header("accept", "application/json");
                self.document(request, attempt, "charge").await
            }
            What::Stream { by_owner } => self.stream(attempt, self.run_body(by_owner)).await,
        }
    }

    fn run_body(&self, by_owner: bool) -> String {
        let mut body = json!({"fields": {"topic": "rain"}});
        if by_owner {
            body["pickaxe"] = json!(self.pickaxe);
        }
        body.to_string()
    }

    async fn hold(&self, attempt: &Attempt) -> Result<Option<Acknowledged>> {
        let Some(hold) = self.transact("/v1/holds", attempt, r#"{"amount":"5","expires_in":3600}"#, "amount").await?
        else {
            return Ok(None);
        };
        self.transact(&format!("/v1/holds/{}/settle", hold.id), attempt, r#"{"amount":"3"}"#, "amount").await
    }

    async fn transact(&self, path: &str, attempt: &Attempt, body: &str, charge: &str) -> Result<Option<Acknowledged>> {
        self.document(self.post(path, &attempt.bearer, body.to_owned()), attempt, charge).await
    }

    async fn document(
        &self,
        request: reqwest::RequestBuilder,
        attempt: &Attempt,
        charge: &str,
    ) -> Result<Option<Acknowledged>> {
        let Ok(answer) = request.header("idempotency-key", &attempt.key).send().await else { return Ok(None) };
        let (status, replayed) = (answer.status(), replayed(&answer));
        let Ok(text) = answer.text().await else { return Ok(None) };
        if may_repeat(status) {
            return Ok(None);
        }
        ensure!(status.is_success(), "{status} {text}");
        acknowledged(&serde_json::from_str(&text)?, charge, replayed).map(Some)
    }

    async fn stream(&self, attempt: &Attempt, body: String) -> Result<Option<Acknowledged>> {
        let request = self.post("/v1/runs", &attempt.bearer, body).header("accept", "text/event-stream");
        let Ok(answer) = request.header("idempotency-key", &attempt.key).send().await else { return Ok(None) };
        let (status, replayed) = (answer.status(), replayed(&answer));
        // A stream that breaks off has told what it has told.
        let Ok(text) = answer.text().await else { return Ok(None) };
        if may_repeat(status) {
            return Ok(None);
        }
        ensure!(status.is_success(), "{status} {text}");
        let event = |name: &str| {
            let block = text.split("\n\n").find(|block| block.contains(&format!("event: {name}\n")))?;
            block.lines().find_map(|line| line.strip_prefix("data:"))
        };
        match event("done") {
            Some(done) => acknowledged(&serde_json::from_str(done)?, "charge", replayed).map(Some),
            None => Ok(None),
        }
    }
}

fn replayed(answer: &reqwest::Response) -> bool {
    answer.headers().get("idempotency-replayed").is_some_and(|value| value == "true")
}

/// Under way, overloaded, or the provider's failure: nothing was charged that is not known.
fn may_repeat(status: StatusCode) -> bool {
    status == StatusCode::CONFLICT || status == StatusCode::BAD_GATEWAY || status == StatusCode::SERVICE_UNAVAILABLE
}

fn acknowledged(body: &Value, charge: &str, replayed: bool) -> Result<Acknowledged> {
    let text = |name: &str| body[name].as_str().with_context(|| format!("no {name}: {body}"));
    Ok(Acknowledged { id: text("id")?.to_owned(), charge: text(charge)?.parse()?, replayed })
}
