//! A world for each test: a server on a random port, its store in a temporary folder, a provider that does as it is told.

mod cluster;
mod provider;
mod reply;

use std::{path::Path, sync::Arc};

use clap::Parser;
use scrip_server::{
    app::{App, AppState},
    config::Settings,
    crypto::MasterKey,
    ids::ServerId,
    serve,
    store::sqlite::{SqliteOptions, SqliteStore},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub use cluster::Cluster;
pub use provider::Mock;
pub use reply::{Call, events};

pub const SITE: &str = "https://site.example";

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

pub struct World {
    pub base: String,
    pub app: AppState,
    pub client: reqwest::Client,
    pub mock: Mock,
    folder: Arc<tempfile::TempDir>,
    flags: Vec<String>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<anyhow::Result<()>>>,
}

/// An owner with a pickaxe `{{topic}}` and an embed on [`SITE`].
pub struct Shop {
    pub account: String,
    pub key: String,
    pub key_id: String,
    pub signing_secret: String,
    pub pickaxe: String,
    pub embed: String,
}

impl World {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    pub async fn with(flags: &[&str]) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let mock = Mock::start().await;
        Self::open(folder, mock, flags.iter().map(|flag| (*flag).to_owned()).collect()).await
    }

    async fn open(folder: Arc<tempfile::TempDir>, mock: Mock, flags: Vec<String>) -> Self {
        let defaults = ["scrip", "--rate-limit", "off", "--payments", "test", "--provider-timeout", "1"];
        let mut all: Vec<String> = defaults.iter().map(|flag| (*flag).to_owned()).collect();
        all.extend(["--openai-base-url".to_owned(), mock.base.clone(), "--openai-api-key".to_owned(), "pk".to_owned()]);
        let assets = folder.path().join("assets");
        all.extend(["--assets".to_owned(), assets.display().to_string()]);
        // Later flags win over the defaults.
        for pair in flags.chunks(2) {
            if let Some(place) = all.iter().position(|flag| *flag == pair[0]) {
                all[place + 1].clone_from(&pair[1]);
            } else {
                all.extend(pair.iter().cloned());
            }
        }
        let settings = Flags::parse_from(&all).settings;
        let store = SqliteStore::open(folder.path(), &SqliteOptions::default()).unwrap();
        let master = MasterKey::in_folder(folder.path()).unwrap();
        let app = App::new(Arc::new(store), ServerId::generate(), settings, master).unwrap();
        app.store.renew_lease(app.server).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve::run(app.clone(), listener, async {
            let _ = stopped.await;
        }));
        let client = client();
        Self { base, app, client, mock, folder, flags, stop: Some(stop), task: Some(task) }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the server as SIGTERM does and starts another one on the same folder.
    pub async fn restart(mut self) -> Self {
        let (folder, mock, flags) = (self.folder.clone(), self.mock.clone(), self.flags.clone());
        drop(self.stop.take());
        self.task.take().unwrap().await.unwrap().unwrap();
        self.app.store.close().await.unwrap();
        drop(self);
        Self::open(folder, mock, flags).await
    }

    pub fn get(&self, path: &str) -> Call {
        Call::new(self.client.get(format!("{}{path}", self.base)))
    }

    pub fn post(&self, path: &str, body: &Value) -> Call {
        Call::new(self.client.post(format!("{}{path}", self.base))).json(body)
    }

    pub fn put(&self, path: &str, body: &Value) -> Call {
        Call::new(self.client.put(format!("{}{path}", self.base))).json(body)
    }

    pub fn delete(&self, path: &str) -> Call {
        Call::new(self.client.delete(format!("{}{path}", self.base)))
    }

    pub fn raw(&self, method: reqwest::Method, path: &str) -> Call {
        Call::new(self.client.request(method, format!("{}{path}", self.base)))
    }

    pub async fn sign_up(&self, body: Value) -> Value {
        let mut body = body;
        if body.get("email").is_none() {
            body["email"] = json!(format!("{}@example.com", uuid()));
        }
        self.post("/v1/accounts", &body).send().await.expect(201)
    }

    pub async fn shop(&self) -> Shop {
        self.shop_with(json!({}), json!({})).await
    }

    /// `settings` replace members of the embed's.
    pub async fn shop_with(&self, account: Value, settings: Value) -> Shop {
        let made = self.sign_up(account).await;
        let key = made["secret_key"].as_str().unwrap().to_owned();
        let pickaxe = self.post("/v1/pickaxes", &pickaxe()).key(&key).send().await.expect(201);
        let mut body = json!({"allowed_origins": [SITE], "prompt_runs_per_user": null, "limit_message": "Enough!"});
        for (name, value) in settings.as_object().unwrap() {
            body[name] = value.clone();
        }
        let pickaxe = pickaxe["id"].as_str().unwrap().to_owned();
        let embed = self.post(&format!("/v1/pickaxes/{pickaxe}/embeds"), &body).key(&key).send().await.expect(201);
        Shop {
            account: made["account"]["id"].as_str().unwrap().to_owned(),
            key,
            key_id: made["key_id"].as_str().unwrap().to_owned(),
            signing_secret: made["signing_secret"].as_str().unwrap().to_owned(),
            pickaxe,
            embed: embed["id"].as_str().unwrap().to_owned(),
        }
    }

    /// A new visitor's token.
    pub async fn visit(&self, shop: &Shop) -> String {
        let visit = self.post(&format!("/v1/embeds/{}/visits", shop.embed), &json!({})).origin(SITE).send().await;
        visit.expect(201)["token"].as_str().unwrap().to_owned()
    }

    /// A press whose answer is one JSON document.
    pub fn press(&self, token: &str, topic: &str) -> Call {
        self.post("/v1/runs", &json!({"fields": {"topic": topic}})).key(token).idem().accept("application/json")
    }

    pub async fn balance(&self, key: &str) -> Value {
        self.get("/v1/account").key(key).send().await.expect(200)["balance"].clone()
    }

    pub async fn available(&self, key: &str) -> String {
        self.balance(key).await["available"].as_str().unwrap().to_owned()
    }

    pub async fn transactions(&self, key: &str) -> Vec<Value> {
        let page = self.get("/v1/transactions?limit=200").key(key).send().await.expect(200);
        page["data"].as_array().unwrap().clone()
    }

    /// Every invariant of the ledger.
    pub async fn verify(&self) {
        assert_eq!(self.app.store.verify().await.unwrap(), Vec::<String>::new());
    }
}

pub fn pickaxe() -> Value {
    json!({
        "name": "Poet",
        "description": "Writes a line",
        "prompt": "{{topic}}",
        "fields": [{"name": "topic", "label": "Topic", "kind": "textarea", "required": true, "max_length": 200}],
        "model": "openai/gpt-4",
        "max_output_tokens": 100,
    })
}

/// A client that also works where no server of this process has chosen the cryptography.
pub fn client() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}

pub fn uuid() -> String {
    ServerId::generate().to_string()
}
